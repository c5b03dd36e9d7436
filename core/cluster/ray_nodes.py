"""The nodes of a Ray cluster; the only module that imports Ray, which is loaded when it is asked.

Ray Core alone: a run is one task that Ray never tries again, and gets paths, no objects. Nodes load
this project from where it lies here, so it lies there too.
"""

import dataclasses
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.cluster import sizes, task
from core.cluster.knocking import knock, token_of
from core.cluster.nodes import TaskOutcome, Work
from core.cluster.sizes import NodeSize
from core.errors import Problem, UserError
from core.runs.engine_process import ENGINE_COMMAND, EngineProcess
from core.words import say
from core.workspace import Workspace


@dataclasses.dataclass(frozen=True, slots=True)
class RayTask:
    """A task of Ray's."""

    reference: Any
    size: NodeSize

    def outcome(self, timeout: float) -> TaskOutcome | None:
        """Wait for the end for so many seconds; None when it did not come."""
        import ray

        ready, _ = ray.wait([self.reference], timeout=timeout)
        return _outcome(self.reference) if ready else None

    def has_place(self) -> bool:
        """Tell whether some node that lives is large enough for it: Ray waits without an end."""
        return any(node.holds(self.size) for node in _sizes())

    def cancel(self) -> None:
        """Kill the process of the task; its engine ends with it."""
        import ray

        ray.cancel(self.reference, force=True)


@dataclasses.dataclass(frozen=True, slots=True)
class RayNodes:
    """All nodes of a cluster that train: those with GPUs where there are any."""

    command: tuple[str, ...] = ENGINE_COMMAND

    @property
    def device(self) -> str:
        """Name what runs are trained on: cpu or gpu."""
        return sizes.device(_sizes())

    def num_at_once(self) -> int:
        """Count the runs that the nodes that live now have room for."""
        return sizes.num_at_once(_sizes())

    def submit(self, work: Work) -> RayTask:
        """Have work done on some node, once."""
        import ray

        size = sizes.for_run(_sizes())
        asked: dict[str, Any] = {"num_cpus": size.cpus, "num_gpus": size.gpus}
        remote = ray.remote(_do).options(max_retries=0, **asked)
        return RayTask(remote.remote(dataclasses.asdict(work), self.command), size)


def connect(address: str, command: tuple[str, ...] = ENGINE_COMMAND) -> RayNodes:
    """Join a cluster, from a machine that is a node of it. Raises `UserError`."""
    knock(address, token_of())
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (OSError, RuntimeError, ValueError, AssertionError, ray.exceptions.RayError) as error:
        raise _refused(address, error) from error
    return RayNodes(command)


def close() -> None:
    """Leave the cluster: all tasks of this process end."""
    import ray

    ray.shutdown()


def _do(work: dict[str, Any], command: tuple[str, ...]) -> dict[str, Any]:
    """Do work on the node to which it came."""
    asked = Work(**work)
    return dataclasses.asdict(task.do(asked, _name(), _engine(asked.verb, asked.root, command)))


@lru_cache(maxsize=2)
def _engine(verb: str, root: str, command: tuple[str, ...]) -> EngineProcess:
    """Keep the process, with TensorFlow loaded, for the next run; Ray ends its own when idle."""
    return EngineProcess(verb, Workspace(Path(root)), command)


def _name() -> str:
    """Give the name that this node was started with, else that of its machine."""
    import ray

    own = ray.get_runtime_context().get_node_id()
    node = next(node for node in ray.nodes() if node["NodeID"] == own)
    is_named = node["NodeName"] != node["NodeManagerAddress"]
    return str(node["NodeName"] if is_named else node["NodeManagerHostname"])


def _outcome(reference: Any) -> TaskOutcome:
    import ray

    try:
        return TaskOutcome(**ray.get(reference))
    except ray.exceptions.RayTaskError as error:  # nothing of a run: the node itself is not able
        return task.refused(_unable(str(error.cause or error)))
    except ray.exceptions.OutOfMemoryError:
        return TaskOutcome(lacked_memory=True)
    except ray.exceptions.RayError:  # its process, its node or its owner is gone
        return TaskOutcome()


def _sizes() -> list[NodeSize]:
    """Give what each node has that lives."""
    import ray

    found = (node["Resources"] for node in ray.nodes() if node["Alive"])
    return [NodeSize(have.get("CPU", 0.0), have.get("GPU", 0.0)) for have in found]


def _unable(reason: str) -> Problem:
    return Problem(
        what=say("A node of the cluster could not begin: {reason}", reason=reason),
        expected=say("Each node has the same version of Thaw, in the same folder."),
        mend=say("Install it there as on this computer, then resume the run."),
    )


def _refused(address: str, error: Exception) -> UserError:
    return UserError(
        say(
            "Ray could not join the cluster at {address}: {reason}",
            address=address,
            reason=str(error),
        ),
        expected=say("This computer is a node of it, with the same versions of Ray and Python."),
        mend=say("Run 'ray start' here as docs/cluster.md says, then try again."),
    )
