"""Images to batches: decoding in threads beside the network, with a bounded look-ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from core import machine

T = TypeVar("T")
U = TypeVar("U")

Image = tuple[str, Path]  # content id, stored copy


class Features(Protocol):
    """What the trainable part of the network learns from, whatever way it is had."""

    @property
    def num_images(self) -> int: ...
    @property
    def num_views(self) -> int: ...  # of each image; view 0 is the image itself
    @property
    def shape(self) -> tuple[int, ...]: ...  # of one image's features
    @property
    def streamed(self) -> bool: ...  # computed anew for every batch, not kept
    @property
    def engine(self) -> str: ...
    @property
    def precision(self) -> str: ...

    def batch(self, rows: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Give the features of these images in these views: (batch, *shape), float16 or float32.

        ``rows`` and ``views``: (batch,) int64.
        """

    def epoch_views(self, seed: int, epoch: int) -> np.ndarray:
        """Choose a view of every image for an epoch: a function of seed and epoch alone.

        (images,) int64.
        """


def parallel(work: Callable[[T], U], items: Iterable[T], *, look_ahead: int = 0) -> Iterator[U]:
    """Map in threads, in order; at most ``look_ahead`` results exist that nobody took yet."""
    threads = machine.num_processors()
    waiting: deque[Future[U]] = deque()
    source = iter(items)
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for item in islice(source, look_ahead or 16 * threads):
                waiting.append(pool.submit(work, item))
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(source, 1))
                yield result
        finally:
            for future in waiting:
                future.cancel()


def ahead(items: Iterable[T], depth: int = 2) -> Iterator[T]:
    """Draw from an iterator in a thread of its own, at most ``depth`` items ahead."""
    source = iter(items)
    waiting: deque[Future[list[T]]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        try:
            waiting.extend(pool.submit(_draw, source) for _ in range(depth))
            while drawn := waiting.popleft().result():
                waiting.append(pool.submit(_draw, source))
                yield from drawn
        finally:
            for future in waiting:
                future.cancel()


def _draw(source: Iterator[T]) -> list[T]:
    return list(islice(source, 1))


def grouped(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Give items in groups; the last may be smaller."""
    source = iter(items)
    while group := tuple(islice(source, size)):
        yield group
