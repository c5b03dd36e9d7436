"""A pool of decoder processes: one that dies costs the picture it held, and nothing else."""

import queue
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Generic, TypeVar

from core import machine
from core.errors import UserError
from core.ingest.decoding.child import PATIENCE, Decoder, NotStartedError
from core.ingest.decoding.decoder import Decoded

MAX_CHILDREN = 8
WORTH_A_CHILD = 16  # pictures: to start one more takes as long as to decode dozens of small ones
LOOK_SECONDS = 0.5  # between two looks whether to stop
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DecodeResult(Generic[T]):
    """What became of one item: a decoded picture with its bytes, or the reason why not."""

    item: T
    decoded: Decoded
    copy: bytes = b""
    thumbnail: bytes = b""


def decode_all(
    items: Iterable[T],
    read: Callable[[T], bytes],
    *,
    num_children: int = 0,
    patience: float = PATIENCE,
    stop: Callable[[], bool] = lambda: False,
    bands: str = "",
) -> Generator[DecodeResult[T], None, None]:
    """Decode items in child processes as fast as they go; answers come in no fixed order.

    `read` is called in this process, for a few items ahead only. `stop` ends it, also while the
    first child is still starting. Of ``bands`` see `core.images.pixels.decode`.
    """
    items = iter(items)
    first = list(islice(items, WORTH_A_CHILD * MAX_CHILDREN))
    size = num_children or _num_children(len(first), machine.num_processors())
    idle: queue.SimpleQueue[Decoder] = queue.SimpleQueue()
    decoders = [Decoder(patience=patience, bands=bands) for _ in range(size)]
    for decoder in decoders:
        idle.put(decoder)
    threads = ThreadPoolExecutor(size)
    try:
        work = partial(_decode, idle, read=read)
        yield from _in_flight(threads, chain(first, items), work, 2 * size, stop)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(2):  # a thread may just have been starting its child
            for decoder in decoders:
                decoder.stop()
            threads.shutdown()


def _num_children(num_items: int, num_processors: int) -> int:
    """Tell how many children the first items are worth."""
    return max(1, min(MAX_CHILDREN, num_processors, num_items // WORTH_A_CHILD))


def _in_flight(
    threads: ThreadPoolExecutor,
    items: Iterator[T],
    work: Callable[[T], DecodeResult[T]],
    most: int,
    stop: Callable[[], bool],
) -> Iterator[DecodeResult[T]]:
    """Keep a few items under way, so that memory stays small however many there are."""
    waiting = {threads.submit(work, item) for item in islice(items, most)}
    while waiting and not stop():
        ready, waiting = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for future in ready:
            waiting |= {threads.submit(work, item) for item in islice(items, 1)}
            yield future.result()


def _decode(
    idle: "queue.SimpleQueue[Decoder]", item: T, read: Callable[[T], bytes]
) -> DecodeResult[T]:
    decoder = idle.get()
    try:
        return DecodeResult(item, *decoder.decode(read(item)))
    except NotStartedError:
        raise
    except UserError as error:
        return DecodeResult(item, Decoded(problem=error.problem))
    finally:
        idle.put(decoder)
