"""What the dispatcher asks of a cluster, whatever that is made of: tasks of paths and lines."""

from dataclasses import dataclass
from typing import Any, Protocol

KILLED = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A request for an engine process on a node; the folders are the same on all of them."""

    verb: str  # of the engine
    root: str  # of the workspace
    line: str  # the request
    folder: str = ""  # in which the node writes its name
    code: str = ""  # the digest of that of the dispatcher; empty: any will do


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutcome:
    """How a task ended: with the row that answers, or without, as its process was lost."""

    row: dict[str, Any] | None = None
    returncode: int = KILLED  # of a process without an answer
    lacked_memory: bool = False
    lacked_node: bool = False  # it was never begun


class NodeTask(Protocol):
    """Work that was given to a cluster."""

    def outcome(self, timeout: float) -> TaskOutcome | None:
        """Wait for the end for so many seconds; None when it did not come."""

    def has_place(self, node_id: str = "") -> bool:
        """Tell whether the node that began with it is there; where none has, one that could."""

    def may_be_lost(self) -> bool:
        """Tell whether a node that was there when it was given has gone since."""

    def cancel(self) -> None:
        """Have it ended at once, or never begun."""


class Nodes(Protocol):
    """A cluster."""

    @property
    def device(self) -> str:
        """Name what runs are trained on: cpu or gpu."""

    def num_at_once(self) -> int:
        """Count the tasks that it can do side by side now; it may lose nodes and get more."""

    def submit(self, work: Work) -> NodeTask:
        """Have work done on some node, once."""
