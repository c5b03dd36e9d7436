"""One data set as an ordinary ZIP: a folder for each class, and a list with every class and part.

It comes back as every upload does (`python -m core ingest`), with its split; nothing in it is
trusted. Other programs find the folders.
"""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core import datasets, files, natural, spreadsheets
from core.backups import refusals
from core.batch_predictions.sorting import folder_names
from core.records import ImageRecord
from core.workspace import Workspace

LIST = "labels.csv"
_HEAD = ["file", "label", "split"]


def pack(ws: Workspace, dataset_id: str, out: Path) -> int:
    """Write the newest version of a data set to a ZIP, whole or not at all; count its images.

    Raises `UserError` for a data set that there is not, and a path that cannot be.
    """
    if out.suffix.lower() != ".zip" or not out.absolute().parent.is_dir():
        raise refusals.odd_target(out)
    if out.exists():
        raise refusals.not_ours(out)
    dataset = datasets.latest(ws, dataset_id)
    images = datasets.images(ws, dataset_id, dataset.version)
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:  # images hardly shrink
            rows = [_HEAD]
            for name, image in _placed(images):
                packed.write(ws.dataset(dataset_id).images / image.stored, name)
                rows.append([name, image.label, image.split.value])
            packed.writestr(LIST, spreadsheets.csv_text(rows))
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    files.sync_folder(out.absolute().parent)
    return len(images)


def _placed(images: tuple[ImageRecord, ...]) -> Iterator[tuple[str, ImageRecord]]:
    """Give each image a name in the ZIP that every system takes; no two have the same."""
    folders = folder_names(sorted({image.label for image in images}, key=natural.sort_key))
    for number, image in enumerate(images, start=1):
        suffix = Path(image.stored).suffix
        yield f"{folders[image.label]}/{number:05d}-{image.content[:8]}{suffix}", image
