"""The recipe of a run on training and validation images: as long as what was kept, and unjudged."""

from dataclasses import replace
from typing import Any

import pytest

from core import datasets, files, runs
from core.errors import UserError
from core.records import ModelCard, Phase, Run, State, TrainConfig
from core.runs import refitting
from core.workspace import Workspace
from tests.builders import epoch_metrics, make_dataset, make_run

CONFIG = TrainConfig(
    dataset_id="colours-0000",
    epochs=40,
    fine_tune_epochs=15,
    freeze="block_12",
    patience=3,
    batch_size=64,
    schedule="cosine",
    cloned_from="another",
)


def ended(ws: Workspace, config: TrainConfig = CONFIG, **kept: object) -> Run:
    """Make a run whose head took 12 of its epochs, and fine-tuning 4."""
    run_id = make_run(ws, config=config, num_epochs=12)
    for epoch in range(1, 5):
        files.append_record(ws.run(run_id).metrics, epoch_metrics(epoch, Phase.FINE_TUNE))
    path = ws.run(run_id).card
    files.write_record(path, replace(files.read_record(path, ModelCard), **kept))
    return runs.get(ws, run_id)


def recipe(run: Run) -> TrainConfig:
    assert run.card is not None
    return refitting.recipe(run, run.card)


def test_what_was_fine_tuned_learns_as_long_as_it_did(ws: Workspace):
    run = ended(ws, kept_phase="fine_tune", kept_epoch=4)

    assert recipe(run) == replace(
        CONFIG,
        epochs=12,
        fine_tune_epochs=4,
        patience=0,
        cloned_from="",
        train_on="train+validation",
        refit_of=run.id,
    )


def test_where_the_head_alone_was_kept_nothing_is_thawed(ws: Workspace):
    made = recipe(ended(ws, kept_phase="head", kept_epoch=12))

    assert (made.epochs, made.fine_tune_epochs, made.freeze, made.thaws) == (12, 0, "all", False)


@pytest.mark.parametrize(
    ("changes", "tuned", "is_other"),
    [
        ({}, 4, True),  # of 15 epochs, and the head had 12 of 40
        ({"epochs": 12, "fine_tune_epochs": 4}, 4, False),
        ({"schedule": "constant"}, 4, False),  # of any length, the rate is the same
        ({"optimizer": "solve"}, 4, True),
        ({"optimizer": "solve", "fine_tune_epochs": 4}, 4, False),
        ({"epochs": 12}, 0, False),  # the head was kept, which had all its epochs
    ],
)
def test_that_the_rate_falls_sooner_than_in_a_run_that_ended_early_is_said(
    ws: Workspace, changes: dict[str, Any], tuned: int, is_other: bool
):
    kept = {"kept_phase": "fine_tune", "kept_epoch": tuned} if tuned else {"kept_epoch": 12}
    config = replace(CONFIG, **changes)
    run = ended(ws, config, **kept)

    said = refitting.otherwise(run)

    assert ("its learning rate falls sooner" in str(said)) == is_other


def test_a_head_that_was_solved_is_solved_again(ws: Workspace):
    made = recipe(ended(ws, replace(CONFIG, optimizer="solve"), kept_epoch=57))

    assert (made.optimizer, made.epochs) == ("solve", 40)


def test_what_had_to_take_half_the_batch_does_so_again(ws: Workspace):
    run = ended(ws, config=CONFIG, kept_epoch=12)
    assert run.card is not None

    halved = replace(run.card, config=replace(CONFIG, batch_size=32))

    assert refitting.recipe(run, halved).batch_size == 32


def test_it_is_a_run_of_its_own_that_knows_the_other(ws: Workspace):
    make_dataset(ws)
    run = ended(ws)

    made = runs.get(ws, refitting.refit(ws, run.id))

    assert made.state.state is State.QUEUED
    assert refitting.before(ws, made.config) == run
    runs.delete(ws, run.id)
    assert refitting.before(ws, made.config) is None


def test_what_cannot_be_repeated_is_refused_in_words(ws: Workspace):
    dataset = make_dataset(ws)
    unfinished = make_run(ws, state=State.FAILED)
    run = ended(ws)
    again = make_run(ws, config=recipe(run))

    for run_id, sentence in ((unfinished, "has no model"), (again, "has learned from its valid")):
        with pytest.raises(UserError, match=sentence):
            refitting.refit(ws, run_id)
    datasets.delete(ws, dataset.id)
    with pytest.raises(UserError, match="was deleted"):
        refitting.refit(ws, run.id)
