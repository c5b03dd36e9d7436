"""A run that was killed goes on from its last checkpoint, in both phases, to the same bits."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from core import files, runs
from core.engine.loop import checkpoint
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.records import ModelCard, Paired, Phase
from core.workspace import Workspace
from tests.engine import jobs
from tests.engine.jobs import RICH, Killed, kill

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def same(ws: Workspace, one: str, other: str) -> bool:
    """Tell whether two runs came to the same epochs, weights and choice, to the bit."""
    pairs = zip(jobs.values(ws, one), jobs.values(ws, other), strict=True)
    alike = jobs.history(ws, one) == jobs.history(ws, other)
    cards = [files.read_record(ws.run(run_id).card, ModelCard) for run_id in (one, other)]
    first, second = ((c.kept_phase, c.kept_epoch, c.tuned, c.validation) for c in cards)
    strips = [ws.run(run_id).strip.read_text() for run_id in (one, other)]
    assert len(strips[0].splitlines()) == 1 + len(jobs.history(ws, one))
    return (
        alike
        and strips[0] == strips[1]
        and first == second
        and all(np.array_equal(a, b) for a, b in pairs)
    )


def test_a_run_killed_in_each_phase_goes_on_to_the_bit(trained: tuple[Workspace, str]):
    ws, whole = trained
    run_id = runs.create(ws, RICH)

    saved = [killed_after(num_epochs, ws, run_id) for num_epochs in (2, 4)]
    _, ended = jobs.run(ws, RICH, run_id=run_id)

    assert ended == "done"
    assert [(s.phase, s.epoch) for s in saved] == [(Phase.HEAD, 2), (Phase.FINE_TUNE, 1)]
    assert same(ws, run_id, whole)


def test_a_run_that_was_given_up_has_what_its_checkpoint_keeps_as_its_model(
    trained: tuple[Workspace, str],
):
    """It reads no image and trains nothing, so nothing of what stood still can do so again."""
    ws, _ = trained
    run_id = runs.create(ws, RICH)
    state = killed_after(4, ws, run_id)
    saved = checkpoint.latest(ws.run(run_id).checkpoints)
    images = ws.dataset(RICH.dataset_id).images

    images.rename(images.with_name("away"))
    try:
        _, ended = jobs.run(ws, RICH, run_id=run_id, stop=lambda: True, given_up=True)
    finally:
        images.with_name("away").rename(images)

    run = runs.get(ws, run_id)
    assert ended == "stopped"
    assert run.card is not None
    assert run.card.validation.accuracy == pytest.approx(state.accuracy)
    assert run.card.validation.majority == pytest.approx(0.5)
    assert (run.card.kept_phase, run.card.kept_epoch, run.card.num_epochs) == ("fine_tune", 1, 4)
    assert run.card.tuned is not None
    assert run.card.picked == ("phase",)
    assert saved is not None
    assert len(saved.right) == len(saved.right_before) == run.card.validation.images
    weights = jobs.values(ws, run_id)
    assert all(any(np.array_equal(a, b) for b in weights) for a in saved.values)
    assert "saved from its last checkpoint" in " ".join(jobs.sentences(ws, run_id))
    assert not ws.run(run_id).checkpoints.exists()


def test_a_run_that_is_to_end_keeps_its_checkpoint_when_memory_runs_out(
    trained: tuple[Workspace, str],
):
    ws, _ = trained
    run_id = runs.create(ws, RICH)
    killed_after(2, ws, run_id)

    _, ended = jobs.run(ws, RICH, run_id=run_id, stop=lambda: True, halved=True)

    run = runs.get(ws, run_id)
    assert ended == "stopped"
    assert run.card is not None
    assert (run.card.num_epochs, run.card.config.batch_size) == (2, RICH.batch_size)


def killed_after(num_epochs: int, ws: Workspace, run_id: str) -> TrainingState:
    """Train up to a whole epoch and give the checkpoint that is left."""
    with pytest.raises(Killed):
        jobs.run(
            ws,
            RICH,
            run_id=run_id,
            stop=lambda: len(runs.epochs(ws, run_id)) == num_epochs and kill(),
        )
    saved = checkpoint.latest(ws.run(run_id).checkpoints)
    assert saved is not None
    return saved.state


@pytest.mark.skipif(sys.platform != "linux", reason="TensorFlow is not to be forked there")
@pytest.mark.parametrize(
    "kept",
    [
        {"00004.npz": 3, "model.json": 5},
        pytest.param(
            {"00002.npz": 1, "00004.npz": 3, "00005.npz": 4, "model.keras": 5, "model.json": 5},
            marks=pytest.mark.slow,
        ),
    ],
    ids=len,
)
def test_a_process_killed_again_and_again_comes_to_the_same_bits(
    trained: tuple[Workspace, str], kept: dict[str, int]
):
    """``kept`` is the epoch of the checkpoint after a kill just before a file gets its name."""
    ws, whole = trained
    run_id = runs.create(ws, RICH)

    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.killed", str(ws.root), run_id, *kept],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )

    codes, epochs = zip(*map(json.loads, done.stdout.splitlines()), strict=True)
    assert codes == (-signal.SIGKILL,) * len(kept) + (0,), done.stderr
    assert epochs == (*kept.values(), 0)
    assert same(ws, run_id, whole)


def test_all_that_a_checkpoint_knows_comes_back(tmp_path: Path):
    state = TrainingState(
        phase=Phase.FINE_TUNE,
        epoch=2,
        num_epochs=7,
        batch_size=8,
        loss=0.7,
        accuracy=0.8,
        kept_phase=Phase.FINE_TUNE,
        kept_epoch=1,
        kept_loss=0.7,
        kept_accuracy=0.8,
        phase_loss=0.6,
        phase_accuracy=0.9,
        waited=3,
        plateau=1,
        factor=0.3,
        finished=True,
        solved=True,
        picked_end=True,
        tuned=Paired(fixed=4, broke=1, better=3, worse=1, p=0.625),
        picking_cost=0.01,
    )

    checkpoint.save(tmp_path, Checkpoint(state, [], []))

    assert all(getattr(state, f.name) != f.default for f in fields(TrainingState))
    found = checkpoint.latest(tmp_path)
    assert found is not None
    assert found.state == state
