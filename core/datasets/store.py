"""The data set store: list, read, name, delete; what can be trained; the test part kept shut."""

import contextlib
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core import files, given_names, trash
from core.classroom import audit
from core.datasets.numbered import enough
from core.errors import UserError
from core.records import ClassCount, Dataset, FileReport, ImageRecord, Split
from core.records.classroom import ActKind
from core.words import Message, enumeration, nsay, say
from core.workspace import Workspace

MIN_CLASSES = 2
MIN_IMAGES = 4  # of a class, to train
FEW_IMAGES = 20  # of a class, worth a warning
MOST_NAMED = 3  # of small classes, in the one sentence that warns of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One time that the test part was opened."""

    at: float  # seconds since the epoch
    reason: str = ""  # the run it was opened for


def ids(ws: Workspace) -> list[str]:
    """Give all data set ids, oldest first."""
    return sorted(path.parent.name for path in ws.datasets.glob("*/dataset.json"))


def get(ws: Workspace, dataset_id: str, version: int = 0) -> Dataset:
    """Read one version of a data set, or say that there is none. Raises `UserError`."""
    folder = ws.dataset(dataset_id)
    if not folder.record.exists():
        raise _unknown(ws, dataset_id)
    if not folder.version(version).exists():
        raise _unknown_version(ws, dataset_id, version)
    dataset = files.read_record(folder.version(version), Dataset)
    if folder.name.exists():
        dataset = replace(dataset, name=folder.name.read_text(encoding="utf-8"))
    return dataset


def latest(ws: Workspace, dataset_id: str) -> Dataset:
    """Read the newest version of a data set."""
    return get(ws, dataset_id, version_numbers(ws, dataset_id)[-1])


def version_numbers(ws: Workspace, dataset_id: str) -> list[int]:
    """Give the numbers of all versions, oldest first."""
    later = ws.dataset(dataset_id).versions.glob("*.json")
    return [0, *sorted(int(path.stem) for path in later if path.stem.isdigit())]


def all_datasets(ws: Workspace) -> list[Dataset]:
    """Read the newest version of every data set, newest data set first."""
    found = []
    for dataset_id in reversed(ids(ws)):
        with contextlib.suppress(FileNotFoundError, UserError):  # deleted meanwhile
            found.append(latest(ws, dataset_id))
    return found


def images(ws: Workspace, dataset_id: str, version: int = 0) -> tuple[ImageRecord, ...]:
    """Read the images of one version."""
    get(ws, dataset_id, version)
    return files.read_records(ws.dataset(dataset_id).listing(version), ImageRecord)


def report(ws: Workspace, dataset_id: str) -> tuple[FileReport, ...]:
    """Read what became of every file that was brought in."""
    get(ws, dataset_id)
    return files.read_records(ws.dataset(dataset_id).report, FileReport)


def rename(ws: Workspace, dataset_id: str, name: str) -> None:
    """Give a data set another name."""
    get(ws, dataset_id)
    shown = given_names.given(name)
    given_names.check_unused(shown, {d.name for d in all_datasets(ws) if d.id != dataset_id})
    files.write_text(ws.dataset(dataset_id).name, shown)


def delete(ws: Workspace, dataset_id: str) -> None:
    """Put a data set into the trash. Raises `UserError` for one that there is not."""
    if not ws.dataset(dataset_id).record.exists():
        raise _unknown(ws, dataset_id)
    trash.put(ws, trash.TrashKind.DATASET, dataset_id)
    audit.log(ws, ActKind.DELETE, dataset_id)
    forget_features(ws, dataset_id)


def restore(ws: Workspace, dataset_id: str) -> None:
    """Take a data set out of the trash, as it was; its runs have their images again.

    It is called as before, with a number where another one is called so by now.
    """
    taken = {dataset.name for dataset in all_datasets(ws)}
    trash.restore(ws, trash.find(ws, dataset_id))
    audit.log(ws, ActKind.RESTORE, dataset_id)
    with contextlib.suppress(UserError):  # damaged as it is, it is as it was
        name = latest(ws, dataset_id).name
        if name in taken:
            files.write_text(ws.dataset(dataset_id).name, given_names.unused(name, taken))


def forget_features(ws: Workspace, dataset_id: str) -> None:
    """Delete the pooled features of all versions; those that are needed are computed again."""
    ws.dataset(dataset_id)  # refuses what is no id
    for path in ws.embeddings.glob(f"{dataset_id}-*.*"):
        path.unlink(missing_ok=True)


