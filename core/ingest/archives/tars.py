"""TAR archives, plain or gzipped: unpacked within a budget, ordinary files only."""

import gzip
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from core.ingest.archives import budgets, encodings, unusable
from core.ingest.archives.sources import Sorting, Source
from core.ingest.archives.unusable import MAX_FILE
from core.workspace import IngestFolder

_CHUNK = 1 << 20
_MAX_HEADER = 1 << 20  # bytes; long names and extended headers are read into memory


@contextmanager
def opened(
    path: Path, staged: IngestFolder, *, packed: bool, encoding: str = ""
) -> Iterator[Source]:
    """Open a TAR; a packed one is unpacked beside the upload first."""
    plain = _unpacked(path, staged) if packed else path
    with plain.open("rb") as file:
        members = _members(file, path.stat().st_size)
        yield _source(plain, members, encoding)


def _unpacked(path: Path, staged: IngestFolder) -> Path:
    """Undo the gzip within the budget of an archive."""
    staged.unpacked.mkdir(exist_ok=True)
    plain = staged.unpacked / f"{len(list(staged.unpacked.iterdir()))}.tar"
    limit = min(budgets.MAX_TOTAL, budgets.MAX_GROWTH * path.stat().st_size)
    total = 0
    try:
        with gzip.open(path) as source, plain.open("wb") as target:
            while chunk := source.read(_CHUNK):
                total += len(chunk)
                if total > limit:
                    raise budgets.too_much(total, limit)
                target.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise budgets.damaged() from error
    return plain


class _Bounded:
    """A file that refuses to be read in large pieces, as a header of a bomb would ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_HEADER:
            raise tarfile.ReadError("a header is too long")
        return self._file.read(size)


def _members(file: BinaryIO, size: int) -> list[tarfile.TarInfo]:
    """List a TAR header by header, counting as it goes."""
    members: list[tarfile.TarInfo] = []
    total, limit = 0, min(budgets.MAX_TOTAL, budgets.MAX_GROWTH * size)
    end = os.fstat(file.fileno()).st_size
    bounded = cast(IO[bytes], _Bounded(file))
    try:
        with tarfile.open(fileobj=bounded, mode="r:", errors="surrogateescape") as archive:
            for member in archive:
                members.append(member)
                total += member.size if member.isreg() and member.size <= MAX_FILE else 0
                if len(members) > budgets.MAX_ENTRIES:
                    raise budgets.too_many(len(members))
                if total > limit:
                    raise budgets.too_much(total, limit)
                if member.isreg() and not member.sparse and member.offset_data + member.size > end:
                    raise budgets.damaged()
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise budgets.damaged() from error
    return members


def _source(path: Path, members: list[tarfile.TarInfo], encoding: str) -> Source:
    sorting = Sorting()
    raw: list[str | bytes] = [member.name.encode("utf-8", "surrogateescape") for member in members]
    shown = encodings.decode_all(raw, encoding, of_system=True)
    for index, (name, member) in enumerate(zip(shown, members, strict=True)):
        if member.isdir():
            sorting.folder(name)
        else:
            problem = None if member.isreg() and not member.issparse() else budgets.linked_entry()
            sorting.file(name, member.size, index, problem)
    warnings = () if encoding else encodings.warn_of_guess(raw, of_system=True)
    return sorting.source(lambda entry: _read(path, members[entry.index]), warnings)


def _read(path: Path, member: tarfile.TarInfo) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(member.offset_data)
            data = file.read(member.size)
    except OSError as error:
        raise unusable.unreadable(error) from error
    if len(data) != member.size:
        raise budgets.damaged()
    return data
