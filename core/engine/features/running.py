"""A network run over many images, in order and in bounded memory; it may be of any engine."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Protocol

import numpy as np

from core.engine.features.pipeline import grouped


class CompiledNetwork(Protocol):
    """A frozen network on some engine."""

    engine: str
    precision: str
    batch_size: int
    num_ahead: int  # batches that may be under way at once

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Begin to compute (batch, size, size, 3) uint8 -> (batch, *shape)."""

    def drain(self) -> None:
        """Wait until nothing is under way."""


def run(network: CompiledNetwork, images: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Give the features of images (size, size, 3) uint8 in order, a batch at a time."""
    waiting: deque[Future[np.ndarray]] = deque()
    try:
        for group in grouped(images, network.batch_size):
            waiting.append(network.start(np.stack(group)))
            if len(waiting) > network.num_ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        network.drain()  # also when an image cannot be read, or the rest is not wanted
