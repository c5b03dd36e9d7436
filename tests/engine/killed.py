"""``python -m tests.engine.killed ROOT RUN FILE...``: train a run, killed once for each file.

Each attempt is a process of its own that ends by SIGKILL just before that file gets its name;
the last one is left alone. For each, a line of JSON says how it ended and after how many epochs
the next one goes on.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from core import files
from core.engine.training import run  # noqa: F401 - TensorFlow is loaded once, for all attempts
from core.records import TrainConfig
from core.workspace import Workspace
from tests.engine import tiny


def attempt(ws: Workspace, run_id: str, place: str) -> None:
    """Train from where the run stands."""
    from tests.engine import jobs  # starts threads, which would not outlive the fork

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename" and Path(str(arguments[1])).name == place:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    with tiny.known():
        jobs.run(ws, files.read_record(ws.run(run_id).config, TrainConfig), run_id=run_id)


def forked(ws: Workspace, run_id: str, place: str) -> int:
    """Make an attempt in a child and give its exit code; below zero is a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        attempt(ws, run_id, place)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main(root: str, run_id: str, *places: str) -> None:
    """Make one attempt after another."""
    ws = Workspace(Path(root))
    for place in (*places, ""):
        code = forked(ws, run_id, place)
        kept = sorted(path.stem for path in ws.run(run_id).checkpoints.glob("*.npz"))
        print(json.dumps([code, int(kept[-1]) if kept else 0]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
