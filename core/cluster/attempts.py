"""Attempts at a run: a folder each, so that a process believed dead spoils nothing.

A training process on a node writes into ``runs/<id>/attempt-<n>/`` alone. The dispatcher copies
from the attempt that counts what a page reads, and the checkpoints, into the folder of the run,
and moves the rest there when the attempt has answered.
"""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from core import files
from core.errors import UserError
from core.records import RunState, State
from core.run_folder import ATTEMPT, RunFolder


@dataclass(frozen=True, slots=True)
class RunAttempt:
    """One of the attempts at a run, numbered from 1."""

    run: RunFolder
    number: int

    @property
    def folder(self) -> RunFolder:
        return self.run.attempt(self.number)

    @property
    def node(self) -> str:
        """Give the name of the node that trains it; empty as long as none has begun."""
        return self._node()[0]

    @property
    def node_id(self) -> str:
        """Give what no other node is called, also not one that was started in its place."""
        return self._node()[-1]

    def _node(self) -> list[str]:
        with contextlib.suppress(OSError):
            return self.folder.node.read_text(encoding="utf-8").splitlines() or [""]
        return [""]


def begin(run: RunFolder) -> RunAttempt:
    """Make the folder of the next attempt: it goes on from what the last one left.

    Those before are taken away: a process that still works on one can write nothing more.
    """
    earlier = _numbers(run)
    if earlier:
        _take_over(RunAttempt(run, max(earlier)))
    attempt = RunAttempt(run, 1 + max(earlier, default=0))
    attempt.folder.path.mkdir()
    for path in (*_kept(run), run.card, run.judged):
        _copy(path, attempt.folder.path / path.name)
    _copy_all(run.checkpoints, attempt.folder.checkpoints)
    _forget(run, earlier)
    return attempt


def mirror(attempt: RunAttempt) -> None:
    """Copy into the folder of the run what a page follows, and the checkpoints."""
    for path in (attempt.folder.progress, attempt.folder.node):
        _copy(path, attempt.run.path / path.name)
    _take_over(attempt)


def _take_over(attempt: RunAttempt) -> None:
    """Copy what stays true of an attempt when it has ended: not how far it was."""
    for path in _kept(attempt.folder):
        _copy(path, attempt.run.path / path.name)
    if any(attempt.folder.checkpoints.glob("*.npz")):
        _copy_all(attempt.folder.checkpoints, attempt.run.checkpoints)


def publish(attempt: RunAttempt) -> None:
    """Move all that an attempt made into the folder of the run, and forget the attempts.

    What says that a run is whole comes last, and the checkpoints go after it: cut off anywhere, the
    next attempt goes on.
    """
    folder, run = attempt.folder, attempt.run
    mirror(attempt)
    last = (folder.card, folder.judged)
    inside = sorted(folder.path.iterdir(), key=lambda path: path in last)
    for path in (path for path in inside if path != folder.checkpoints):
        _move(path, run.path / path.name)
    if not any(folder.checkpoints.glob("*.npz")):
        shutil.rmtree(run.checkpoints, ignore_errors=True)
    _forget(run, _numbers(run))


def tidy(run: RunFolder) -> None:
    """Take the attempts away of a run that has ended without an answer, once all is read of them.

    Those of one that is tried again stay: the next one goes on from the last.
    """
    with contextlib.suppress(OSError, UserError):  # it was deleted, or the next look takes them
        if files.read_record(run.state, RunState).state in (State.FAILED, State.STOPPED):
            numbers = _numbers(run)
            if numbers:
                _take_over(RunAttempt(run, max(numbers)))
            _forget(run, numbers)


def _kept(folder: RunFolder) -> tuple[Path, ...]:
    return folder.metrics, folder.strip, folder.log, folder.output


def _numbers(run: RunFolder) -> list[int]:
    names = (path.name.removeprefix(ATTEMPT) for path in run.path.glob(f"{ATTEMPT}*"))
    return [int(name) for name in names if name.isdecimal()]


def _forget(run: RunFolder, numbers: list[int]) -> None:
    for number in numbers:
        shutil.rmtree(run.attempt(number).path, ignore_errors=True)


def _copy_all(source: Path, target: Path) -> None:
    """Make the checkpoints of a folder those of another."""
    names = {path.name for path in source.glob("*.npz")}
    if names:
        target.mkdir(exist_ok=True)
    for name in sorted(names):
        _copy(source / name, target / name, is_fixed=True)
    for path in target.glob("*.npz"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _copy(source: Path, target: Path, *, is_fixed: bool = False) -> None:
    """Copy a file whole, unless that was done; what is never changed may be one file twice."""
    with contextlib.suppress(FileNotFoundError):  # not written yet, or dropped just now
        if _mark(source) == _mark(target):
            return
        part = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
        try:
            if not (is_fixed and _try_to_link(source, part)):
                shutil.copy2(source, part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)


def _try_to_link(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a folder without links
        return False
    return True


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _move(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(source, target)
