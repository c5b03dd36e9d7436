"""What a batch is about, opened again whenever its files are needed."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from core import files
from core.batch_predictions.folder import BatchFolder, folder_of
from core.errors import UserError
from core.ingest import opening
from core.ingest.archives import archive, sources
from core.ingest.archives.sources import Source, SourceFile
from core.records.batches import BatchRequest, BatchRow
from core.workspace import Workspace


@contextmanager
def opened(folder: BatchFolder, request: BatchRequest) -> Iterator[Source]:
    """Open what a batch is about. Raises `UserError` where it is gone."""
    incoming = folder.source.incoming
    paths = [Path(path) for path in request.sources] or [_archive_in(folder) or incoming]
    try:
        with opening.opened(paths, folder.source, request.encoding) as source:
            yield source
    finally:
        shutil.rmtree(folder.source.unpacked, ignore_errors=True)


def _archive_in(folder: BatchFolder) -> Path | None:
    """Give the archive that a browser sent, where it sent nothing else."""
    incoming = folder.source.incoming
    rows = files.read_records(incoming / sources.NAMES, sources.UploadedFile)
    paths = {incoming / row.stored for row in rows}
    [path] = paths if len(paths) == 1 else [None]
    return path if path and path.is_file() and archive.kind_of(path) else None


def originals(ws: Workspace, batch_id: str, asked: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Give names and bytes of images of a batch; of one that is gone our copy."""
    folder = folder_of(ws, batch_id)
    request = files.read_record(folder.request, BatchRequest)
    stored = {row.answer.file: row.stored for row in files.read_records(folder.rows, BatchRow)}
    with ExitStack() as stack:
        entries = dict[str, SourceFile]()
        with suppress(UserError):
            source = stack.enter_context(opened(folder, request))
            entries = {entry.file: entry for entry in source.entries}
        for file in asked:
            try:
                yield file, source.read(entries[file])
            except (KeyError, UserError):
                yield file, (folder.copies / stored[file]).read_bytes()
