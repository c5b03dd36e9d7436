"""What a command says of a run that has ended, for people and for programs."""

from dataclasses import replace

import pytest

from core import cli, files, runs
from core.cli import following
from core.records import ModelCard, State
from core.runs import refitting
from core.workspace import Workspace
from tests.builders import make_dataset, make_run, write_folds


def test_a_run_that_learned_from_its_validation_images_has_the_score_from_before(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
):
    make_dataset(ws)
    run = runs.get(ws, make_run(ws))
    assert run.card is not None
    made = make_run(ws, config=refitting.recipe(run, run.card))

    assert cli.main(["resume", made, "--workspace", str(ws.root)]) == 0

    said = capsys.readouterr().out
    assert "Before, without them: 88% right (53% to 98%)" in said
    row = following.describe(runs.get(ws, made), "en")
    assert (row["refit_of"], row["validation"]) == (run.id, None)


def test_what_the_validation_images_chose_is_said_beside_the_score(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
):
    make_dataset(ws)
    run_id = make_run(ws)
    path = ws.run(run_id).card
    files.write_record(path, replace(files.read_record(path, ModelCard), picked=("phase",)))

    assert cli.main(["resume", run_id, "--workspace", str(ws.root)]) == 0

    assert "fine-tuned or the head alone; the range allows for that" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("has_model", "said"),
    [(True, "It was stopped, and the model so far is kept."), (False, "so there is no model.")],
)
def test_a_stopped_run_says_so_and_is_not_resumed(ws: Workspace, capsys, has_model: bool, said):
    make_dataset(ws)
    run_id = make_run(ws, state=State.STOPPED)
    if not has_model:
        ws.run(run_id).card.unlink()

    assert cli.main(["resume", run_id, "--workspace", str(ws.root)]) == 0

    heard = capsys.readouterr().out
    assert "nothing is left to resume" in heard
    assert said in heard
    assert ("Validation accuracy: 88% right" in heard) == has_model


def test_five_folds_lead_where_a_run_has_them_here_as_on_its_page(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
):
    make_dataset(ws)
    run_id = make_run(ws)
    write_folds(ws, run_id)

    assert cli.main(["resume", run_id, "--workspace", str(ws.root)]) == 0

    said = capsys.readouterr().out
    assert "Accuracy by five folds: 83% right (64% to 93%)." in said
    assert "It stands on 24 images" in said
    assert "On the validation images alone: 7 of 8 images right" in said
    row = following.describe(runs.get(ws, run_id), "en")
    assert row["validation"]["images"] == 8
    assert (row["score"]["judged_on"], row["score"]["images"]) == ("folds", 24)

    assert cli.main(["runs", "--workspace", str(ws.root)]) == 0
    assert "83% right (64% to 93%), by five folds" in capsys.readouterr().out


def test_what_cannot_be_refitted_is_refused(ws: Workspace, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["refit", "none", "--workspace", str(ws.root)]) == 2
    assert "There is no run called 'none'." in capsys.readouterr().err
