"""ZIP archives: end record first, no overlaps, no tricks with names, budgets before bytes."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import UserError
from core.ingest.archives import budgets, encodings
from core.ingest.archives.sources import Sorting, Source
from core.ingest.archives.unusable import MAX_FILE

_MAX_DIRECTORY = 32 << 20  # bytes of names
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_SYMLINK, _KIND = 0o120000, 0o170000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for any memory
_ORDINARY = (0, 0o100000, 0o040000)


@contextmanager
def opened(path: Path, encoding: str = "") -> Iterator[Source]:
    """Open a ZIP after its end record, its directory and its offsets were found in order."""
    with path.open("rb") as file, _listed(file) as (archive, count):
        _check_whole(file, archive, count)
        yield _source(archive, encoding)


def stored_names(path: Path) -> list[str | bytes]:
    """Give the names in a ZIP: text where it says that they are UTF-8, else bytes."""
    with path.open("rb") as file, _listed(file) as (archive, _):
        return [_raw(info) for info in archive.infolist()]


@contextmanager
def _listed(file: BinaryIO) -> Iterator[tuple[zipfile.ZipFile, int]]:
    """Read the directory of a ZIP whose end record promises one of a bearable size."""
    count = _count(file)
    if count > budgets.MAX_ENTRIES:
        raise budgets.too_many(count)
    with _archive(file) as archive:
        yield archive, count


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise budgets.damaged() from error


def _count(file: BinaryIO) -> int:
    """Read the number of entries from the end record, before anything is parsed."""
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - _END.size - 65_535)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise budgets.damaged()
    _, disk, _, _, count, directory, _, _ = _END.unpack_from(tail, at)
    if disk not in (0, 0xFFFF):
        raise budgets.damaged()
    before = tail[max(0, at - _LOCATOR64.size) : at]
    if before.startswith(b"PK\x06\x07") and len(before) == _LOCATOR64.size:
        count, directory = _count64(file, _LOCATOR64.unpack(before)[2])
    if directory > _MAX_DIRECTORY:
        raise budgets.too_many(max(count, budgets.MAX_ENTRIES + 1))
    return int(count)


def _count64(file: BinaryIO, offset: int) -> tuple[int, int]:
    found = _read_at(file, offset, _END64.size)
    if len(found) < _END64.size or not found.startswith(b"PK\x06\x06"):
        raise budgets.damaged()
    record = _END64.unpack(found)
    return record[7], record[8]


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """Read bytes at an offset that the archive names: it may lie beyond any file."""
    try:
        file.seek(offset)
        return file.read(size)
    except (OSError, ValueError, OverflowError) as error:
        raise budgets.damaged() from error


def _check_whole(file: BinaryIO, archive: zipfile.ZipFile, count: int) -> None:
    """Check what concerns the archive as a whole: number, sum of sizes, overlaps."""
    infos = archive.infolist()
    if len(infos) > budgets.MAX_ENTRIES:
        raise budgets.too_many(len(infos))
    if len(infos) != count:
        raise budgets.damaged()
    size = file.seek(0, os.SEEK_END)
    total = sum(info.file_size for info in infos if not _is_bomb(info))
    limit = min(budgets.MAX_TOTAL, budgets.MAX_GROWTH * size)
    if total > limit:
        raise budgets.too_much(total, limit)
    _check_places(file, infos, archive.start_dir)


def _check_places(file: BinaryIO, infos: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Refuse entries that share bytes: such archives unpack to many times what they hold."""
    by_offset = sorted(infos, key=lambda info: info.header_offset)
    limits = [*(info.header_offset for info in by_offset[1:]), end]
    for info, limit in zip(by_offset, limits, strict=False):
        if _end_of(file, info) > limit:
            raise budgets.overlap(info.filename)


def _end_of(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    header = _read_at(file, max(0, info.header_offset), _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise budgets.damaged()
    name_length, extra_length = _LOCAL.unpack(header)[-2:]
    return info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size


def _source(archive: zipfile.ZipFile, encoding: str) -> Source:
    sorting, infos = Sorting(), archive.infolist()
    raw = [_raw(info) for info in infos]
    shown = encodings.decode_all(raw, encoding)
    for name, info in zip(shown, infos, strict=True):
        if _is_folder(info):
            sorting.folder(name)
    for index, (name, info) in enumerate(zip(shown, infos, strict=True)):
        if not _is_folder(info):
            sorting.file(name, info.file_size, index, _problem(info))
    warnings = () if encoding else encodings.warn_of_guess(raw)
    return sorting.source(lambda entry: _read(archive, infos[entry.index]), warnings)


def _raw(info: zipfile.ZipInfo) -> str | bytes:
    """Give the name as it was stored: text when the archive says that it is UTF-8."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    return info.orig_filename.encode("cp437")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\")) and not info.file_size


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > MAX_FILE or info.file_size > budgets.MAX_RATIO * max(
        1, info.compress_size
    )


def _problem(info: zipfile.ZipInfo) -> UserError | None:
    """Say why one entry may not be read, while the others may."""
    mode = info.external_attr >> 16 & _KIND
    if info.flag_bits & _ENCRYPTED:
        return budgets.locked()
    if mode == _SYMLINK or mode not in _ORDINARY:
        return budgets.linked_entry()
    if info.compress_type not in _METHODS:
        return budgets.odd_packing()
    if info.file_size <= MAX_FILE and _is_bomb(info):
        return budgets.bomb(info.file_size // max(1, info.compress_size))
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise budgets.damaged_entry() from error
    except (NotImplementedError, RuntimeError) as error:
        raise budgets.odd_packing() from error
