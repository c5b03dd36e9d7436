"""Pictures that a person gave their true class while trying a model, added to its data set."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from core import files, names, trash
from core.ingest import progress, requests
from core.ingest.archives.sources import NAMES, UploadedFile
from core.records.imports import Options
from core.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPicture:
    """The bytes of a picture, what it is called, and the class that it is of."""

    file: str  # untrusted, only ever shown
    label: str
    data: bytes


def add_to(ws: Workspace, dataset_id: str, name: str, pictures: Iterable[MarkedPicture]) -> str:
    """Have pictures read as a new version of a data set; give the id of the ingest.

    Raises `UserError` where they cannot be stored.
    """
    ingest_id = requests.begin(ws, name)
    try:
        options = stage(ws, ingest_id, dataset_id, pictures)
    except OSError as error:
        requests.discard(ws, ingest_id)
        raise progress.system(error) from error
    requests.start(ws, ingest_id, name=name, options=options, watched=False)
    return ingest_id


def stage(
    ws: Workspace, ingest_id: str, dataset_id: str, pictures: Iterable[MarkedPicture]
) -> Options:
    """Write pictures as an upload would, under names that differ; say how they are to be read."""
    incoming = ws.ingest(ingest_id).incoming
    rows, labels = list[UploadedFile](), dict[str, str]()
    for number, picture in enumerate(pictures):
        row = UploadedFile(file=_untaken(picture.file, labels), stored=f"{number:06d}")
        path = incoming / row.stored
        trash.with_room(path, partial(path.write_bytes, picture.data))
        labels[row.file] = picture.label
        rows.append(row)
    files.write_records(incoming / NAMES, rows)
    return Options(dataset_id=dataset_id, labels=tuple(labels.items()))


def _untaken(file: str, taken: Iterable[str]) -> str:
    """Give the name of a file without its folders, with a number where that name is taken."""
    plain = names.clean(file.replace("\\", "/").rpartition("/")[2]).lstrip(".")[-names.MAX_NAME :]
    stem, dot, suffix = (plain or "picture").rpartition(".")
    tried, number = plain or "picture", 1
    while tried in taken:
        number += 1
        tried = f"{stem} ({number}).{suffix}" if dot else f"{suffix} ({number})"
    return tried
