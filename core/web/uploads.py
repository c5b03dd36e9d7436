"""Files as they arrive from a browser: numbered, capped, and written whole or not at all.

What a user calls a file never becomes a path: a file is stored under its number, and the names
stand in ``names.jsonl`` beside them.
"""

import json
import os
import struct
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from core import files, natural, trash
from core.classroom import quotas
from core.errors import UserError
from core.workspace import Workspace

MAX_FILES = 50_000
MAX_FILE_BYTES = 4 * 2**30  # an archive; ingest holds single images to less
MAX_TOTAL_BYTES = 8 * 2**30
MAX_BODY_BYTES = 20 * 2**20  # the page sends at most 8 MB at a time
MAX_NAME = 1000
HOURS_VALID = 6
_NAMES = "names.jsonl"


class RefusedError(Exception):
    """A request that breaks the rules of the upload protocol; the status says which."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file that has arrived whole."""

    file: str  # its path as the user's machine calls it; untrusted, only ever shown
    stored: str  # its number: what it is called here
    num_bytes: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a slice of one, within a request."""

    number: int
    name: str
    num_bytes: int
    offset: int
    total: int

    def check(self) -> None:
        """Raises `RefusedError` for numbers that do not fit together."""
        whole_numbers = (self.number, self.num_bytes, self.offset, self.total)
        if not all(isinstance(value, int) and value >= 0 for value in whole_numbers):
            raise RefusedError(400, "negative or odd numbers")
        if not isinstance(self.name, str) or not 0 < len(self.name) <= MAX_NAME:
            raise RefusedError(400, "a name is missing or too long")
        if any(0xD800 <= ord(sign) <= 0xDFFF for sign in self.name):
            raise RefusedError(400, "a name that is no text")
        if self.number >= MAX_FILES or self.total > MAX_FILE_BYTES:
            raise RefusedError(413, "too many files, or one that is too large")
        if self.offset + self.num_bytes > self.total:
            raise RefusedError(400, "a slice beyond the end of its file")


def ticket(ingest_id: str, key: str) -> str:
    """Make the permission to send files to one ingest, for some hours."""
    return str(_serializer(key).dumps(ingest_id))


def ingest_of(given: str, key: str) -> str:
    """Read which ingest a ticket is for. Raises `RefusedError` for a forged or an old one."""
    try:
        return str(_serializer(key).loads(given, max_age=HOURS_VALID * 3600))
    except BadSignature:
        raise RefusedError(403, "the ticket is missing, forged or too old") from None


def is_open(ws: Workspace, ingest_id: str) -> bool:
    """Tell whether an ingest still takes files."""
    try:
        staged = ws.ingest(ingest_id)
    except UserError:
        return False
    return staged.incoming.is_dir() and not staged.request.exists()


def received(incoming: Path) -> tuple[StoredFile, ...]:
    """List what has arrived, in the order it was numbered; a file sent twice counts once."""
    rows = files.read_records(incoming / _NAMES, StoredFile)
    newest = {row.stored: row for row in rows}
    return tuple(newest[name] for name in sorted(newest) if (incoming / name).is_file())


def next_number(rows: Sequence[StoredFile]) -> int:
    """Give the first number that is free in an upload that goes on."""
    return 1 + max((int(row.stored) for row in rows), default=-1)


_AT_ONCE = 16  # files that are written at the same time


@dataclass(slots=True)
class Receiver:
    """Takes request bodies apart and writes their files; one per server, safe across threads."""

    key: str
    max_total_bytes: int = MAX_TOTAL_BYTES
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _bytes: dict[Path, tuple[int, int]] = field(default_factory=dict)  # there, and at most
    # one piece of a file at a time: the browser may send it again before the first has arrived
    _writing: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _ in range(_AT_ONCE))
    )

    def receive(self, ws: Workspace, given: str, body: bytes) -> int:
        """Write every file of a body and return how many; the same body twice changes nothing.

        Raises `RefusedError` for pieces that are not of this upload, and `UserError` where a pupil
        has no room for them.
        """
        incoming = ws.ingest(ingest_of(given, self.key)).incoming
        if not is_open(ws, incoming.parent.name):
            raise RefusedError(410, "this upload was ended")
        pieces, content = _parse(body)
        quotas.check_disk(ws, len(content))
        self._reserve(ws, incoming, len(content))
        whole = []
        for piece in pieces:
            data, content = content[: piece.num_bytes], content[piece.num_bytes :]
            with self._writing[piece.number % _AT_ONCE]:
                is_whole = _write_with_room(incoming, piece, data)
            if is_whole:
                whole.append(
                    StoredFile(file=piece.name, stored=_stored(piece), num_bytes=piece.total)
                )
        _note(incoming, whole)
        return len(whole)

    def _reserve(self, ws: Workspace, incoming: Path, num_bytes: int) -> None:
        known = self._bytes.get(incoming) or _beginning(
            ws, incoming
        )  # outside the lock: it takes long
        with self._lock:
            held, most = self._bytes.get(incoming, known)
            if held + num_bytes > min(most, self.max_total_bytes):
                quotas.check_room(ws, num_bytes)
                raise RefusedError(413, "more bytes than one upload may have")
            self._bytes[incoming] = held + num_bytes, most


def _beginning(ws: Workspace, incoming: Path) -> tuple[int, int]:
    """Count what is there of an upload, and how much of it there may be."""
    held = sum(path.stat().st_size for path in incoming.iterdir())
    left = quotas.num_left(ws)
    return held, MAX_TOTAL_BYTES if left is None else held + left


def _parse(body: bytes) -> tuple[list[Piece], memoryview]:
    """Split a body: 4 bytes of length, a JSON list of pieces, then the bytes of each."""
    try:
        [length] = struct.unpack_from(">I", body)
        pieces = [Piece(*row) for row in json.loads(body[4 : 4 + length])]
    except (struct.error, ValueError, TypeError, RecursionError):
        raise RefusedError(400, "a body that is no upload") from None
    for piece in pieces:
        piece.check()
    content = memoryview(body)[4 + length :]
    if 4 + length + sum(piece.num_bytes for piece in pieces) != len(body):
        raise RefusedError(400, "a body of another length than it says")
    return pieces, content


def _write_with_room(incoming: Path, piece: Piece, data: memoryview) -> bool:
    """Write a piece; what was deleted makes room for it."""
    return trash.with_room(
        incoming / _stored(piece), lambda: _write(incoming, piece, data), num_bytes=len(data)
    )


def _write(incoming: Path, piece: Piece, data: memoryview) -> bool:
    """Write a piece into its ``.part``; tell whether the file is whole, and then has its name."""
    final = incoming / _stored(piece)
    part = final.with_suffix(".part")
    if piece.offset and not part.exists() and _num_bytes(final) == piece.total:
        return True  # the last slice once more: the answer to it was lost
    if piece.offset > _num_bytes(part):
        raise RefusedError(409, "a slice that comes too early")
    with part.open("r+b" if piece.offset else "wb") as file:
        file.seek(piece.offset)
        file.write(data)
        file.truncate()
    if piece.offset + piece.num_bytes < piece.total:
        return False
    os.replace(part, final)
    return True


def _num_bytes(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _stored(piece: Piece) -> str:
    return f"{piece.number:06d}"


def _note(incoming: Path, rows: Iterable[StoredFile]) -> None:
    """Append the names in one write, so that lines of several requests never mix."""
    lines = "".join(files.encode(row) + "\n" for row in rows).encode("utf-8")
    handle = os.open(incoming / _NAMES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, lines)
    finally:
        os.close(handle)


def by_class(rows: Iterable[StoredFile]) -> Mapping[str, int]:
    """Count files by the folder they lie in."""
    counts: dict[str, int] = {}
    for row in rows:
        folder = row.file.replace("\\", "/").rpartition("/")[0].rpartition("/")[2]
        counts[folder] = counts.get(folder, 0) + 1
    return {folder: counts[folder] for folder in sorted(counts, key=natural.sort_key)}


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="thaw-upload")
