"""The score of a run is one score, wherever it is told of."""

from core import datasets, files, runs
from core.judging.statistics import accuracy
from core.records import TestScore
from core.runs import refitting
from tests.builders import make_dataset, make_run, write_folds
from tests.pages.test_runs import said
from tests.pages.test_runs_list import select

TOLD = "83% right (64% to 93%), by five folds"


def test_five_folds_lead_on_every_page(open_page, ws):
    make_dataset(ws)
    run_id, other = make_run(ws), make_run(ws)
    for made in (run_id, other):
        write_folds(ws, made)

    row = open_page("home").dataframe[0].value.iloc[0]
    assert (row["accuracy"], row["range"], row["judged_on"]) == (83, "64% to 93%", "five folds")
    listed = open_page("runs")
    row = listed.dataframe[0].value.iloc[0]
    assert (row["accuracy"], row["range"], row["judged_on"]) == (83, "64% to 93%", "five folds")
    assert TOLD in said(select(listed, 0))
    assert TOLD in str(select(open_page("runs"), 0, 1).table[0].value)
    predict = open_page("predict", run=run_id)
    assert TOLD in said(predict)
    assert TOLD in predict.selectbox[0].options[0]
    page = open_page("runs", run=run_id)
    told = {metric.label: metric.value for metric in page.metric}
    assert told["Accuracy by five folds"] == "83%"
    assert told["Images behind it"] == "24"
    assert "20 of 24 images right" in said(page)
    assert "Validation accuracy" not in told


def test_a_run_that_learned_from_validation_is_told_of_by_the_test_part(open_page, ws):
    make_dataset(ws)
    parent = runs.get(ws, make_run(ws))
    write_folds(ws, parent.id)
    assert parent.card is not None
    made = make_run(ws, config=refitting.recipe(parent, parent.card))
    assert "no validation score" in said(open_page("predict", run=made))
    assert f"Before, without them: {TOLD}." in said(open_page("runs", run=made))

    found = TestScore(test=accuracy(5, 6, largest_class=3), openings=1)
    files.write_record(ws.run(made).test, found)

    row = open_page("home").dataframe[0].value.iloc[0]
    assert (row["accuracy"], row["judged_on"]) == (83, "test")
    assert "on the test images" in said(open_page("predict", run=made))
    datasets.delete(ws, parent.config.dataset_id)
    assert not open_page("runs", run=made).exception
