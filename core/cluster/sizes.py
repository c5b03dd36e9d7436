"""How much of a node a run of a cluster takes, and how many runs its nodes have room for."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeSize:
    """What a node has, or work takes of one."""

    cpus: float
    gpus: float = 0.0

    def holds(self, work: "NodeSize") -> bool:
        """Tell whether such work could ever be done there."""
        return self.cpus >= work.cpus and self.gpus >= work.gpus


def device(nodes: Sequence[NodeSize]) -> str:
    """Name what runs are trained on: cpu or gpu."""
    return "gpu" if for_run(nodes).gpus else "cpu"


def for_run(nodes: Sequence[NodeSize]) -> NodeSize:
    """Say what a run takes: a processor beside a GPU, else all those of the smallest node.

    Never none: it would be trained on a head that has none to give, were all nodes gone.
    """
    able = _able(nodes)
    if any(node.gpus >= 1 for node in able):
        return NodeSize(1, 1)
    return NodeSize(min((node.cpus for node in able), default=1))


def num_at_once(nodes: Sequence[NodeSize]) -> int:
    """Count the runs that there is room for; a node takes whole ones."""
    run = for_run(nodes)
    return sum(
        min(int(node.cpus // run.cpus), int(node.gpus // run.gpus) if run.gpus else 1_000)
        for node in _able(nodes)
    )


def _able(nodes: Sequence[NodeSize]) -> list[NodeSize]:
    """Leave out what trains nothing: without a processor, a GPU is of no use."""
    return [node for node in nodes if node.cpus >= 1]
