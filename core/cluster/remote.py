"""An engine on some node of a cluster, asked as one of this machine is."""

import contextlib
from dataclasses import replace
from typing import Any

from core.cluster import attempts
from core.cluster.attempts import RunAttempt
from core.cluster.nodes import Nodes, NodeTask, TaskOutcome, Work
from core.records.requests import (
    A,
    EngineRequest,
    TrainRun,
    decode_answer,
    encode_request,
)
from core.workspace import Workspace


class RemoteEngine:
    """Has one run trained by a task, in the folder of an attempt that only that task writes to."""

    def __init__(self, nodes: Nodes, verb: str = "train") -> None:
        self._nodes, self._verb = nodes, verb
        self._attempt: RunAttempt | None = None
        self._task: NodeTask | None = None
        self._outcome: TaskOutcome | None = None

    def twin(self, verb: str) -> "RemoteEngine":
        """Make another one for another verb of the engine."""
        return RemoteEngine(self._nodes, verb)

    @property
    def alive(self) -> bool:
        return self._task is not None and self._outcome is None

    @property
    def returncode(self) -> int | None:
        return self._outcome.returncode if self._outcome else None

    @property
    def lacked_memory(self) -> bool:
        """Tell whether the node's system, or Ray, ended it for its memory."""
        return self._outcome is not None and self._outcome.lacked_memory

    @property
    def node(self) -> str:
        """Give the name of the node that trains, once it has begun."""
        return self._attempt.node if self._attempt else ""

    def tell(self, request: EngineRequest[Any], ws: Workspace | None = None) -> None:
        """Begin the next attempt at a run. Raises `TypeError` for another request."""
        if not isinstance(request, TrainRun) or ws is None:
            raise TypeError("a cluster trains runs of a workspace, and nothing else")
        self._attempt = attempts.begin(ws.run(request.run_id))
        asked = replace(request, attempt=self._attempt.number)
        self._outcome = None
        self._task = self._nodes.submit(
            Work(
                verb=self._verb,
                root=str(ws.root),
                line=encode_request(asked),
                folder=str(self._attempt.folder.path),
            )
        )

    def answer(self, request: EngineRequest[A], timeout: float) -> A | None:
        """Wait for the answer; what the attempt made then lies in the folder of the run."""
        if self._task is None or self._attempt is None:
            return None
        if self._outcome is None:
            self._outcome = self._task.outcome(timeout)
            with contextlib.suppress(OSError):  # the next look may see more
                attempts.mirror(self._attempt)
        if self._outcome is None or self._outcome.row is None:
            return None
        attempts.publish(self._attempt)
        return decode_answer(request, self._outcome.row)

    def kill(self) -> None:
        """End the task at once; were it to live on, it could spoil nothing."""
        if self._task is not None and self._outcome is None:
            self._task.cancel()
            self._outcome = TaskOutcome()

    def close(self) -> None:
        """Leave no task behind."""
        self.kill()
