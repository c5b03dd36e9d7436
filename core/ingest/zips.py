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
from core.ingest import encodings, names
from core.ingest.sources import MAX_FILE, Sorting, Source
from core.words import say

MAX_ENTRIES = 50_000
MAX_TOTAL = 4 << 30  # bytes in all
MAX_GROWTH = 20  # times the size of the archive, in all
MAX_RATIO = 200  # times, for one entry
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
def opened(path: Path) -> Iterator[Source]:
    """Open a ZIP after its end record, its directory and its places were found in order."""
    with path.open("rb") as file:
        count = _count(file)
        if count > MAX_ENTRIES:
            raise too_many(count)
        with _archive(file) as archive:
            infos = [info for info in archive.infolist() if not _is_folder(info)]
            _check_whole(file, archive, count)
            yield _source(archive, infos)


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise damaged() from error


def _count(file: BinaryIO) -> int:
    """Read the number of entries from the end record, before anything is parsed."""
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - _END.size - 65_535)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise damaged()
    _, disk, _, _, count, directory, _, _ = _END.unpack_from(tail, at)
    if disk not in (0, 0xFFFF):
        raise damaged()
    before = tail[max(0, at - _LOCATOR64.size) : at]
    if before.startswith(b"PK\x06\x07") and len(before) == _LOCATOR64.size:
        count, directory = _count64(file, _LOCATOR64.unpack(before)[2])
    if directory > _MAX_DIRECTORY:
        raise too_many(max(count, MAX_ENTRIES + 1))
    return int(count)


def _count64(file: BinaryIO, place: int) -> tuple[int, int]:
    try:
        file.seek(place)
        record = _END64.unpack(file.read(_END64.size))
    except (struct.error, OSError, OverflowError) as error:
        raise damaged() from error
    if record[0] != b"PK\x06\x06":
        raise damaged()
    return record[7], record[8]


def _check_whole(file: BinaryIO, archive: zipfile.ZipFile, count: int) -> None:
    """Check what concerns the archive as a whole: number, sum of sizes, overlaps."""
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise too_many(len(infos))
    if len(infos) != count:
        raise damaged()
    size = file.seek(0, os.SEEK_END)
    total = sum(info.file_size for info in infos if not _is_bomb(info))
    limit = min(MAX_TOTAL, MAX_GROWTH * size)
    if total > limit:
        raise too_much(total, limit)
    _check_places(file, infos, archive.start_dir)


def _check_places(file: BinaryIO, infos: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Refuse entries that share bytes: such archives unpack to many times what they hold."""
    places = sorted(infos, key=lambda info: info.header_offset)
    limits = [*(info.header_offset for info in places[1:]), end]
    for info, limit in zip(places, limits, strict=False):
        if _end_of(file, info) > limit:
            raise _overlap(info)


def _end_of(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    file.seek(max(0, info.header_offset))
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise damaged()
    name_length, extra_length = _LOCAL.unpack(header)[-2:]
    return info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size


def _source(archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> Source:
    sorting = Sorting()
    raw = [_raw(info) for info in archive.infolist()]
    shown = dict(zip(map(id, archive.infolist()), encodings.decode_all(raw), strict=True))
    for info in archive.infolist():
        if _is_folder(info):
            sorting.folder(shown[id(info)])
    for place, info in enumerate(infos):
        sorting.file(shown[id(info)], info.file_size, place, _problem(info))
    warnings = encodings.warn_of_guess(raw)
    return sorting.source(lambda entry: _read(archive, infos[entry.place]), warnings)


def _raw(info: zipfile.ZipInfo) -> str | bytes:
    """Give the name as it was stored: text when the archive says that it is UTF-8."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    return info.orig_filename.encode("cp437")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\")) and not info.file_size


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > MAX_FILE or info.file_size > MAX_RATIO * max(1, info.compress_size)


def _problem(info: zipfile.ZipInfo) -> UserError | None:
    """Say why one entry may not be read, while the others may."""
    mode = info.external_attr >> 16 & _KIND
    if info.flag_bits & _ENCRYPTED:
        return _locked()
    if mode == _SYMLINK or mode not in _ORDINARY:
        return linked()
    if info.compress_type not in _METHODS:
        return _odd_packing()
    if info.file_size <= MAX_FILE and _is_bomb(info):
        return _bomb(info)
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _damaged_entry() from error
    except (NotImplementedError, RuntimeError) as error:
        raise _odd_packing() from error


def damaged() -> UserError:
    return UserError(
        say("The archive is damaged or was not copied to its end."),
        expected=say("A whole ZIP archive."),
        mend=say("Copy or download it again, or pack it again."),
    )


def too_many(count: int) -> UserError:
    return UserError(
        say("The archive has too many entries: {count}.", count=count),
        expected=say("An archive may have up to {limit} entries.", limit=MAX_ENTRIES),
        mend=say("Split it in two, and add the second one later."),
    )


def too_much(total: int, limit: int) -> UserError:
    return UserError(
        say("The archive would unpack to {megabytes} MB.", megabytes=-(-total // 2**20)),
        expected=say(
            "Up to {limit} MB are unpacked: {growth} times its size, and never over {most} GB.",
            limit=round(limit / 2**20, 1),
            growth=MAX_GROWTH,
            most=MAX_TOTAL >> 30,
        ),
        mend=say("Unpack it yourself and choose the folder."),
    )


def _overlap(info: zipfile.ZipInfo) -> UserError:
    return UserError(
        say("Entries of the archive overlap at '{name}'.", name=names.shown(info.filename)),
        expected=say("Each entry has bytes of its own; this is how archive bombs are built."),
        mend=say("Do not unpack it. Ask where it came from, or pack the pictures again."),
    )


def _bomb(info: zipfile.ZipInfo) -> UserError:
    return UserError(
        say(
            "The entry would unpack to {times} times its packed size.",
            times=info.file_size // max(1, info.compress_size),
        ),
        expected=say("Up to {limit} times; pictures never need more.", limit=MAX_RATIO),
        mend=say("Leave it out."),
    )


def _locked() -> UserError:
    return UserError(
        say("The entry is encrypted with a password."),
        expected=say("Entries that anybody can read."),
        mend=say("Pack the archive again without a password."),
    )


def linked() -> UserError:
    return UserError(
        say("This is a link or a device, not a file."),
        expected=say("Ordinary files and folders."),
        mend=say("Put the picture itself into the archive."),
    )


def _damaged_entry() -> UserError:
    return UserError(
        say("The entry is damaged inside the archive."),
        expected=say("Bytes that agree with their checksum."),
        mend=say("Pack the archive again."),
    )


def _odd_packing() -> UserError:
    return UserError(
        say("The entry is packed in a way that cannot be read here."),
        expected=say("Entries stored or packed with Deflate."),
        mend=say("Pack the archive again with the system's own ZIP."),
    )
