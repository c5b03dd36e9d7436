"""The test part on the page of a run."""

from core import datasets, files
from core.judging.statistics import accuracy
from core.records import TestScore, TrainConfig
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


def captions(app) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_the_closed_test_part_is_offered_with_a_warning(open_page, ws: Workspace):
    dataset = make_dataset(ws)
    run_id = make_run(ws, config=TrainConfig(dataset_id=dataset.id))

    app = open_page("runs", run=run_id)

    assert "Open the test part" in [button.label for button in app.button]
    assert "so far" not in captions(app)
    assert "Test accuracy" not in [metric.label for metric in app.metric]


def test_a_test_score_comes_with_its_interval_and_the_number_of_looks(open_page, ws: Workspace):
    dataset = make_dataset(ws)
    run_id = make_run(ws, config=TrainConfig(dataset_id=dataset.id))
    for _ in range(2):
        datasets.open_test(ws, dataset.id, run_id)
    score = TestScore(test=accuracy(3, 4, largest_class=2), openings=2)
    files.write_record(ws.run(run_id).test, score)

    app = open_page("runs", run=run_id)

    values = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert values["Test accuracy"] == ("75%", "30% to 95%")
    assert "Open the test part" not in [button.label for button in app.button]
    assert "was opened 2 times so far" in captions(app)
