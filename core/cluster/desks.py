"""Where the dispatcher has runs trained: the nodes of a cluster, or each GPU of this machine."""

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from filelock import Timeout

from core import devices, locks
from core.cluster.features import FeatureShards
from core.cluster.nodes import Nodes
from core.cluster.remote import RemoteEngine
from core.runs.engine_process import ENGINE_COMMAND, EngineProcess
from core.runs.supervising import RunEngine
from core.workspace import Workspace


class Desk(Protocol):
    """Has runs trained, some side by side."""

    trained_at: float  # monotonic seconds

    @property
    def device(self) -> str: ...  # cpu or gpu

    def start(self) -> None: ...
    def num_at_once(self) -> int: ...
    def engine(self) -> AbstractContextManager[RunEngine | None]: ...  # None: all are taken


class NodesDesk:
    """The nodes of a cluster, once it is connected to."""

    def __init__(self, connect: Callable[[], Nodes]) -> None:
        self._connect = connect
        self._nodes: Nodes | None = None
        self._shards = FeatureShards()
        self.trained_at = -math.inf

    def start(self) -> None:
        """Connect to the cluster, unless that was done. Raises `UserError`."""
        self._nodes = self._nodes or self._connect()

    @property
    def nodes(self) -> Nodes:
        """Give the cluster, connected to."""
        if self._nodes is None:
            self._nodes = self._connect()
        return self._nodes

    @property
    def device(self) -> str:
        """Name what the nodes train on."""
        return self.nodes.device

    def num_at_once(self) -> int:
        """Count the runs that there is room for now."""
        return self.nodes.num_at_once()

    @contextlib.contextmanager
    def engine(self) -> Iterator[RunEngine | None]:
        """Give an engine on some node, which leaves no task behind."""
        with contextlib.closing(RemoteEngine(self.nodes, shards=self._shards)) as engine:
            yield engine


class GpuDesk:
    """The GPUs of this machine, one run each; a lock of each says that it is taken."""

    device = "gpu"

    def __init__(
        self, ws: Workspace, gpus: Sequence[str], command: tuple[str, ...] = ENGINE_COMMAND
    ) -> None:
        self._engines = {gpu: EngineProcess("train", ws, command, gpu=gpu) for gpu in gpus}
        self.trained_at = -math.inf

    def start(self) -> None:
        """Load nothing yet: a process holds memory of its GPU."""

    def num_at_once(self) -> int:
        """Count the GPUs."""
        return len(self._engines)

    @contextlib.contextmanager
    def engine(self) -> Iterator[RunEngine | None]:
        """Give the process of a GPU that nobody trains on, for as long as its lock is held."""
        with contextlib.ExitStack() as stack:
            free = (gpu for gpu in self._engines if _try_to_hold(stack, gpu))
            gpu = next(free, None)
            yield self._engines[gpu] if gpu is not None else None

    def close(self) -> None:
        """End all processes."""
        for engine in self._engines.values():
            engine.kill()


def _try_to_hold(stack: contextlib.ExitStack, gpu: str) -> bool:
    try:
        stack.enter_context(locks.hold(devices.device_lock(f"gpu{gpu}")))
    except Timeout:
        return False
    return True
