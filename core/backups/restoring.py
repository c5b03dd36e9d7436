"""Bring a backup back: beside the place, checked to the last byte, then there in one step."""

import contextlib
import errno
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from core import files, locks
from core.backups import checking, refusals
from core.backups.manifest import Manifest
from core.workspace import Workspace

_IMMOVABLE = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM)
PATIENCE = 3600.0  # seconds that one waits for another that brings back to the same place
# What a start of Thaw leaves where nothing was ever done.
_LITTLE = {
    *("cache", "secret.key", "worker.log", "no_worker.json", "chosen.json"),
    *("https.crt", "https.key"),
}
_LITTLE_OF_CLASS = {"classroom.json", "turns.json", "serving.json", "serving.log", "slots", "seen"}


def restore(
    path: Path, root: Path, watch: Callable[[float], None] = lambda share: None
) -> Manifest:
    """Make a workspace of a backup, whole or not at all; nothing is ever overwritten.

    Raises `UserError` for what is no whole backup, and where the folder is not empty.
    """
    root = root.resolve()  # where it is a link, what it leads to
    if locks.is_held(Workspace(root).app_lock):
        raise refusals.in_use(root)
    if not is_unused(root):
        raise refusals.not_empty(root)
    with checking.opened(path) as (archive, manifest), _beside(root) as beside:
        if manifest.run:  # brought in by its own gate: `core.backups.single`
            raise refusals.one_run()
        _check_room(beside, manifest.num_bytes)
        made = beside / "workspace"
        _unpack(archive, manifest, made, watch)
        _put(made, root)
    return manifest


@contextlib.contextmanager
def _beside(root: Path) -> Iterator[Path]:
    """Give a folder beside a place; what one that was killed has left there goes first."""
    beside = root.with_name(f".{root.name}.restoring")
    beside.mkdir(parents=True, exist_ok=True)
    with locks.hold(beside / "lock", patience=PATIENCE):
        try:
            for left in ("workspace", "gone"):
                shutil.rmtree(beside / left, ignore_errors=True)
            yield beside
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def is_unused(root: Path) -> bool:
    """Tell whether a folder is not there, or has nothing in it that anybody would miss."""
    if not root.exists():
        return True
    if not root.is_dir():
        return False
    for folder, _, names in os.walk(root):
        parts = Path(folder).relative_to(root).parts
        for name in names:
            little = (*parts, name)[0] in _LITTLE or name.endswith((".lock", ".part"))
            of_class = parts[:1] == ("classroom",) and (*parts, name)[1] in _LITTLE_OF_CLASS
            if not (little or of_class):
                return False
    return True


def _check_room(folder: Path, num_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < num_bytes:
        raise refusals.too_little_room(num_bytes, free, folder)


def _unpack(
    archive: zipfile.ZipFile, manifest: Manifest, made: Path, watch: Callable[[float], None]
) -> None:
    """Write every file as its hash says that it was, for its owner alone."""
    made.mkdir(mode=0o700)
    done = 0
    for name in manifest.folders:
        (made / name).mkdir(parents=True, exist_ok=True)
    for file in sorted(manifest.files, key=lambda file: bool(file.same_as)):
        target = made / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.same_as:
            _share(made / file.same_as, target)
            continue
        with target.open("xb") as out:
            for data in checking.read(archive, file):
                out.write(data)
            out.flush()
            os.fsync(out.fileno())
        done += file.size
        watch(done / max(1, manifest.num_bytes))


def _share(first: Path, target: Path) -> None:
    """Give a file a second name; where the disk has none, a copy."""
    try:
        os.link(first, target)
    except OSError:
        shutil.copyfile(first, target)


def _put(made: Path, root: Path) -> None:
    """Put what is whole in its place; the little that was there goes."""
    away = made.with_name("gone")
    try:
        with contextlib.suppress(FileNotFoundError):
            os.rename(root, away)
        os.rename(made, root)
    except OSError as error:
        if away.exists() and not root.exists():
            os.rename(away, root)
        if error.errno in _IMMOVABLE:
            raise refusals.immovable(root) from error
        raise
    files.sync_folder(root.parent)