def check_trainable(dataset: Dataset, left_out: Collection[str] = ()) -> tuple[Message, ...]:
    """Refuse what cannot be trained, by name; warn of small classes. Raises `UserError`."""
    if dataset.target is not None:
        return enough.check_numbers(dataset, dataset.target)
    classes = [c for c in dataset.listed if c.name not in left_out]
    if len(classes) < MIN_CLASSES:
        raise _too_few_classes(len(classes))
    small = next((c for c in classes if c.count < MIN_IMAGES), None)
    if small:
        raise _too_few_images(small.name, small.count)
    return _warn_of_small([c for c in classes if c.count < FEW_IMAGES])


def _warn_of_small(classes: Sequence[ClassCount]) -> tuple[Message, ...]:
    """Name small classes in one sentence, the smallest first; of many some."""
    smallest = sorted(classes, key=lambda c: c.count)[:MOST_NAMED]
    named = enumeration([say("'{name}' ({num})", name=c.name, num=c.count) for c in smallest])
    if len(classes) > MOST_NAMED:
        return (
            say(
                "{num} classes have fewer than 20 images, among them {names}; from 20 on results "
                "can be trusted more.",
                num=len(classes),
                names=named,
            ),
        )
    if len(classes) > 1:
        return (
            say(
                "{num} classes have fewer than 20 images: {names}; from 20 on results can be "
                "trusted more.",
                num=len(classes),
                names=named,
            ),
        )
    return tuple(
        nsay(
            "The class '{name}' has only {num} image; from 20 on results can be trusted more.",
            "The class '{name}' has only {num} images; from 20 on results can be trusted more.",
            name=c.name,
            num=c.count,
        )
        for c in classes
    )


def open_test(ws: Workspace, dataset_id: str, reason: str = "") -> tuple[ImageRecord, ...]:
    """Open the test part of the newest version, and remember that it was opened."""
    return open_test_of(ws, latest(ws, dataset_id), reason)


def open_test_of(ws: Workspace, dataset: Dataset, reason: str = "") -> tuple[ImageRecord, ...]:
    """Open the test part of one version; the opening is written down before it is read."""
    opening = Opening(at=time.time(), reason=reason)
    files.append_record(ws.dataset(dataset.id).openings, opening)
    audit.log(ws, ActKind.TEST, dataset.id)
    found = images(ws, dataset.id, dataset.version)
    return tuple(image for image in found if image.split is Split.TEST)


def openings(ws: Workspace, dataset_id: str) -> tuple[Opening, ...]:
    """Give every time that the test part was opened."""
    return files.read_records(ws.dataset(dataset_id).openings, Opening)


def num_openings(ws: Workspace, dataset_id: str) -> int:
    """Count how often the test part was opened."""
    return len(openings(ws, dataset_id))


def _too_few_classes(count: int) -> UserError:
    return UserError(
        nsay("There is {num} class.", "There are {num} classes.", num=count),
        expected=say("Training needs at least 2 classes."),
        mend=say("Add images of another class."),
    )


def _too_few_images(name: str, count: int) -> UserError:
    missing = MIN_IMAGES - count
    return UserError(
        nsay(
            "The class '{name}' has {num} image.",
            "The class '{name}' has {num} images.",
            name=name,
            num=count,
        ),
        expected=say("Each class needs at least 4."),
        mend=nsay(
            "Add {num} more, or leave the class out.",
            "Add {num} more, or leave the class out.",
            num=missing,
        ),
    )


def _unknown_version(ws: Workspace, dataset_id: str, version: int) -> UserError:
    known = enumeration(list(version_numbers(ws, dataset_id)))
    return UserError(
        say("The data set '{dataset}' has no version {num}.", dataset=dataset_id, num=version),
        expected=say("Its versions are: {known}.", known=known),
        mend=say("Choose one of these; the last is the newest."),
    )


def _unknown(ws: Workspace, dataset_id: str) -> UserError:
    return UserError(
        say("There is no data set called '{dataset}'.", dataset=dataset_id),
        expected=nsay(
            "This workspace has {num} data set.",
            "This workspace has {num} data sets.",
            num=len(ids(ws)),
        ),
        mend=trash.way_back(ws, trash.TrashKind.DATASET, dataset_id)
        or say("Choose one from the Data page."),
    )
