"""The test part on the page of a run."""

from core import datasets, files, words
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
    assert values["Test images"][0] == "4"
    assert "Open the test part" not in [button.label for button in app.button]
    assert "was opened 2 times so far" in captions(app)


def test_once_a_score_was_seen_the_page_no_longer_says_that_no_run_was_chosen(open_page, ws):
    dataset = make_dataset(ws)
    first, second = (make_run(ws, config=TrainConfig(dataset_id=dataset.id)) for _ in range(2))

    def said() -> str:
        return "\n".join(text.value for text in open_page("runs", run=second).markdown)

    assert "none was chosen by them" in said()
    datasets.open_test(ws, dataset.id, first)
    assert "none was chosen by them" not in said()
    assert "a score on them was seen already" in said()


def test_in_chinese_the_images_behind_a_test_score_are_not_called_validation_images():
    assert "验证" not in words.translate("Test images", "zh_CN")
