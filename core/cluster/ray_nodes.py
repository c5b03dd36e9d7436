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
    there: frozenset[str]  # the nodes that lived when it was given

    def outcome(self, timeout: float) -> TaskOutcome | None:
        """Wait for the end for so many seconds; None when it did not come."""
        import ray

        ready, _ = ray.wait([self.reference], timeout=timeout)
        return _outcome(self.reference) if ready else None

    def has_place(self, node_id: str = "") -> bool:
        """Tell whether its node lives, or one that is large enough: Ray waits without an end.

        Where a connection just falls silent, Ray knows for minutes that a node is dead before it
        gives up what that node was doing.
        """
        living = _living()
        return node_id in living if node_id else any(n.holds(self.size) for n in living.values())

    def may_be_lost(self) -> bool:
        """Tell whether a node that was there when it was given has died since."""
        return not self.there <= _living().keys()

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
        return sizes.device(list(_living().values()))

    def num_at_once(self) -> int:
        """Count the runs that the nodes that live now have room for."""
        return sizes.num_at_once(list(_living().values()))

    def submit(self, work: Work) -> RayTask:
        """Have work done on some node, once."""
        import ray

        living = _living()
        size = sizes.for_run(list(living.values()))
        asked: dict[str, Any] = {"num_cpus": size.cpus, "num_gpus": size.gpus}
        remote = ray.remote(_do).options(max_retries=0, **asked)
        reference = remote.remote(dataclasses.asdict(work), self.command)
        return RayTask(reference, size, frozenset(living))


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
    name, node_id = _called()
    engine = _engine(asked.verb, asked.root, command)
    return dataclasses.asdict(task.do(asked, name, engine, node_id))


@lru_cache(maxsize=2)
def _engine(verb: str, root: str, command: tuple[str, ...]) -> EngineProcess:
    """Keep the process, with TensorFlow loaded, for the next run; Ray ends its own when idle."""
    return EngineProcess(verb, Workspace(Path(root)), command)


def _called() -> tuple[str, str]:
    """Give the name that this node was started with, else that of its machine, and its id."""
    import ray

    own = ray.get_runtime_context().get_node_id()
    node = next(node for node in ray.nodes() if node["NodeID"] == own)
    is_named = node["NodeName"] != node["NodeManagerAddress"]
    return str(node["NodeName"] if is_named else node["NodeManagerHostname"]), own


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


def _living() -> dict[str, NodeSize]:
    """Give what each node has that lives, by its id."""
    import ray

    found = {node["NodeID"]: node["Resources"] for node in ray.nodes() if node["Alive"]}
    return {i: NodeSize(have.get("CPU", 0.0), have.get("GPU", 0.0)) for i, have in found.items()}


def _unable(reason: str) -> Problem:
    return Problem(
        what=say("A node of the cluster could not begin: {reason}", reason=reason),
        expected=say("Each node must have the same version of Thaw, in the same folder."),
        mend=say("Install it there as on this computer, then resume the run."),
    )


def _refused(address: str, error: Exception) -> UserError:
    return UserError(
        say(
            "Ray could not join the cluster at {address}: {reason}",
            address=address,
            reason=str(error),
        ),
        expected=say(
            "This computer must be a node of it, with the same versions of Ray and Python."
        ),
        mend=say("Run 'ray start' here as docs/cluster.md says, then try again."),
    )
