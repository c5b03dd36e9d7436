"""The pictures on which an export is tried: held-out ones, and photographs that are read oddly."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core import datasets
from core.errors import UserError
from core.exports.proving import odd_files
from core.images import pixels, sample
from core.records import ImageRecord, ModelCard, Split
from core.records.choices import ExportFormat
from core.run_results import pooled
from core.workspace import Workspace

MOST_IMAGES = 300  # to answer with the same pixels
MOST_FILES = 20  # of them to be read anew by the script
MOST_FILES_NEAR = 100  # where they need only be near, more are asked about
MOST_CALIBRATION = 200  # training images
_SAMPLE = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialImages:
    """The pictures, and what is known of them."""

    images: tuple[Path, ...]  # stored copies
    names: tuple[str, ...]  # of them, as their owner knows them
    truths: NDArray | None  # (images,), classes or numbers; None: it learned from them
    calibration: tuple[
        Path, ...
    ]  # stored copies that were learned from; of others if they are gone
    groups: tuple[str, ...] = ()  # of each image; empty where it stands alone
    are_strange: bool = False  # pictures of Thaw's sample: those of the run are gone

    def files(self, folder: Path, entry: ExportFormat) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """Draw photographs that are read oddly; give them behind some images, with their names.

        Those are left out that the format does not read.
        """
        with Image.open(self.images[0]) as picture:
            odd = odd_files.draw(picture.convert("RGB"), folder)
        num = MOST_FILES_NEAR if entry.file_limits else MOST_FILES
        names = (*self.names[:num], *(path.name for path in odd))
        both = list(zip((*self.images[:num], *odd), names, strict=True))
        read = [one for one in both if not entry.reads or one[0].suffix in entry.reads]
        return tuple(path for path, _ in read), tuple(name for _, name in read)


def choose_images(ws: Workspace, card: ModelCard, unpacked: Path) -> TrialImages:
    """Choose validation images, of every class its share; training images where there are none.

    Where the data set is gone, or its pictures, it is the sample's, unpacked into a folder.
    """
    dataset = card.config.dataset_id
    try:
        listed = datasets.images(ws, dataset, card.config.dataset_version)
    except UserError:
        return _of_sample(unpacked)
    own = [
        image
        for image in listed
        if (card.target or image.label in card.labels)
        and datasets.image_path(ws, dataset, image).exists()
    ]
    learned = [image for image in own if image.split is Split.TRAIN]
    held = [image for image in own if image.split is Split.VALIDATION]
    judged = card.config.validates and bool(held)
    some = _some(held if judged else learned, card.labels, MOST_IMAGES)
    if not some:
        return _of_sample(unpacked)
    some = [some[i] for i in np.random.default_rng(0).permutation(len(some))]
    return TrialImages(
        images=tuple(datasets.image_path(ws, dataset, image) for image in some),
        names=tuple(image.file for image in some),
        truths=_truths(some, card) if judged else None,
        groups=tuple(image.group for image in some),
        calibration=tuple(
            datasets.image_path(ws, dataset, image)
            for image in _some(learned or held, card.labels, MOST_CALIBRATION)
        ),
    )


def _truths(images: Sequence[ImageRecord], card: ModelCard) -> NDArray:
    if card.target:
        return np.array([image.number for image in images])
    return np.array([card.labels.index(image.label) for image in images], np.int64)


def _some(images: Sequence[ImageRecord], labels: Sequence[str], most: int) -> list[ImageRecord]:
    numbers = [labels.index(i.label) if labels else 0 for i in images]
    contents = [image.content for image in images]
    return [images[row] for row in pooled.sample(numbers, contents, most)] if images else []


def _stored(path: Path) -> Path:
    """Write a picture of the sample as data sets store theirs, beside it."""
    data, suffix = pixels.encode(pixels.shrink(pixels.canonical(path.read_bytes())))
    copy = path.with_suffix(suffix)
    copy.write_bytes(data)
    return copy


def _of_sample(unpacked: Path) -> TrialImages:
    sample.write(unpacked)
    found = sorted(path for path in unpacked.rglob("*") if path.is_file())
    some = tuple(_stored(path) for path in found[:: max(1, len(found) // _SAMPLE)])
    names = tuple(path.name for path in some)
    return TrialImages(images=some, names=names, truths=None, calibration=some, are_strange=True)
