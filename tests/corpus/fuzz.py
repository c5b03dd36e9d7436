"""Fuzz the ZIP reader and the names with atheris, and keep what reached new code.

``python -m tests.corpus.fuzz zips|names SECONDS`` (needs ``pip install atheris``); what it keeps
lies in ``tests/corpus/found`` and is tried again by every test run.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from core import names
from core.errors import UserError
from core.ingest.archives import archive, budgets, encodings
from core.workspace import IngestFolder

FOUND = Path(__file__).parent / "found"
MAX_BYTES = 4096


def try_zip(data: bytes) -> None:
    """Read an archive of these bytes: entries within the budget, or a `UserError`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        try:
            with archive.opened(path, IngestFolder(Path(folder))) as source:
                for entry in source.entries:
                    try_name(entry.file.encode("utf-8"))
                    total = len(source.read(entry))
                    if total > budgets.MAX_GROWTH * len(data):
                        raise AssertionError(f"{total} bytes of {len(data)}")
        except UserError:
            return


def try_name(data: bytes) -> None:
    """Take a name apart: parts that stay inside, or a `UserError`."""
    [name] = encodings.decode_all([data])
    try:
        parts = names.split(name)
    except UserError:
        return
    names.is_junk(parts)
    if any(part in ("", ".", "..") or "/" in part or "\\" in part for part in parts):
        raise AssertionError(parts)


TARGETS: dict[str, Callable[[bytes], None]] = {"zips": try_zip, "names": try_name}


def main(target: str, seconds: str) -> None:
    """Fuzz one target for some seconds."""
    import atheris

    atheris.instrument_all()
    folder = FOUND / target
    folder.mkdir(parents=True, exist_ok=True)
    limits = (f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", "-rss_limit_mb=2000")
    atheris.Setup([sys.argv[0], str(folder), *limits], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
