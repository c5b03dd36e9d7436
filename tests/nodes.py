"""``python -m tests.nodes WORKSPACE``: a dispatcher with a cluster of two nodes, without Ray.

A node is a thread with an engine process that learns nothing.
"""

import sys
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from core.cluster import dispatching, task
from core.cluster.desks import NodesDesk
from core.cluster.nodes import TaskOutcome, Work
from core.runs import worker
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace
from tests.fake_worker import FAKE


@dataclass
class FakeTask:
    future: "Future[TaskOutcome]"
    engines: list[EngineProcess]
    nodes: "FakeNodes"

    def outcome(self, timeout: float) -> TaskOutcome | None:
        try:
            return self.future.result(timeout)
        except TimeoutError:
            return None

    def has_place(self, node_id: str = "") -> bool:
        return not self.nodes.are_gone and node_id not in self.nodes.silent

    def may_be_lost(self) -> bool:
        return self.nodes.are_gone or bool(self.nodes.silent)

    def cancel(self) -> None:
        if not self.future.cancel():
            for engine in self.engines:
                engine.kill()


@dataclass
class FakeNodes:
    """Nodes that are called one, two and so on, in turn."""

    names: tuple[str, ...] = ("one", "two")
    command: tuple[str, ...] = FAKE
    device: str = "cpu"
    works: list[Work] = field(default_factory=list)
    are_gone: bool = False  # all of them: nothing is begun any more
    silent: set[str] = field(default_factory=set)  # these are gone, but what they did never ends

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(len(self.names))
        self._free: SimpleQueue[str] = SimpleQueue()
        for name in self.names:
            self._free.put(name)

    def num_at_once(self) -> int:
        return 0 if self.are_gone else len(self.names)

    def submit(self, work: Work) -> FakeTask:
        self.works.append(work)
        engine = EngineProcess(work.verb, Workspace(Path(work.root)), self.command)
        if self.are_gone:
            return FakeTask(Future(), [engine], self)
        return FakeTask(self._pool.submit(self._do, work, engine), [engine], self)

    def close(self) -> None:
        self._pool.shutdown()

    def _do(self, work: Work, engine: EngineProcess) -> TaskOutcome:
        name = self._free.get()
        try:
            return task.do(work, name, engine)
        finally:
            engine.kill()
            self._free.put(name)


if __name__ == "__main__":
    worker.IDLE_SECONDS = 0.5
    options = worker.parse(sys.argv[1:], prog="nodes", about=__doc__)
    dispatch = partial(dispatching.dispatch, poll=0.05)
    desk = NodesDesk(FakeNodes)
    worker.work_alone(options.place, desk, only=options.only, work=dispatch)
