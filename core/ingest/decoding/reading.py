"""Decode every file of a layout and keep our copies, with a report for each file."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core import names, trash
from core.datasets.duplicates import Signature
from core.errors import Problem, UserError
from core.ingest.archives.sources import Source
from core.ingest.decoding import pool
from core.ingest.decoding.pool import DecodeResult
from core.ingest.layouts.records import Item
from core.records import FileReport, Split, Verdict
from core.words import Message, say
from core.workspace import DatasetFolder

_SUFFIXES = {  # of each kind, as Pillow names it
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "MPO": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png", ".apng"),
    "TIFF": (".tif", ".tiff"),
    "BMP": (".bmp", ".dib"),
    "DIB": (".bmp", ".dib"),
    "HEIF": (".heic", ".heif", ".hif"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One accepted file: what our copy is called and what the picture looks like."""

    file: str
    label: str
    given: Split | None
    content: str
    stored: str
    width: int
    height: int
    signature: str
    sharpness: float = 0.0
    border: tuple[int, int, int] = (0, 0, 0)
    colours: int = 0  # see `core.ingest.decoding.decoder.Decoded`; 0: not counted
    changes: tuple[Message, ...] = ()
    above: str = ""  # see `core.ingest.layouts.Item`
    facts: tuple[tuple[str, str], ...] = ()
    taken_at: float = 0.0  # see `core.images.capture_time`

    def as_signature(self) -> Signature:
        """Give what is remembered of the look of the picture."""
        return Signature(
            content=self.content,
            signature=self.signature,
            sharpness=self.sharpness,
            border=self.border,
        )


class IngestStopped(Exception):  # noqa: N818 - not an error but what the user asked for
    """The user asked the ingest to stop."""


def read_all(
    items: Sequence[Item],
    source: Source,
    folder: DatasetFolder,
    *,
    progress: Callable[[int, float], None],
    stop: Callable[[], bool],
    bands: str = "",
) -> tuple[list[Kept], list[FileReport]]:
    """Decode all items; give what was kept and what was refused, both in order of name.

    Raises `Stopped` when it was asked to.
    """
    kept, refused = list[Kept](), list[FileReport]()
    stored: set[str] = set()
    started = time.monotonic()
    decoded = pool.decode_all(items, lambda item: source.read(item.entry), stop=stop, bands=bands)
    with closing(decoded) as answers:
        for done, answer in enumerate(answers, start=1):
            if stop():
                raise IngestStopped
            if answer.decoded.problem:
                refused.append(_refused(answer, answer.decoded.problem))
            else:
                kept.append(_keep(answer, folder, stored))
            progress(done, time.monotonic() - started)
    if stop():
        raise IngestStopped
    return sorted(kept, key=lambda k: k.file), sorted(refused, key=lambda r: r.file)


def _refused(answer: DecodeResult[Item], problem: Problem) -> FileReport:
    return FileReport(
        file=answer.item.entry.file,
        verdict=Verdict.REFUSED,
        label=answer.item.label,
        reason=names.reason(UserError.of(problem)),
    )


def _keep(answer: DecodeResult[Item], folder: DatasetFolder, stored: set[str]) -> Kept:
    decoded, item = answer.decoded, answer.item
    name = f"{decoded.content[:2]}/{decoded.content}{decoded.suffix}"
    if decoded.content not in stored:
        stored.add(decoded.content)
        _write(folder.images / name, answer.copy)
        _write(folder.thumbnails / f"{decoded.content}.jpg", answer.thumbnail)
    return Kept(
        file=item.entry.file,
        label=item.label,
        given=item.given,
        content=decoded.content,
        stored=name,
        width=decoded.width,
        height=decoded.height,
        signature=decoded.signature,
        sharpness=decoded.sharpness,
        border=decoded.border,
        colours=decoded.colours,
        changes=_misnamed(item.entry.file, decoded.kind) + decoded.changes,
        above=item.above,
        facts=item.facts,
        taken_at=decoded.taken_at,
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    trash.with_room(path, lambda: path.write_bytes(data), num_bytes=len(data))


def _misnamed(file: str, kind: str) -> tuple[Message, ...]:
    suffix = Path(file).suffix.lower()
    if suffix in _SUFFIXES.get(kind, (suffix,)):
        return ()
    return (say("it is {kind}, whatever its name says", kind=kind),)
