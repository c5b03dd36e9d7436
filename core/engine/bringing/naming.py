"""Names for the blocks of a network whose layers are not called after any."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras

from core.engine.networks import blocks

ENOUGH = 4  # blocks that the names of the layers tell; with fewer they are named anew
MOST = 16  # blocks that are named


def name_blocks(model: keras.Model) -> None:
    """Call the layers after blocks, unless they are: a block begins with a layer of much work."""
    if len(blocks.block_ends(model)) >= ENOUGH:
        return
    nodes = [node for node in blocks.in_order(model) if not node.is_input]
    starts, number = _thinned(_starts(nodes)), 0
    named = set()
    for index, node in enumerate(nodes):
        number += index in starts
        if number and id(node.operation) not in named:  # a layer may be used twice
            named.add(id(node.operation))
            node.operation.name = f"block_{number}_{node.operation.name}"


def _starts(nodes: Sequence[Any]) -> list[int]:
    """Find where blocks may begin: right behind a clean cut, and before the next there is work."""
    edges = [0, *(cut + 1 for cut in blocks.clean_cuts(nodes))]
    return [
        first
        for first, end in pairwise(edges)
        if any(blocks.has_kernel(node.operation) for node in nodes[first:end])
    ]


def _thinned(starts: Sequence[int]) -> set[int]:
    """Keep the first, and others evenly."""
    return set(starts[:: max(1, -(-len(starts) // MOST))])
