"""Files that a browser did not send, no images or unreadable ones: the report still names them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core import files, names
from core.records import FileReport, Verdict
from core.words import say
from core.workspace import IngestFolder, Workspace

MOST = 50_000  # names of one upload
_FILE = "unsent.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUploaded:
    """One file that stayed where it was."""

    file: str


def note(ws: Workspace, ingest_id: str, left: Iterable[str]) -> None:
    """Write down what an upload left out."""
    path = ws.ingest(ingest_id).incoming / _FILE
    known = {row.file: row for row in files.read_records(path, NotUploaded)}
    shown = (names.shown(str(name)) for name in left)
    found = known | {name: NotUploaded(file=name) for name in shown}
    files.write_records(path, list(found.values())[:MOST])


def reports(staged: IngestFolder) -> tuple[FileReport, ...]:
    """Report each of them."""
    rows = files.read_records(staged.incoming / _FILE, NotUploaded)
    reason = say("It is no image or could not be read, so it was not sent.")
    return tuple(FileReport(file=row.file, verdict=Verdict.JUNK, reason=reason) for row in rows)
