"""Runs that wait, and a worker that takes them while there are any."""

from core import runs
from core.records import TrainConfig
from core.runs import worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing.places import Place
from core.workspace import Workspace


def queue(ws: Workspace, seed: int) -> str:
    return runs.create(ws, TrainConfig(dataset_id="d", seed=seed, epochs=2))


def work(ws: Workspace, engine: EngineProcess) -> None:
    worker.work(Place(ws), engine, lives_on=lambda: False, poll=0.02)
