"""Versions of a data set: each is written once and never changed; images are shared by all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from filelock import FileLock

from core import datasets, files, natural
from core.classroom import audit
from core.datasets import duplicates, split_warnings
from core.datasets.numbered import strata
from core.records import ClassCount, Dataset, ImageRecord
from core.records.classroom import ActKind
from core.words import Message
from core.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What made a version of an earlier one: its parent, and a sentence."""

    parent: int | None  # the version to go back to; none when all was taken back
    what: Message
    undoes: Message | None = None  # after an undo: what the next one takes back
    added: int = 0  # images


def key(image: ImageRecord) -> str:
    """Name one image of a data set: the same pixels may have come in several files."""
    return f"{image.content}:{image.file}"


def classes_of(images: Iterable[ImageRecord]) -> tuple[ClassCount, ...]:
    """Count the images of each class, by name: 2 comes before 10.

    The outputs of a model are in the order of the version that it learned from; what is written
    stays as it is.
    """
    counts = Counter(image.label for image in images)
    return tuple(
        ClassCount(name=name, count=counts[name]) for name in sorted(counts, key=natural.sort_key)
    )


def fingerprint(images: Iterable[ImageRecord]) -> str:
    """Name a data set by content, label and split of every image."""
    lines = sorted(f"{i.content} {i.split.value} {i.label}" for i in images)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


@contextmanager
def writing(ws: Workspace, dataset_id: str) -> Iterator[None]:
    """Let one process at a time write a version of a data set; one that was killed left parts."""
    folder = ws.dataset(dataset_id)
    ws.staging.mkdir(parents=True, exist_ok=True)
    with FileLock(ws.staging / f"{dataset_id}.lock"):
        for part in files.parts(folder.versions):
            part.unlink(missing_ok=True)
        yield


def commit(
    ws: Workspace,
    base: Dataset,
    images: tuple[ImageRecord, ...],
    edit: Edit,
    *,
    said: tuple[Message, ...] = (),
) -> Dataset:
    """Write a new version; its record comes last, so a version that is listed is whole.

    ``said``: what else is worth knowing of how it came about.
    """
    folder = ws.dataset(base.id)
    number = datasets.version_numbers(ws, base.id)[-1] + 1
    folder.versions.mkdir(exist_ok=True)
    dataset = replace(
        base,
        version=number,
        classes=() if base.target else classes_of(images),
        target=base.target and strata.measured(base.target, images),
        num_images=len(images),
        fingerprint=fingerprint(images),
        warnings=(*said, *_warnings(base, images)),
    )
    files.write_records(folder.listing(number), images)
    files.write_record(folder.edit(number), edit)
    files.write_record(folder.version(number), dataset)
    audit.log(ws, ActKind.EDIT, base.id)
    return dataset


def _warnings(base: Dataset, images: tuple[ImageRecord, ...]) -> tuple[Message, ...]:
    """Say what is wrong with the images as they are now; a series that was cut remains so."""
    bursts = tuple(w for w in base.warnings if w == split_warnings.WHOLE_BURSTS)
    if base.target:
        return *bursts, *split_warnings.of(images, base.target)
    return *bursts, *split_warnings.of(images), *duplicates.warn_of_conflicts(images)


def history(ws: Workspace, dataset_id: str) -> tuple[tuple[int, Edit], ...]:
    """Give what made each later version, oldest first."""
    folder = ws.dataset(dataset_id)
    later = datasets.version_numbers(ws, dataset_id)[1:]
    return tuple((number, files.read_record(folder.edit(number), Edit)) for number in later)


def latest_edit(ws: Workspace, dataset_id: str) -> tuple[int, Edit] | None:
    """Give what made the newest version; none was made after the images came in: None."""
    number = datasets.version_numbers(ws, dataset_id)[-1]
    return (
        (number, files.read_record(ws.dataset(dataset_id).edit(number), Edit)) if number else None
    )
