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

from core import runs
from core.engine import checkpoint
from core.engine.checkpoint import Checkpoint
from core.engine.schedules import Standing
from core.records import Phase
from core.workspace import Workspace
from tests.engine import jobs, killed
from tests.engine.jobs import RICH, Killed, kill

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def same(ws: Workspace, one: str, other: str) -> bool:
    """Tell whether two runs came to the same epochs and the same weights, to the bit."""
    pairs = zip(jobs.values(ws, one), jobs.values(ws, other), strict=True)
    alike = jobs.history(ws, one) == jobs.history(ws, other)
    return alike and all(np.array_equal(a, b) for a, b in pairs)


def test_a_run_killed_in_each_phase_goes_on_to_the_bit(trained: tuple[Workspace, str]):
    ws, whole = trained
    run_id = runs.create(ws, RICH)

    held = [killed_after(num_epochs, ws, run_id) for num_epochs in (2, 4)]
    _, ended = jobs.run(ws, RICH, run_id=run_id)

    assert ended == "done"
    assert [(s.phase, s.epoch) for s in held] == [(Phase.HEAD, 2), (Phase.FINE_TUNE, 1)]
    assert same(ws, run_id, whole)


def killed_after(num_epochs: int, ws: Workspace, run_id: str) -> Standing:
    """Train up to a whole epoch and give the checkpoint that is left."""
    with pytest.raises(Killed):
        jobs.run(
            ws,
            RICH,
            run_id=run_id,
            stop=lambda: len(runs.epochs(ws, run_id)) == num_epochs and kill(),
        )
    held = checkpoint.latest(ws.run(run_id).checkpoints)
    assert held is not None
    return held.standing


@pytest.mark.skipif(sys.platform != "linux", reason="TensorFlow is not to be forked there")
def test_a_process_killed_five_times_comes_to_the_same_bits(trained: tuple[Workspace, str]):
    ws, whole = trained
    run_id = runs.create(ws, RICH)

    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.killed", str(ws.root), run_id],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )

    codes, epochs = zip(*map(json.loads, done.stdout.splitlines()), strict=True)
    assert codes == (-signal.SIGKILL,) * len(killed.PLACES) + (0,), done.stderr
    assert epochs == (1, 3, 4, 5, 5, 0)
    assert same(ws, run_id, whole)


def test_all_that_a_checkpoint_knows_comes_back(tmp_path: Path):
    standing = Standing(
        phase=Phase.FINE_TUNE,
        epoch=2,
        num_epochs=7,
        batch_size=8,
        best_phase=Phase.FINE_TUNE,
        best_epoch=1,
        best_loss=0.7,
        best_accuracy=0.8,
        phase_loss=0.6,
        phase_accuracy=0.9,
        waited=3,
        plateau=1,
        factor=0.3,
        finished=True,
    )

    checkpoint.save(tmp_path, Checkpoint(standing, [], []))

    assert all(getattr(standing, f.name) != f.default for f in fields(Standing))
    assert checkpoint.latest(tmp_path) == Checkpoint(standing, [], [])
