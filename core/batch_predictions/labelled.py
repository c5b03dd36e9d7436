"""Images that lie in folders called as the classes of a run: which of them can judge its model."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core import datasets, names, runs
from core.errors import UserError
from core.ingest import progress
from core.ingest.decoding import pool
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Labelled:
    """The images of a folder that lie in folders of classes, and how many do not."""

    images: tuple[tuple[Path, str], ...]  # with the class
    others: tuple[tuple[str, int], ...]  # each other folder inside with its images; "": the folder


def by_folder(folder: Path, images: Iterable[Path], labels: Sequence[str]) -> Labelled:
    """Take the folders in which the images of a folder lie for their classes."""
    known = keys(labels)
    told, others = list[tuple[Path, str]](), Counter[str]()
    for path in images:
        inside = "/".join(map(names.clean, path.relative_to(folder).parent.parts))
        if label := class_of(inside, known):
            told.append((path, label))
        else:
            others[inside] += 1
    return Labelled(tuple(told), tuple(others.items()))


def keys(labels: Iterable[str]) -> dict[str, str]:
    """Give the classes by what all spellings of their names have in common."""
    return {names.key(label): label for label in labels}


def class_of(folder: str, known: Mapping[str, str]) -> str:
    """Give the class, of ``known`` by key, that the innermost folder is called as; else empty."""
    above = (names.key(part) for part in reversed(folder.split("/")))
    return next((known[part] for part in above if part in known), "")


def dataset_contents(ws: Workspace, run_id: str) -> frozenset[str]:
    """Give the contents of all images of the run's data set, as far as they are known.

    Some taught the model, some picked it, and those of the test part stay closed.
    """
    if run_id not in runs.ids(ws):
        return frozenset()
    config = runs.get(ws, run_id).config
    try:
        images = datasets.images(ws, config.dataset_id, config.dataset_version)
    except UserError:  # the data set was deleted
        return frozenset()
    return frozenset(image.content for image in images)


def among(images: Sequence[Path], contents: Collection[str], bands: str = "") -> set[Path]:
    """Tell which images have contents, by their pixels, that are known; unreadable ones have none.

    Of ``bands`` see `core.images.pixels.decode`.
    """
    if not images or not contents:
        return set()
    with closing(pool.decode_all(images, _read, bands=bands)) as results:
        return {one.item for one in results if one.decoded.content in contents}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:  # whoever asks about it says so
        raise progress.system(error) from error
