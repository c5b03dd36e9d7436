"""Make the map of one run: python -m core.insights.mapping WORKSPACE RUN_ID."""

import os
import sys
import threading
import time
from pathlib import Path

from core import privacy
from core.classroom import slots
from core.classroom.slots import Slot
from core.insights.mapping import jobs
from core.runs.inference import Engine
from core.workspace import Workspace

_LOOK = 0.2  # seconds between two looks whether it is wanted no more


def main(arguments: list[str]) -> int:
    """Make it; how it stands is read from the folder of the run."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    privacy.begin()
    ws, run_id = Workspace(Path(arguments[0])), arguments[1]
    if hasattr(os, "nice"):
        os.nice(5)  # what somebody waits for goes first
    threading.Thread(target=_end_when_cancelled, args=(ws, run_id), daemon=True).start()
    engine = Engine(ws)
    try:
        with slots.taken(ws, Slot.SEARCH):
            jobs.make(ws, run_id, engine.complete)
    finally:
        engine.close()
    return 0


def _end_when_cancelled(ws: Workspace, run_id: str) -> None:
    """End the process in the midst of what it does: t-SNE listens to nobody.

    What it writes is whole or not there, and an engine that it asked ends with its pipe.
    """
    while not jobs.is_unwanted(ws, run_id):
        time.sleep(_LOOK)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
