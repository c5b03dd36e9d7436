"""Write a backup: hold every thing as it is, pack it, read it again, then put it in place."""

import contextlib
import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import files, locks
from core.backups import checking, contents, moments, refusals
from core.backups.manifest import FORMAT, MANIFEST, KeptFile, Manifest
from core.backups.moments import HeldFile
from core.classroom import people
from core.classroom.folder import folder_in
from core.errors import Problem
from core.records import RunState, State
from core.runs import making
from core.trash import leftovers
from core.words import say
from core.workspace import Workspace

CHUNK = 2**20  # bytes
_PICTURES = (".png", ".jpg")  # never written to again: those that were handed out lie there once
_PATIENCE = 3600.0  # seconds that one backup waits for another
Watcher = Callable[[float], None]


def back_up(root: Path, out: Path, watch: Watcher = lambda share: None) -> tuple[Path, Manifest]:
    """Write a backup of a workspace and of all that are in it, whole or not at all.

    ``out``: a ZIP, or a folder that gets one named by the moment. ``watch`` is told which share is
    done. Raises `UserError`, and `OSError` where the system refuses.
    """
    if not any(True for _ in contents.units(root)):
        raise refusals.nothing_there(root)
    path, part = _target(out)
    with _links(root) as links:
        held = [file for unit in contents.units(root) for file in moments.hold(root, unit, links)]
        _check_room(path, sum({file.identity: file.size for file in held}.values()))
        manifest = _written(path, part, held, watch, folders=_folders(root))
    return path, manifest


def write_run(ws: Workspace, run_id: str, out: Path, names: Set[str]) -> tuple[Path, Manifest]:
    """Write the files of those names of a run, as one moment of it. Raises `UserError`."""
    path, part = _target(out)
    with _links(ws.root) as links:
        found = moments.hold(ws.root, ws.run(run_id).path, links)
        held = [file for file in found if file.name.count("/") == 2 and file.path.name in names]
        _check_room(path, sum(file.size for file in held))
        manifest = _written(path, part, held, lambda share: None, run=run_id)
    return path, manifest


def _written(path: Path, part: Path, held: list[HeldFile], watch: Watcher, **more: Any) -> Manifest:
    """Pack what is held, read it again, and put it in place."""
    try:
        _pack(part, held, watch, **more)
        manifest = checking.verify(part, lambda share: watch(0.5 + share / 2))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    files.sync_folder(path.parent)
    return manifest


def _target(out: Path) -> tuple[Path, Path]:
    """Give what is written, and what it is called before: one that was killed is written over."""
    if out.is_dir():
        moment = making.new_id(time.time())[:15]
        return out / f"thaw-{moment}.zip", out / ".thaw.zip.part"
    if out.suffix.lower() != ".zip" or not out.absolute().parent.is_dir():
        raise refusals.odd_target(out)
    if out.exists() and not checking.looks_like_one(out):
        raise refusals.not_ours(out)
    return out, out.with_name(f".{out.name}.part")


def _check_room(path: Path, num_bytes: int) -> None:
    free = shutil.disk_usage(path.absolute().parent).free
    if free < num_bytes:
        raise refusals.too_little_room(num_bytes, free, path.absolute().parent)


@contextlib.contextmanager
def _links(root: Path) -> Iterator[Path | None]:
    """Give a folder for links, which one that was killed may have left; None: nobody may write."""
    ws = Workspace(root)
    links = leftovers.links_of(ws)
    try:
        ws.staging.mkdir(parents=True, exist_ok=True)
    except OSError:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locks.hold(leftovers.lock_of(ws), patience=_PATIENCE))
            shutil.rmtree(links, ignore_errors=True)
            links.mkdir()
        except PermissionError:
            yield None
            return
        stack.callback(shutil.rmtree, links, ignore_errors=True)
        yield links


def _folders(root: Path) -> tuple[str, ...]:
    """Give the folders of pupils, who have one before they have anything in it."""
    room = folder_in(root)
    homes = people.workspaces(room)[1:] if room.path.is_dir() else []
    return tuple(home.root.relative_to(root).as_posix() for home in homes)


def _pack(part: Path, held: list[HeldFile], watch: Watcher, **more: Any) -> None:
    """Pack what is held, and what it is, into a file for its owner alone."""
    total, done, stored = max(1, sum(file.size for file in held)), 0, list[KeptFile]()
    ends, known = _ends(held), dict[tuple[int, int], KeptFile]()
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
            for file in held:
                first = known.get(file.identity)
                added = _again(file, first) if first else _add(packed, file, ends)
                if file.path.suffix in _PICTURES:
                    known.setdefault(file.identity, added)
                stored.append(added)
                done += file.size
                watch(done / total / 2)
            made = Manifest(format=FORMAT, made_at=time.time(), files=tuple(stored), **more)
            packed.writestr(_entry(MANIFEST), files.encode(made))
        out.flush()
        os.fsync(out.fileno())


def _again(file: HeldFile, first: KeptFile) -> KeptFile:
    """Say of a picture that another pupil has, too, that it is the same one."""
    return replace(first, name=file.name, same_as=first.same_as or first.name)


def _ends(held: Sequence[HeldFile]) -> Mapping[str, State]:
    """Give what has become of runs that saved their model, whatever their state says by now."""
    names = {file.name for file in held}
    folders = {
        folder
        for folder, _, name in (name.rpartition("/") for name in names)
        if name in ("model.json", "judged.json")  # written last
    }
    return {
        folder: State.STOPPED if f"{folder}/stop" in names else State.DONE for folder in folders
    }


def _add(packed: zipfile.ZipFile, file: HeldFile, ends: Mapping[str, State]) -> KeptFile:
    """Copy a file as it was held, and name its hash."""
    folder = file.name.rpartition("/")[0]
    digest, size = hashlib.sha256(), 0
    with packed.open(_entry(file.name), "w", force_zip64=file.size >= 2**31) as entry:
        for data in _bytes(file, ends.get(folder, State.FAILED)):
            digest.update(data)
            size += len(data)
            entry.write(data)
    if not moments.is_same(file):
        raise refusals.changed_meanwhile(file.name)
    return KeptFile(name=file.name, size=size, sha256=digest.hexdigest())


def _bytes(file: HeldFile, end: State) -> Iterator[bytes]:
    try:
        opened = file.path.open("rb")
    except FileNotFoundError:
        raise refusals.changed_meanwhile(file.name) from None
    with opened:
        if file.name.endswith(".jsonl"):  # a line that is being written is left out
            data = opened.read(file.size)
            yield data[: data.rfind(b"\n") + 1]
        elif file.name.endswith("/state.json") and "runs/" in file.name:
            yield _at_rest(opened.read(), end)
        else:
            left = file.size
            while left and (data := opened.read(min(CHUNK, left))):
                left -= len(data)
                yield data


def _at_rest(data: bytes, end: State) -> bytes:
    """Have a run that is under way wait for whoever resumes it: nobody trains it there."""
    try:
        state = files.decode(RunState, data.decode("utf-8"))
    except (ValueError, TypeError, AttributeError):
        return data  # damaged as it is, it is as it was
    if state.state not in (State.QUEUED, State.RUNNING):
        return data
    error = _NOT_OVER if end is State.FAILED else None
    return files.encode(replace(state, state=end, attempt=0, error=error)).encode("utf-8")


_NOT_OVER = Problem(
    what=say("The run had not ended when this backup was made."),
    expected=say("It goes on from its last whole epoch, if it had one."),
    mend=say("Resume it, or delete it."),
)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o100600 << 16
    return entry
