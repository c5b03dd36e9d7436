"""``fake_worker.py WORKSPACE [--classroom]``: a worker whose training process learns nothing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from core.classroom.folder import folder_in
from core.runs import worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing import places
from core.runs.sharing.places import Place
from core.workspace import Workspace

FAKE = (sys.executable, str(Path(__file__).with_name("fake_engine.py")))

if __name__ == "__main__":
    worker.IDLE_SECONDS = 0.5
    ws = Workspace(Path(sys.argv[1]))
    place = places.of_class(folder_in(ws.root)) if "--classroom" in sys.argv else Place(ws)
    worker.work_alone(place, EngineProcess("train", ws, FAKE))
