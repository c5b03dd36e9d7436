"""Archives from elsewhere: told by content, and read by rules that bombs and tricks do not pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import UserError
from core.ingest.archives import encodings, sources, tars, unusable, zips
from core.ingest.archives.sources import Source
from core.words import say
from core.workspace import IngestFolder


@contextmanager
def opened(path: Path, staged: IngestFolder, encoding: str = "") -> Iterator[Source]:
    """Open a file as an archive if it is one, else as a single picture.

    Without an ``encoding`` that of an archive's names is guessed where it is not told. Raises
    `UserError` for an archive of another kind, or one that cannot be read.
    """
    kind = kind_of(path)
    if kind == "zip":
        with zips.opened(path, encoding) as source:
            yield source
    elif kind in ("tar", "gzip"):
        packed = kind == "gzip"
        with tars.opened(path, staged, packed=packed, encoding=encoding) as source:
            yield source
    elif kind:
        raise _other_kind(kind)
    else:
        yield sources.single(path)


def name_readings(path: Path) -> dict[str, tuple[str, ...]]:
    """Show how each encoding reads names of a ZIP that does not tell; empty when it is clear.

    A broken archive is as good as a clear one here: reading it says what is wrong.
    """
    try:
        raw = zips.stored_names(path) if kind_of(path) == "zip" else []
    except (ValueError, OSError):  # a `UserError`, or a name that no file has
        return {}
    return encodings.readings(raw)


def stem(path: Path) -> str:
    """Give the name of an archive without its suffix; other names stay."""
    suffix = next((s for s in _SUFFIXES if path.name.lower().endswith(s)), "")
    return path.name[: len(path.name) - len(suffix)]


def kind_of(path: Path) -> str:
    """Tell the kind of an archive by its content; empty when it is none.

    Raises `UserError` where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_TAR_MAGIC_AT + 5)
    except OSError as error:
        raise unusable.unreadable(error) from error
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[_TAR_MAGIC_AT:] == b"ustar":
        return "tar"
    return _BY_SUFFIX.get(path.suffix.lower(), "")


_SUFFIXES = (".tar.gz", ".tgz", ".tar", ".zip")
_TAR_MAGIC_AT = 257
_BY_SUFFIX = {".zip": "zip", ".tar": "tar", ".tgz": "gzip", ".gz": "gzip"}
_STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
)


def _other_kind(kind: str) -> UserError:
    return UserError(
        say("This is an archive of kind {kind}.", kind=kind),
        expected=say("ZIP, TAR and TAR.GZ archives can be read."),
        mend=say("Unpack it and choose the folder, or pack it again as ZIP."),
    )
