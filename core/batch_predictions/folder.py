"""Where the things of a batch of predictions lie in its folder."""

from dataclasses import dataclass
from pathlib import Path

from core.words import say
from core.workspace import IngestFolder, Workspace, checked_id


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """One batch on disk; each file has one writer, its process where nothing is said."""

    path: Path

    @property
    def request(self) -> Path:  # BatchRequest, written once by whoever asked
        return self.path / "request.json"

    @property
    def state(self) -> Path:  # BatchState
        return self.path / "state.json"

    @property
    def rows(self) -> Path:  # one BatchRow a line, in the order in which images were read
        return self.path / "rows.jsonl"

    @property
    def marks(self) -> Path:  # one BatchMark a line, by the page
        return self.path / "marks.jsonl"

    @property
    def copies(self) -> Path:  # our copies, by content
        return self.path / "copies"

    @property
    def thumbnails(self) -> Path:
        return self.path / "thumbnails"

    @property
    def source(self) -> IngestFolder:  # what a browser sent, and TARs out of their gzip
        return IngestFolder(self.path)

    @property
    def stop(self) -> Path:
        return self.path / "stop"

    @property
    def lock(self) -> Path:  # held by the process that works on it
        return self.path / "lock"

    @property
    def log(self) -> Path:
        return self.path / "log.txt"

    @property
    def sorted(self) -> Path:  # the images, in a folder for each predicted class
        return self.path / "sorted.zip"

    @property
    def sorting(self) -> Path:  # BatchState of that ZIP
        return self.path / "sorting.json"

    def table(self, language: str, suffix: str) -> Path:
        return self.path / f"table-{language}{suffix}"


def folder_of(ws: Workspace, batch_id: str) -> BatchFolder:
    """Give the folder of a batch. Raises `UserError` for what could not be an id."""
    return BatchFolder(ws.predictions / checked_id(batch_id, say("folder of predictions")))
