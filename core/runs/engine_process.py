"""The engine as a child process: JSON lines in, JSON lines out.

TensorFlow lives only in such children. A child ends when the pipe to it closes, so none outlives
the process that started it.
"""

import contextlib
import errno
import math
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from core import files
from core.errors import UserError
from core.records.requests import A, EngineRequest, decode_answer, encode_request
from core.runs import recovery
from core.runs.sharing import addressed
from core.words import say
from core.workspace import Workspace

ROOT = Path(__file__).parents[2]
# Read by NumPy as it loads. On a busy machine threads of BLAS wait for each other: the head took 14
# times as long (docs/decisions/solving.md). TensorFlow and OpenVINO have threads of their own.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
ENGINE_COMMAND = (sys.executable, "-m", "core.engine")


def detach(module: str, *arguments: str, log: Path) -> None:
    """Start ``python -m MODULE`` so that it outlives this process; what it prints goes to a log."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            start_new_session=os.name != "nt",
        )
    threading.Thread(target=child.wait, daemon=True).start()  # leaves no zombie


class EngineProcess:
    """One ``python -m core.engine VERB WORKSPACE``, started when needed and kept for the next."""

    def __init__(
        self,
        verb: str,
        ws: Workspace,
        command: tuple[str, ...] = ENGINE_COMMAND,
        *,
        gpu: str = "",
    ) -> None:
        self._ws, self._program, self._gpu = ws, command, gpu
        self._command = [*command, verb, str(ws.root)]
        self._log = ws.worker_log
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._kills = 0  # for memory, as it was last told something
        self.trained_at = -math.inf  # monotonic seconds; kept by the worker

    def twin(self, verb: str) -> "EngineProcess":
        """Make another process of the same program, for another verb; it is not started yet."""
        return EngineProcess(verb, self._ws, self._program, gpu=self._gpu)

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def returncode(self) -> int | None:
        return self._child.poll() if self._child else None

    @property
    def lacked_memory(self) -> bool:
        """Tell whether the system ended the child for its memory."""
        return self.returncode == -signal.SIGKILL and recovery.memory_kills() > self._kills

    @property
    def lacked_node(self) -> bool:
        """It needs none."""
        return False

    @property
    def node(self) -> str:
        """It is of this machine."""
        return ""

    def start(self) -> None:
        """Start the child unless it lives."""
        if self.alive:
            return
        self._drop_pipe()
        self._answers = queue.Queue()
        with _opened(self._log) as log:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env={**ONE_THREAD, **os.environ, **self._only_gpu()},
                start_new_session=os.name != "nt",  # a Ctrl-C is for the command, not for the child
            )
        arguments = [self._child.stdout, self._answers]
        threading.Thread(target=_collect, args=arguments, daemon=True).start()

    def _only_gpu(self) -> dict[str, str]:
        """Hide all GPUs but its own, where it has one."""
        return {"CUDA_VISIBLE_DEVICES": self._gpu} if self._gpu else {}

    def tell(self, request: EngineRequest[Any], ws: Workspace | None = None) -> None:
        """Send a request, about another workspace than its own if one is given.

        Starts the child first if it is not there.
        """
        other = str(ws.root) if ws is not None and ws != self._ws else ""
        self._send(addressed.address(encode_request(request), other))

    def _send(self, line: str) -> None:
        self._kills = recovery.memory_kills()
        for attempt in (1, 2):  # a child may have died while it was idle
            self.start()
            try:
                self._write(line)
                return
            except OSError:
                if attempt == 2:
                    raise
                self.kill()

    def _write(self, line: str) -> None:
        pipe = self._child.stdin if self._child else None
        if pipe is None:
            raise BrokenPipeError("the engine has no pipe")
        pipe.write(line.encode() + b"\n")
        pipe.flush()

    def answer(self, request: EngineRequest[A], timeout: float) -> A | None:
        """Wait for the answer to a request; None when none came in time.

        Raises `UserError` as the child raised it.
        """
        row = self._row(timeout)
        return None if row is None else decode_answer(request, row)

    def _row(self, timeout: float) -> dict[str, Any] | None:
        try:
            return self._answers.get(timeout=timeout) if timeout else self._answers.get_nowait()
        except queue.Empty:
            return None

    def ask(self, request: EngineRequest[A]) -> A:
        """Send a request and wait for its answer as long as the child lives.

        Raises `UserError` where it died without one.
        """
        row = self.pass_on(encode_request(request))
        if row is None:
            raise silent()
        return decode_answer(request, row)

    def pass_on(self, line: str) -> dict[str, Any] | None:
        """Send a line and give the row that answers it; None where the child died over it."""
        self._send(line)
        while (row := self._row(0.5)) is None and self.alive:
            pass
        return row or self._row(0.5)  # written just before it died

    def kill(self) -> None:
        """End the child at once."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._drop_pipe()

    def close(self) -> None:
        """Close the pipe, and give the child a moment to end by itself."""
        if self._child is None:
            return
        self._drop_pipe()
        try:
            self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()

    def _drop_pipe(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            with contextlib.suppress(OSError):  # what was not sent yet has nobody to read it
                self._child.stdin.close()


def _opened(log: Path) -> IO[bytes]:
    """Open a log to write on; where it cannot be written to, what is said goes nowhere."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return log.open("ab")
    except OSError as error:
        if error.errno not in (*files.CLOSED, errno.EISDIR):
            raise
        return open(os.devnull, "ab")


def _collect(stream: IO[bytes], answers: "queue.Queue[dict[str, Any]]") -> None:
    with stream:
        for line in stream:
            if row := files.parse_row(line):
                answers.put(row)


def silent() -> UserError:
    """Say that the engine ended without an answer."""
    return UserError(
        say("The engine process ended while it was working on this."),
        expected=say("It should have sent an answer."),
        mend=say("Try again with fewer or smaller images; worker.log in the workspace says more."),
    )
