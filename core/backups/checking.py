"""Look through a backup before anything comes of it: its list, its names, every byte.

All of it is stored, never packed, and together no larger than the file: nothing can swell.
"""

import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from core import files, names
from core.backups import contents, refusals
from core.backups.manifest import FORMAT, MANIFEST, KeptFile, Manifest
from core.errors import UserError
from core.words import say

CHUNK = 2**20  # bytes
_MAX_MANIFEST = 2**30
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError)
_DEEPEST = 16  # folders in each other


def looks_like_one(path: Path) -> bool:
    """Tell whether a file is a backup, whole or not."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (*_BROKEN, OSError):
        return False


def is_run(path: Path) -> bool:
    """Tell whether a backup is that of one run. Raises `UserError` where it is none."""
    with opened(path) as (_, manifest):
        return bool(manifest.run)


def verify(path: Path, watch: Callable[[float], None] = lambda share: None) -> Manifest:
    """Read all of a backup and give its list. Raises `UserError` where one byte is not right."""
    with opened(path) as (archive, manifest):
        done = 0
        for file in manifest.files:
            if file.same_as:
                continue
            for _ in read(archive, file):
                pass
            done += file.size
            watch(done / max(1, manifest.num_bytes))
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup whose list fits what is in it. Raises `UserError`."""
    if not path.is_file():
        raise refusals.damaged(say("there is no file '{path}'", path=str(path)))
    with _else(refusals.damaged(say("it is no ZIP file, or was cut off"))):
        archive = zipfile.ZipFile(path)
    with archive:
        manifest = _manifest(archive)
        _check_entries(archive, manifest, path.stat().st_size)
        yield archive, manifest


def read(archive: zipfile.ZipFile, file: KeptFile) -> Iterator[bytes]:
    """Read a file of a backup piece by piece. Raises `UserError` unless it is what it was."""
    digest = hashlib.sha256()
    with _else(_is_damaged(file.name)), archive.open(file.name) as entry:
        while data := entry.read(CHUNK):
            digest.update(data)
            yield data
    if digest.hexdigest() != file.sha256:
        raise _is_damaged(file.name)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """Read the list of a backup. Raises `UserError`."""
    if MANIFEST not in archive.namelist():
        raise refusals.damaged(say("it has no list '{name}'", name=MANIFEST))
    entry = archive.getinfo(MANIFEST)
    if entry.file_size > _MAX_MANIFEST or entry.compress_type != zipfile.ZIP_STORED:
        raise refusals.damaged(say("its list is damaged"))
    is_damaged = refusals.damaged(say("its list is damaged"))
    with _else(is_damaged):
        text = archive.read(entry).decode("utf-8")
        _check_format(json.loads(text))
        found = files.decode(Manifest, text)
        known = isinstance(found.format, int) and all(_is_sound(file) for file in found.files)
        texts = (*found.folders, found.run)
        sound = known and all(isinstance(text, str) for text in texts)
    if not sound:
        raise is_damaged
    return found


@contextmanager
def _else(refusal: UserError) -> Iterator[None]:
    """Refuse what is broken with this; what is refused already, or by the disk, stays as it is."""
    try:
        yield
    except UserError:
        raise
    except (*_BROKEN, TypeError, AttributeError, KeyError):
        raise refusal from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning of the file
            raise
        raise refusal from None


def _check_format(listed: Any) -> None:
    """Refuse the list of a newer Thaw before it is read: it may be made otherwise."""
    format = listed.get("format") if isinstance(listed, dict) else None
    if isinstance(format, int) and format > FORMAT:
        raise refusals.too_new(format)


def _is_sound(file: KeptFile) -> bool:
    texts = all(isinstance(text, str) for text in (file.name, file.sha256, file.same_as))
    return texts and isinstance(file.size, int) and file.size >= 0


def _check_entries(archive: zipfile.ZipFile, manifest: Manifest, size: int) -> None:
    """Check that a backup holds the files of its list and nothing else. Raises `UserError`."""
    entries = {entry.filename: entry for entry in archive.infolist()}
    listed = {file.name: file for file in manifest.files}
    if len(entries) < len(archive.infolist()) or len(listed) < len(manifest.files):
        raise refusals.damaged(say("a file is in it twice"))
    packed = {file.name for file in manifest.files if not file.same_as}
    if odd := sorted((packed | {MANIFEST}) ^ entries.keys()):
        raise refusals.damaged(say("'{name}' is too much or missing", name=names.shown(odd[0])))
    for name in (*listed, *manifest.folders):
        _check_name(name, is_folder=name not in listed)
    folders = {str(folder) for name in listed for folder in PurePosixPath(name).parents}
    if both := sorted(folders & listed.keys()):
        raise refusals.damaged(say("'{name}' is a file and a folder", name=names.shown(both[0])))
    for file in manifest.files:
        first = listed.get(file.same_as)
        if file.same_as and (first is None or first != replace(file, name=first.name, same_as="")):
            raise _is_damaged(file.name)
    for name in packed:
        entry, file = entries[name], listed[name]
        plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & _ENCRYPTED
        if not plain or not entry.file_size == entry.compress_size == file.size:
            raise _is_damaged(name)
    if manifest.num_bytes > size:
        raise refusals.damaged(say("its files are larger than all of it"))


def _check_name(name: str, *, is_folder: bool) -> None:
    """Refuse what would come to lie elsewhere. Raises `UserError`."""
    parts = tuple(name.split("/"))
    fits = len(parts) <= _DEEPEST and all(len(os.fsencode(part)) <= 255 for part in parts)
    if not (fits and (contents.is_home if is_folder else contents.is_allowed)(parts)):
        raise refusals.damaged(say("'{name}' does not belong into one", name=names.shown(name)))


def _is_damaged(name: str) -> UserError:
    return refusals.damaged(say("'{name}' is damaged or was changed", name=names.shown(name)))
