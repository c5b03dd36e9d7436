"""What was brought in, as named files that can be read: a folder, an upload, an archive."""

import filecmp
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core import files, names
from core.errors import UserError
from core.ingest.archives import encodings, unusable
from core.ingest.archives.unusable import MAX_FILE
from core.records import FileReport, Verdict
from core.words import Message
from core.workspace import IngestFolder

NAMES = "names.jsonl"  # of an upload: which stored file came under which name


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """One file of an upload: the name it came with, and what it is stored as."""

    file: str
    stored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file to look at: its cleaned path inside the source, and where the source keeps it."""

    parts: tuple[str, ...]
    size: int
    index: int  # in the source's own list

    @property
    def file(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Files to look at, what was set aside at once, and how to read one (from any thread)."""

    entries: tuple[SourceFile, ...]
    reports: tuple[FileReport, ...]  # junk, and what may not be read at all
    folders: frozenset[tuple[str, ...]]
    read: Callable[[SourceFile], bytes]
    warnings: tuple[Message, ...] = ()


class Sorting:
    """Sorts files as they are listed: to look at, junk, or refused by name or size."""

    def __init__(self) -> None:
        self._entries: list[SourceFile] = []
        self._reports: list[FileReport] = []
        self._folders: set[tuple[str, ...]] = set()
        self._seen: set[tuple[str, ...]] = set()

    def folder(self, name: str) -> None:
        """Note a folder, which may be empty; an odd name is no harm as nothing is in it."""
        try:
            parts = names.split(name)
        except UserError:
            return
        if not names.is_junk((*parts, "")):
            self._folders.add(parts)

    def file(self, name: str, size: int, index: int, problem: UserError | None = None) -> None:
        """Note a file."""
        try:
            parts = names.split(name)
        except UserError as error:
            self.refuse(name, error)
            return
        self._folders.update(_parents(parts))
        if names.is_junk(parts):
            self._reports.append(FileReport(file="/".join(parts), verdict=Verdict.JUNK))
        elif problem := problem or self._problem(parts, size):
            self.refuse(name, problem)
        else:
            self._seen.add(parts)
            self._entries.append(SourceFile(parts=parts, size=size, index=index))

    def refuse(self, name: str, error: UserError) -> None:
        self._reports.append(
            FileReport(file=names.shown(name), verdict=Verdict.REFUSED, reason=names.reason(error))
        )

    def _problem(self, parts: tuple[str, ...], size: int) -> UserError | None:
        if size > MAX_FILE:
            return unusable.too_big(size)
        return unusable.twice() if parts in self._seen else None

    def source(
        self, read: Callable[[SourceFile], bytes], warnings: tuple[Message, ...] = ()
    ) -> Source:
        return Source(
            entries=tuple(sorted(self._entries, key=lambda entry: entry.parts)),
            reports=tuple(self._reports),
            folders=frozenset(self._folders),
            read=read,
            warnings=warnings,
        )


def _parents(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the folders above a file, unless systems leave them behind."""
    for length in range(1, len(parts)):
        if not names.is_junk((*parts[:length], "")):
            yield parts[:length]


def folder(root: Path, encoding: str = "") -> Source:
    """List a folder. Links to files are read, links to folders are not followed.

    ``encoding`` is that of names that are not UTF-8; else it is guessed.
    """
    sorting, paths = Sorting(), list[Path]()
    warnings = _walk(sorting, paths, root, encoding)
    return sorting.source(lambda entry: _read(paths[entry.index]), warnings)


def _walk(sorting: Sorting, paths: list[Path], root: Path, encoding: str) -> tuple[Message, ...]:
    """Note everything below ``root`` by its path from there; warn of a guessed encoding."""
    errors: list[OSError] = []
    walked = list(os.walk(root, onerror=errors.append))
    listed = (name for _, folders, found in walked for name in (*folders, *found))
    text, warnings = encodings.on_disk(listed, encoding)

    def name_of(path: str | Path) -> str:
        parts = Path(path).relative_to(root).parts
        return "/".join(text.get(part, part).replace("\\", "_") for part in parts) or "."

    for error in errors:
        sorting.refuse(name_of(error.filename or root), unusable.unreadable(error))
    for above, folders, found in walked:
        for name in sorted(folders):
            inside = name_of(os.path.join(above, name))
            sorting.folder(inside)
            if os.path.islink(os.path.join(above, name)):
                sorting.refuse(inside, unusable.linked_folder())
        for name in sorted(found):
            path = Path(above, name)
            _note(sorting, name_of(path), path, len(paths))
            paths.append(path)
    return warnings


def _note(sorting: Sorting, name: str, path: Path, index: int) -> None:
    try:
        info = path.stat()
    except OSError as error:
        sorting.refuse(name, unusable.unreadable(error))
        return
    special = None if stat.S_ISREG(info.st_mode) else unusable.special()
    sorting.file(name, info.st_size, index, special)


def single(path: Path) -> Source:
    """List one file."""
    sorting = Sorting()
    _note(sorting, encodings.readable(path.name).replace("\\", "_"), path, 0)
    return sorting.source(lambda entry: _read(path))


def upload(staged: IngestFolder) -> Source:
    """List what a browser sent, under the names it came with.

    Phones call every photo 'image.jpg': another picture of the same name gets a number.
    """
    rows = {row.stored: row for row in files.read_records(staged.incoming / NAMES, UploadedFile)}
    sorting, paths, taken = Sorting(), list[Path](), dict[str, Path]()
    for row in rows.values():
        path = staged.incoming / row.stored
        if path.is_file():
            name = _untaken(row.file, path, taken)
            taken.setdefault(name, path)
            sorting.file(name, path.stat().st_size, len(paths))
            paths.append(path)
    return sorting.source(lambda entry: _read(paths[entry.index]))


def _untaken(name: str, path: Path, taken: Mapping[str, Path]) -> str:
    """Give a name that no other picture has; the same file sent again keeps its own."""
    stem, dot, suffix = name.rpartition(".")
    tried, number = name, 1
    while tried in taken and not filecmp.cmp(taken[tried], path, shallow=False):
        number += 1
        tried = f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"
    return tried


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: what was a file when it was listed may be a pipe by now."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise unusable.special()
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise unusable.unreadable(error) from error
    if len(data) > MAX_FILE:
        raise unusable.too_big(len(data))
    return data
