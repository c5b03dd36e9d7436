"""Records to and from JSON files. Every write is whole or not at all."""

import dataclasses
import errno
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from core.errors import UserError
from core.words import say

T = TypeVar("T")
_ODD = re.compile("[\ud800-\udfff]")
FULL = (errno.ENOSPC, errno.EDQUOT)  # the disk, or the share of it that a user may take
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)  # to be looked at only, or not even that


def encode(record: Any) -> str:
    """Turn a record into one line of JSON; NaN and infinity are refused."""
    text = json.dumps(dataclasses.asdict(record), allow_nan=False, ensure_ascii=False)
    return _ODD.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """Write a byte of a path that is not UTF-8, which Python has as half a character, as JSON."""
    return f"\\u{ord(found[0]):04x}"


def decode(cls: type[T], text: str) -> T:
    """Rebuild a record. Unknown keys are ignored, so an older build can read a newer file."""
    built: T = build(cls, json.loads(text))
    return built


def build(kind: Any, value: Any, *, exact: bool = False) -> Any:
    """Rebuild a value of an annotated type from what JSON gave.

    ``exact``: a field too much or too few raises `UserError`, in records within records as well.
    """
    builder = _builder(kind, exact)
    return value if builder is None else builder(value)


Builder = Callable[[Any], Any]


@cache
def _builder(kind: Any, exact: bool) -> Builder | None:
    """Give what rebuilds values of a type, found once for all of them; None: they stay as is."""
    if isinstance(kind, UnionType):
        return _of_union(kind, exact)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return partial(_record, kind, exact)
    if get_origin(kind) is tuple:
        return _of_tuple(get_args(kind), exact)
    return kind if isinstance(kind, type) and issubclass(kind, Enum | float) else None


def _of_tuple(kinds: tuple[Any, ...], exact: bool) -> Builder:
    if kinds[-1] is Ellipsis:
        inner = _builder(kinds[0], exact)
        return tuple if inner is None else lambda values: tuple(map(inner, values))
    inners = [_builder(kind, exact) or _as_is for kind in kinds]
    return lambda values: tuple(b(v) for b, v in zip(inners, values, strict=True))


def _as_is(value: Any) -> Any:
    return value


def _of_union(kind: UnionType, exact: bool) -> Builder | None:
    kinds = [k for k in get_args(kind) if k is not NoneType]
    records = [k for k in kinds if dataclasses.is_dataclass(k) or get_origin(k) is tuple]
    if len(kinds) == 1:
        one = _builder(kinds[0], exact)
        return None if one is None else lambda value: None if value is None else one(value)
    if not records:
        return None
    first = _builder(records[0], exact) or _as_is
    return lambda value: first(value) if isinstance(value, dict | list) else value


def _record(kind: Any, exact: bool, value: dict[str, Any]) -> Any:
    if exact:
        _check_fields(kind, value)
    known, given = _fields(kind, exact), {}
    for key, inner in value.items():
        if key in known:
            name, builder = known[key]
            given[name] = inner if builder is None else builder(inner)
    return kind(**given)


@cache
def _fields(kind: Any, exact: bool) -> dict[str, tuple[str, Builder | None]]:
    """Give field and builder for each key of JSON, also those that fields were called before."""
    hints, fields = get_type_hints(kind), dataclasses.fields(kind)
    known = {field.name: (field.name, _builder(hints[field.name], exact)) for field in fields}
    renamed = {f.metadata["was"]: known[f.name] for f in fields if "was" in f.metadata}
    return known | renamed


def _check_fields(kind: Any, value: dict[str, Any]) -> None:
    known = {field.name: field for field in dataclasses.fields(kind)}
    needed = {name for name, field in known.items() if _is_needed(field)}
    if wrong := sorted((value.keys() - known) | (needed - value.keys())):
        raise UserError(
            say("'{record}' came with other fields: {wrong}.", record=kind.__name__,
                wrong=", ".join(wrong)),
            expected=say("Its fields are: {known}.", known=", ".join(known)),
            mend=say("Start Thaw again, so that all of it is of one version."),
        )  # fmt: skip


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def write_text(path: Path, text: str) -> None:
    """Write beside, flush to disk, then rename: a reader sees the old file or the new one."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes whole or not at all; on failure nothing is left behind."""
    _write_pieces(path, (data,))


def _write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def parts(*folders: Path) -> Iterator[Path]:
    """Find what writes that were killed left in folders; one that goes on looks the same."""
    for folder in folders:
        yield from folder.glob(".*.part")


def write_record(path: Path, record: Any) -> None:
    write_text(path, encode(record))


def read_record(path: Path, cls: type[T]) -> T:
    """Read a record. Raises `UserError` where its file is damaged, as after a disk failure."""
    text = path.read_bytes()
    try:
        return decode(cls, text.decode("utf-8"))
    except UserError:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> UserError:
    return UserError(
        say("The file {path} is damaged.", path=str(path)),
        expected=say("It should be as Thaw wrote it."),
        mend=say("Bring it back from a backup, or delete what it belongs to."),
    )


def append_record(path: Path, record: Any) -> None:
    """Add one line. A line cut off by a crash is ended first, so it spoils only itself."""
    with path.open("ab+") as file:
        if file.tell() and not _ends_with_newline(file):
            file.write(b"\n")
        file.write(encode(record).encode("utf-8") + b"\n")


def _ends_with_newline(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write one record a line, whole or not at all; the text of all never lies in memory."""
    _write_pieces(path, (f"{encode(record)}\n".encode() for record in records))


def read_records(path: Path, cls: type[T]) -> tuple[T, ...]:
    """Read all complete lines; a last line still being written, or cut off, is left out."""
    return tuple(build(cls, row) for row in _rows(path))


def read_rows(path: Path) -> tuple[dict[str, Any], ...]:
    """Read all complete lines of JSON objects as dictionaries."""
    return tuple(_rows(path))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read line by line: of 100,000 images the rows of all at once take several hundred MB."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n") and (row := parse_row(line)) is not None:
                yield row


def parse_row(line: bytes) -> dict[str, Any] | None:
    """Read one line as a JSON object; None when it is none, or was torn inside a letter."""
    try:
        row = json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def sha256(path: Path) -> str:
    """Hash a file without reading it whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
