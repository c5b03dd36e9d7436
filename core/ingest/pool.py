"""A pool of decoder processes: one that dies costs the picture it held, and nothing else."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from core import files, refusals
from core.errors import UserError
from core.ingest.decoder import LENGTH, READY, SECONDS, Decoded
from core.words import say

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-W", "ignore", "-m", "core.ingest.decoder")
MAX_CHILDREN = 8
PATIENCE = SECONDS + 10.0  # after which a child that did not end itself is ended: it stands still
START_PATIENCE = 180.0  # seconds for a child to start, on a machine with much else to do
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What became of one item: a decoded picture with its bytes, or the reason why not."""

    item: T
    decoded: Decoded
    copy: bytes = b""
    thumbnail: bytes = b""


class NotStartedError(UserError):
    """No picture can be decoded here, and no picture is at fault."""


class Decoder:
    """One child process, started when it is needed and again when it died."""

    def __init__(self, command: tuple[str, ...] = COMMAND, patience: float = PATIENCE) -> None:
        self._command, self.patience = command, patience
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the child process, if there is one."""
        return self._child.pid if self._child else None

    def decode(self, data: bytes) -> tuple[Decoded, bytes, bytes]:
        """Have bytes decoded; `UserError` when they cannot be, or killed the child."""
        child, started = self._running(), time.monotonic()
        try:
            with _ended_after(self.patience, child):
                return self._ask(child, data)
        except (OSError, EOFError, ValueError):
            self.close()
            if time.monotonic() - started >= min(SECONDS, self.patience):
                raise _too_slow() from None
            raise _crashed() from None

    def _running(self) -> subprocess.Popen[bytes]:
        return self._child or self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a child; the time for a picture counts from when it is ready."""
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        try:
            self._child = child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=environment,
            )
            with _ended_after(START_PATIENCE, child):
                said = child.stdout.readline() if child.stdout else b""
        except (OSError, ValueError):  # ValueError: closed meanwhile
            said = b""
        if said != READY:
            self.close()
            raise _not_started()
        return child

    @staticmethod
    def _ask(child: subprocess.Popen[bytes], data: bytes) -> tuple[Decoded, bytes, bytes]:
        if child.stdin is None or child.stdout is None:
            raise EOFError
        child.stdin.write(LENGTH.pack(len(data)) + data)
        child.stdin.flush()
        line = child.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        decoded = files.decode(Decoded, line.decode("utf-8"))
        wanted = decoded.copy_bytes + decoded.thumbnail_bytes
        body = child.stdout.read(wanted)
        if len(body) != wanted:
            raise EOFError
        return decoded, body[: decoded.copy_bytes], body[decoded.copy_bytes :]

    def close(self) -> None:
        """End the child at once."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close_quietly(pipe.close)
        child.wait()


@contextmanager
def _ended_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a child that stands still: its pipe then ends."""
    alarm = threading.Timer(seconds, child.kill)
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _close_quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:  # bytes still unsent to a child that is gone
        return


def decode_all(
    items: Iterable[T],
    read: Callable[[T], bytes],
    *,
    num_children: int = 0,
    patience: float = PATIENCE,
) -> Generator[Answer[T], None, None]:
    """Decode items in child processes as fast as they go; answers come in no fixed order.

    `read` is called in this process, for a few items ahead only.
    """
    size = num_children or min(MAX_CHILDREN, _num_processors())
    idle: queue.SimpleQueue[Decoder] = queue.SimpleQueue()
    decoders = [Decoder(patience=patience) for _ in range(size)]
    for decoder in decoders:
        idle.put(decoder)
    threads = ThreadPoolExecutor(size)
    try:
        yield from _in_flight(
            threads, iter(items), lambda item: _decode(idle, item, read), 2 * size
        )
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(2):  # a thread may just have been starting its child
            for decoder in decoders:
                decoder.close()
            threads.shutdown()


def _num_processors() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_flight(
    threads: ThreadPoolExecutor,
    items: Iterator[T],
    work: Callable[[T], Answer[T]],
    most: int,
) -> Iterator[Answer[T]]:
    """Keep a few items under way, so that memory stays small however many there are."""
    waiting: set[Future[Answer[T]]] = set()
    for item in items:
        waiting.add(threads.submit(work, item))
        if len(waiting) >= most:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in ready)


def _decode(idle: "queue.SimpleQueue[Decoder]", item: T, read: Callable[[T], bytes]) -> Answer[T]:
    decoder = idle.get()
    try:
        return Answer(item, *decoder.decode(read(item)))
    except NotStartedError:
        raise
    except UserError as error:
        return Answer(item, Decoded(problem=error.problem))
    finally:
        idle.put(decoder)


def _too_slow() -> UserError:
    return refusals.refuse(
        say("Decoding the picture took longer than {seconds} seconds.", seconds=SECONDS)
    )


def _crashed() -> UserError:
    return refusals.refuse(say("The picture made its decoder crash: it is damaged."))


def _not_started() -> NotStartedError:
    return NotStartedError(
        say("The program that decodes pictures did not start."),
        expected=say("Memory and processes for one more small program."),
        mend=say("Close other programs, then bring the images in again."),
    )
