"""The one score that a run leads with."""

from core import files, runs
from core.judging.statistics import accuracy
from core.records import JudgedOn, RunScore, TestScore, TrainConfig
from core.runs import refitting
from core.workspace import Workspace
from tests.builders import make_dataset, make_run, write_folds


def test_the_validation_images_carry_it_unless_there_are_folds(ws: Workspace):
    make_dataset(ws)
    run_id = make_run(ws)
    of_eight = accuracy(7, 8, largest_class=4)
    assert runs.get(ws, run_id).score == RunScore(judged_on=JudgedOn.VALIDATION, accuracy=of_eight)

    held_back = write_folds(ws, run_id)

    expected = RunScore(judged_on=JudgedOn.FOLDS, accuracy=held_back.accuracy)
    assert runs.get(ws, run_id).score == expected
    assert runs.summary(ws, run_id).score == expected  # seen at once, though it was read before


def test_a_run_that_learned_from_validation_has_that_of_the_test_part_once_it_is_opened(
    ws: Workspace,
):
    make_dataset(ws)
    parent = runs.get(ws, make_run(ws))
    assert parent.card is not None
    made = make_run(ws, config=refitting.recipe(parent, parent.card))
    assert runs.get(ws, made).score is None
    assert runs.summary(ws, made).score is None

    found = TestScore(test=accuracy(5, 6, largest_class=3), openings=1)
    files.write_record(ws.run(made).test, found)

    expected = RunScore(judged_on=JudgedOn.TEST, accuracy=found.test)
    assert runs.get(ws, made).score == runs.summary(ws, made).score == expected


def test_the_test_part_does_not_replace_another_score(ws: Workspace):
    make_dataset(ws)
    run_id = make_run(ws)

    found = TestScore(test=accuracy(5, 6, largest_class=3), openings=1)
    files.write_record(ws.run(run_id).test, found)

    score = runs.get(ws, run_id).score
    assert score is not None
    assert score.judged_on is JudgedOn.VALIDATION


def test_a_run_without_a_model_has_none(ws: Workspace):
    run_id = make_run(ws, config=TrainConfig(dataset_id="gone"))
    ws.run(run_id).card.unlink()

    assert runs.get(ws, run_id).score is None
