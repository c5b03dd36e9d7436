"""An engine on some node of a cluster, asked as one of this machine is."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core import files
from core.cluster import attempts, code, features
from core.cluster.attempts import RunAttempt
from core.cluster.features import FeatureShards
from core.cluster.nodes import Nodes, NodeTask, TaskOutcome, Work
from core.records import Progress, Stage, TrainConfig
from core.records.requests import (
    A,
    EngineRequest,
    TrainRun,
    decode_answer,
    encode_request,
)
from core.words import say
from core.workspace import Workspace


class RemoteEngine:
    """Has one run trained by a task, in the folder of an attempt that only that task writes to."""

    def __init__(
        self, nodes: Nodes, verb: str = "train", shards: FeatureShards | None = None
    ) -> None:
        self._nodes, self._verb, self._shards = nodes, verb, shards
        self._awaited: Sequence[NodeTask] = ()  # of its features
        self._work: Work | None = None
        self._attempt: RunAttempt | None = None
        self._task: NodeTask | None = None
        self._outcome: TaskOutcome | None = None

    def twin(self, verb: str) -> "RemoteEngine":
        """Make another one for another verb of the engine."""
        return RemoteEngine(self._nodes, verb)

    @property
    def alive(self) -> bool:
        return self._work is not None and self._outcome is None

    @property
    def returncode(self) -> int | None:
        return self._outcome.returncode if self._outcome else None

    @property
    def lacked_memory(self) -> bool:
        """Tell whether the node's system, or Ray, ended it for its memory."""
        return self._outcome is not None and self._outcome.lacked_memory

    @property
    def lacked_node(self) -> bool:
        """Tell whether it never began, as no node was left that is large enough."""
        return self._outcome is not None and self._outcome.lacked_node

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
        self._outcome = self._task = None
        self._work = Work(
            verb=self._verb,
            root=str(ws.root),
            line=encode_request(asked),
            folder=str(self._attempt.folder.path),
            code=code.digest(),
        )
        if self._shards is not None and not request.given_up:
            config = files.read_record(self._attempt.run.config, TrainConfig)
            self._awaited = self._shards.begin(ws, config, self._nodes)
            if self._awaited and not features.wait(self._awaited, 0.0):
                self._tell_of_shards(self._attempt)
        self._begin(0.0)

    def _tell_of_shards(self, attempt: RunAttempt) -> None:
        """Say what it waits for, as the training process will from then on."""
        nodes = say("{num} nodes look at the images side by side.", num=len(self._awaited))
        files.append_record(attempt.folder.log, nodes)
        files.write_record(attempt.folder.progress, Progress(stage=Stage.FEATURES, done=0.0))

    def _begin(self, timeout: float) -> None:
        """Have it trained once its features are there, or at once when it was asked to stop."""
        if self._task is None and self._work is not None and self._attempt is not None:
            is_to_end = self._attempt.run.stop.exists()
            if is_to_end or features.wait(self._awaited, timeout):
                self._task = self._nodes.submit(self._work)

    def answer(self, request: EngineRequest[A], timeout: float) -> A | None:
        """Wait for the answer; what the attempt made then lies in the folder of the run."""
        if self._attempt is None:
            return None
        if self._outcome is None:
            if self._task is None:
                self._begin(timeout)
            else:
                self._outcome = self._task.outcome(timeout) or self._called_off(self._task)
            with contextlib.suppress(OSError):  # the next look may see more
                attempts.mirror(self._attempt)
        if self._outcome is None or self._outcome.row is None:
            return None
        attempts.publish(self._attempt)
        return decode_answer(request, self._outcome.row)

    def _called_off(self, task: NodeTask) -> TaskOutcome | None:
        """Call a task off of which the node is gone, or for which there is none.

        One that was never begun waits in our own queue, which says so.
        """
        node_id = self._attempt.node_id if self._attempt else ""
        if task.has_place(node_id):
            return None
        task.cancel()
        return TaskOutcome(lacked_node=not node_id)

    def kill(self) -> None:
        """End the task at once; were it to live on, it could spoil nothing."""
        if self.alive:
            if self._task is not None:
                self._task.cancel()
            self._outcome = TaskOutcome()

    def close(self) -> None:
        """Leave no task behind, and no folder that nobody will read."""
        self.kill()
        if self._attempt is not None:
            attempts.tidy(self._attempt.run)
