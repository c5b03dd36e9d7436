"""One decoder process: started when it is needed, watched over, and started again when it died."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core import files
from core.errors import UserError
from core.images import refusals
from core.ingest.decoding.decoder import LENGTH, READY, SECONDS, Decoded
from core.words import say

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-W", "ignore", "-m", "core.ingest.decoding.decoder")
HAS_TIMER = hasattr(signal, "setitimer")  # a child then ends itself when it has worked too long
PATIENCE = SECONDS + 10.0  # after which a child that stands still is ended
START_PATIENCE = 180.0  # likewise for one that starts
PAUSES = (1.0, 5.0, 25.0)  # before another try, where there is no room for a process
_KILLED = -9
_NO_ROOM = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


class NotStartedError(UserError):
    """No picture can be decoded here, and no picture is at fault."""


class Decoder:
    """One child process, started when it is needed and again when it died."""

    def __init__(
        self, command: tuple[str, ...] = COMMAND, patience: float = PATIENCE, bands: str = ""
    ) -> None:
        self._command, self.patience = (*command, bands) if bands else command, patience
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    @property
    def pid(self) -> int | None:
        """The number of the child process, if there is one."""
        return self._child.pid if self._child else None

    def decode(self, data: bytes) -> tuple[Decoded, bytes, bytes]:
        """Have bytes decoded. Raises `UserError` when they cannot be, or killed the child.

        One that the system killed (it had no memory left) is tried once more.
        """
        for again in (True, False):
            answer = self._tried(data, again=again)
            if answer is not None:
                return answer
        raise refusals.too_hungry()

    def _tried(self, data: bytes, *, again: bool) -> tuple[Decoded, bytes, bytes] | None:
        child, started = self._running(), time.monotonic()
        with _ended_after(self.patience, child) as stood_still:
            try:
                return self._ask(child, data)
            except (OSError, EOFError, ValueError):
                code = _code(child)
                self.close()
        if stood_still.is_set() or _worked_too_long(code, time.monotonic() - started):
            raise _too_slow()
        if code == _KILLED and not self._stopped.is_set():
            self._stopped.wait(PAUSES[0] if again else 0)
            return None
        raise _crashed()

    def _running(self) -> subprocess.Popen[bytes]:
        return self._child or self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a child; where there is no room for one now, try again a little later."""
        for pause in (*PAUSES, 0):
            child = self._launched()
            if child and _is_ready(child):
                return child
            code = _code(child) if child else _KILLED
            self.close()
            ended_by_itself = code is None or code >= 0  # and would do so again
            if ended_by_itself or self._stopped.wait(pause):
                break
        raise _not_started()

    def _launched(self) -> subprocess.Popen[bytes] | None:
        """Start a process; None where there is no room for one."""
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        try:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=environment,
            )
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise _not_started() from error
        return self._child

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

    def stop(self) -> None:
        """End the child at once, and start none again."""
        self._stopped.set()
        self.close()

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


def _is_ready(child: subprocess.Popen[bytes]) -> bool:
    """Wait until a child says so: the time for a picture counts from then on."""
    try:
        with _ended_after(START_PATIENCE, child):
            return child.stdout is not None and child.stdout.readline() == READY
    except (OSError, ValueError):  # ValueError: closed meanwhile
        return False


def _code(child: subprocess.Popen[bytes]) -> int | None:
    """Tell how a child ended, or None where it goes on."""
    try:
        return child.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        return None


def _worked_too_long(code: int | None, seconds: float) -> bool:
    return code == -signal.SIGPROF if HAS_TIMER else seconds >= SECONDS


@contextmanager
def _ended_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill a child that stands still for so long: its pipe then ends. Tells whether that was so.

    One that works goes on, however little a busy machine lets it work.
    """
    done, ended = threading.Event(), threading.Event()
    threading.Thread(target=_watch, args=[seconds, child, done, ended], daemon=True).start()
    try:
        yield ended
    finally:
        done.set()


def _watch(
    seconds: float, child: subprocess.Popen[bytes], done: threading.Event, ended: threading.Event
) -> None:
    before = _work_of(child.pid)
    while not done.wait(seconds):
        now = _work_of(child.pid)
        if now is None or now == before:
            ended.set()
            child.kill()
            return
        before = now


def _work_of(pid: int) -> float | None:
    """Give the seconds of a processor that a process has used; None where nobody tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return float(fields[11]) + float(fields[12])


def _close_quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:  # bytes still unsent to a child that is gone
        return


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
