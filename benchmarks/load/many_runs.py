"""Many runs through one worker: ``python -m benchmarks many-runs``.

Does the worker grow? Short runs are trained one after another by the worker of a workspace; after
every tenth, what its processes take (megabytes that are theirs alone or shared, PSS) and how many
files they hold open. A line fitted to the second half says what a run adds once all is loaded.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from benchmarks.load import scene, server
from core import runs
from core.ingest import requests
from core.models import presets
from core.records import State
from core.runs import executors
from core.workspace import Workspace

EVERY = 10
SECONDS_A_RUN = 120.0  # after which a run counts as one that never ends


def main(arguments: Sequence[str]) -> None:
    """Queue them all and look on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks many-runs", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--images", type=int, default=60)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="thaw-runs-") as folder:
        home = Path(folder).resolve()
        os.environ["THAW_HOME"] = str(home)  # by which the worker is found
        ws = Workspace(home)
        ids = _queued(ws, options.images, options.runs)
        executors.submit(ws)
        try:
            rows = [_look(ws, home, ids[i : i + EVERY], i) for i in range(0, len(ids), EVERY)]
        finally:
            for process in server.of_workspace(home):
                with suppress(psutil.Error):
                    process.kill()
    _tell(rows)


def _queued(ws: Workspace, images: int, num: int) -> list[str]:
    source = scene.pictures(ws.root / "pictures", images)
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=source)
    config = presets.configure(dataset.id, backbone=scene.STARTER, num_train=images, preset="quick")
    return [runs.create(ws, replace(config, seed=seed)) for seed in range(num)]


def _look(ws: Workspace, home: Path, ids: Sequence[str], before: int) -> tuple[int, float, int]:
    """Wait for these runs; give how many are done, the megabytes and the open files."""
    end = time.monotonic() + SECONDS_A_RUN * len(ids)
    while not all(runs.get(ws, run_id).state.state is State.DONE for run_id in ids):
        if time.monotonic() > end:
            raise RuntimeError(f"runs do not end; see {ws.worker_log}")
        time.sleep(0.2)
    processes = server.of_workspace(home)
    files = 0
    for process in processes:
        with suppress(psutil.Error):
            files += process.num_fds()
    row = (before + len(ids), server.megabytes(processes), files)
    print(f"{row[0]:4d} runs: {row[1]:6.0f} MB, {row[2]} open files", flush=True)
    return row


def _tell(rows: Sequence[tuple[int, float, int]]) -> None:
    late = np.array(rows[len(rows) // 2 :], float)
    if len(late) > 1:
        slope = np.polyfit(late[:, 0], late[:, 1], 1)[0]
        print(f"in the second half a run adds {1000 * slope:.0f} kB;", end=" ")
        print(f"open files {late[0, 2]:.0f} to {late[-1, 2]:.0f}")
