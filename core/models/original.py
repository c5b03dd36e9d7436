"""The original network of a backbone: what it named before, and the files that takes."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.errors import UserError
from core.models import downloads, weights
from core.models.catalog import Backbone, WeightsFile, backbone as find
from core.records import TrainConfig
from core.words import Message, say

MOST_NAMED = 5  # classes of an image
NUM_CLASSES = 1000
# `CLASS_INDEX_PATH` of keras.applications.imagenet_utils, and the hash that stands there.
CLASS_INDEX = WeightsFile(
    file="imagenet_class_index.json",
    url=("https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"),
    hash="c2c37ea517e94d9795004a39431a14cb",
    hash_kind="md5",
    megabytes=0.1,
)


def backbone_of(config: TrainConfig) -> Backbone:
    """Give the backbone of a run if it began with a network that named ImageNet's classes.

    Raises `UserError` where it did not.
    """
    backbone = find(config.backbone)
    if config.weights == "none":
        raise UserError(
            say("This run began with random values, so there is no original network."),
            expected=say("A run that began with pretrained weights has one."),
            mend=say("Train with pretrained weights to see what they know."),
        )
    if backbone.top is None:
        raise UserError(
            say("{backbone} has no head for the classes of ImageNet.", backbone=_title(backbone)),
            expected=say("The networks that come from the web have one."),
            mend=say("Train with another network to see what it knew before."),
        )
    return backbone


def readable(name: str) -> str:
    """Write the name of a class as people do."""
    return name.replace("_", " ")


def is_here(backbone: Backbone) -> bool:
    """Tell whether all that it takes is on this machine."""
    return all(weights.locate_file(file) for file in _files(backbone))


def megabytes(backbone: Backbone) -> float:
    """Give how much is to be downloaded."""
    return sum(f.megabytes for f in _files(backbone) if weights.locate_file(f) is None)


def fetch_original(backbone: Backbone, report: downloads.Report = downloads.silent) -> None:
    """Download what is missing: each file whole, or not at all. Raises `UserError`."""
    for file in _files(backbone):
        weights.fetch_file(file, report, _without())


def locate_original(backbone: Backbone) -> tuple[Path, tuple[str, ...]]:
    """Give the weights with their head, and the names of its classes.

    Raises `UserError` where they are not on this machine.
    """
    top = weights.locate_file(backbone.top) if backbone.top else None
    index = weights.locate_file(CLASS_INDEX)
    if top is None or index is None:
        raise _missing(backbone)
    return top, _names(index, index.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _names(path: Path, changed: int) -> tuple[str, ...]:
    index: dict[str, list[str]] = json.loads(path.read_bytes())
    return tuple(index[str(number)][1] for number in range(NUM_CLASSES))


def _files(backbone: Backbone) -> Iterator[WeightsFile]:
    if backbone.top is not None:
        yield backbone.top
    yield CLASS_INDEX


def _without() -> Message:
    return say("leave it; the model itself does not need this file.")


def _missing(backbone: Backbone) -> UserError:
    return UserError(
        say(
            "What {backbone} named originally is not on this machine: {file} is missing.",
            backbone=_title(backbone),
            file=next(f.file for f in _files(backbone) if weights.locate_file(f) is None),
        ),
        expected=say("It belongs into the folder {folder}.", folder=str(weights.home() / "models")),
        mend=say("Have it downloaded, or put it there yourself."),
    )


def _title(backbone: Backbone) -> Message:
    return say(backbone.title)
