"""Open what is to be brought in: a folder, an upload, an archive, a picture, or several."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.ingest.archives import archive, encodings, sources, unusable
from core.ingest.archives.sources import Source
from core.ingest.layouts import joining
from core.workspace import IngestFolder


@contextmanager
def opened(paths: Sequence[Path], staged: IngestFolder, encoding: str = "") -> Iterator[Source]:
    """Open whatever lies at a path; several are read as if they lay in one folder."""
    with ExitStack() as stack:
        found = [stack.enter_context(_opened(path, staged, encoding)) for path in paths]
        yield found[0] if len(found) == 1 else joining.joined(_names(paths), found)


@contextmanager
def _opened(path: Path, staged: IngestFolder, encoding: str) -> Iterator[Source]:
    mode = _mode(path)
    if path == staged.incoming:
        yield sources.upload(staged)
    elif stat.S_ISDIR(mode):
        yield sources.folder(path, encoding)
    elif stat.S_ISREG(mode):
        with archive.opened(path, staged, encoding) as source:
            yield source
    else:
        raise unusable.nothing_there(path)


def _mode(path: Path) -> int:
    """Tell what lies at a path that can be looked into."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
    except PermissionError as error:
        raise unusable.closed(path, error) from error
    except (OSError, ValueError) as error:  # no such name, or none that could be
        raise unusable.nothing_there(path) from error
    return mode


def settled(path: Path) -> Path:
    """Give the whole path, also where it begins with a home; without such a home as it is."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        return path.absolute()


def _names(paths: Sequence[Path]) -> list[str]:
    """Name each source as a folder would be; pictures by themselves lie in none."""
    named = [Path(os.path.normpath(path)) for path in paths]
    return [
        encodings.readable(p.name if p.is_dir() else archive.stem(p) if archive.kind_of(p) else "")
        for p in named
    ]
