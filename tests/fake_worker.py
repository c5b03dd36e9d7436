"""``python tests/fake_worker.py WORKSPACE``: a worker whose training process learns nothing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from core.runs import worker
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace

FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))

if __name__ == "__main__":
    ws = Workspace(Path(sys.argv[1]))
    worker.work_alone(ws, EngineProcess("train", ws, FAKE))
