"""Images taken out of a data set for good: of every version, with every copy that it has."""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import replace

from core import files
from core.datasets import duplicates, versions
from core.records import Dataset, FileReport, ImageRecord
from core.workspace import DatasetFolder

IsTheirs = Callable[[str], bool]  # tells by the name that a file came with


def has_any(folder: DatasetFolder, is_theirs: IsTheirs) -> bool:
    """Tell whether such an image was ever in a data set; those left out of it count."""
    with contextlib.suppress(FileNotFoundError):
        return any(
            is_theirs(report.file) for report in files.read_records(folder.report, FileReport)
        )
    return False


def purge(folder: DatasetFolder, is_theirs: IsTheirs) -> None:
    """Delete images with all copies; a data set of nothing else is deleted whole.

    Versions that had them are as if they never had. What was computed of the images goes, too.
    """
    numbers = [0, *sorted(int(p.stem) for p in folder.versions.glob("*.json") if p.stem.isdigit())]
    before = {number: files.read_records(folder.listing(number), ImageRecord) for number in numbers}
    after = {n: tuple(i for i in found if not is_theirs(i.file)) for n, found in before.items()}
    if not any(after.values()):
        shutil.rmtree(folder.path)
        return
    kept = {image.content for images in after.values() for image in images}
    for number in numbers:
        if len(after[number]) != len(before[number]):
            _rewrite(folder, number, after[number])
    for content in {image.content for images in before.values() for image in images} - kept:
        _delete_copies(folder, content)
    _forget(folder, kept, is_theirs)


def _rewrite(folder: DatasetFolder, number: int, images: tuple[ImageRecord, ...]) -> None:
    dataset = files.read_record(folder.version(number), Dataset)
    left = replace(
        dataset,
        classes=versions.classes_of(images),
        num_images=len(images),
        fingerprint=versions.fingerprint(images),
    )
    files.write_records(folder.listing(number), images)
    files.write_record(folder.version(number), left)


def _delete_copies(folder: DatasetFolder, content: str) -> None:
    for path in (folder.images / content[:2]).glob(f"{content}.*"):
        path.unlink(missing_ok=True)
    (folder.thumbnails / f"{content}.jpg").unlink(missing_ok=True)


def _forget(folder: DatasetFolder, kept: set[str], is_theirs: IsTheirs) -> None:
    looks = files.read_records(folder.signatures, duplicates.Signature)
    files.write_records(folder.signatures, [s for s in looks if s.content in kept])
    reports = files.read_records(folder.report, FileReport)
    files.write_records(folder.report, [r for r in reports if not is_theirs(r.file)])
    folder.search.unlink(missing_ok=True)
    for derived in (folder.head_scores, folder.baselines):
        shutil.rmtree(derived, ignore_errors=True)
