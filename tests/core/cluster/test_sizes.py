"""What a run takes of the nodes of a cluster."""

import pytest

from core.cluster import sizes
from core.cluster.sizes import NodeSize

HEAD = NodeSize(0)  # of the machine of the app, which trains nothing


@pytest.mark.parametrize(
    ("nodes", "run", "at_once"),
    [
        ([HEAD, NodeSize(8), NodeSize(8)], NodeSize(8), 2),
        ([HEAD, NodeSize(4), NodeSize(10)], NodeSize(4), 3),
        ([HEAD, NodeSize(16, 2), NodeSize(64)], NodeSize(1, 1), 2),
        ([HEAD, NodeSize(2, 4)], NodeSize(1, 1), 2),  # a processor beside each GPU
        ([NodeSize(8, 1.5), NodeSize(8, 1.5)], NodeSize(1, 1), 2),  # none is of two halves
        ([NodeSize(0, 1), NodeSize(4)], NodeSize(4), 1),  # that GPU has no processor beside it
        ([NodeSize(0, 1)], NodeSize(1), 0),
        ([HEAD], NodeSize(1), 0),  # never on the head, which has no processor to give
        ([], NodeSize(1), 0),
    ],
)
def test_a_run_takes_what_some_node_can_give(nodes: list[NodeSize], run: NodeSize, at_once: int):
    assert sizes.for_run(nodes) == run
    assert sizes.num_at_once(nodes) == at_once
    assert sizes.device(nodes) == ("gpu" if run.gpus else "cpu")
    assert any(node.holds(run) for node in nodes) == bool(at_once)
