"""What the code of a run follows from: its card, its images, and what it found on the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.images.augmentations import Augmentation
from core.images.augmenting import chosen
from core.models import catalog, summary
from core.models.catalog import Backbone
from core.records import ImageRecord, ModelCard, Split, TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtBy:
    """The model that a run learned from too, as it lies in the workspace."""

    run_id: str
    model: Path
    labels: tuple[str, ...]  # in the order of its outputs
    image_size: int
    is_single: bool  # one output stands for two classes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedRun:
    """All that the code of a run follows from."""

    card: ModelCard
    images: tuple[ImageRecord, ...]  # of the classes that were learned, in the order of the set
    strength: float | None = None  # of the decay of a solved head; None: not noted
    changes: frozenset[str] = frozenset()  # what was changed in any picture: `reading.CHANGES`
    was_stopped: bool = False  # by its user, before its end
    teacher: TaughtBy | None = None

    @property
    def is_number(self) -> bool:
        """Tell whether the model answers a number, and no class."""
        return self.card.task.is_number

    @property
    def config(self) -> TrainConfig:
        """Give the settings as they were executed."""
        return self.card.config

    @property
    def backbone(self) -> Backbone:
        """Give the network that was started from."""
        return catalog.backbone(self.config.backbone)

    @property
    def thawed(self) -> Sequence[str]:
        """Name the last layer of each block that learns; none where nothing of it does."""
        config, ends = self.config, last_layers()[self.backbone.constructor]
        return ends[summary.num_frozen(config) :] if config.thaws else ()

    @property
    def tunes(self) -> bool:
        """Tell whether fine-tuning follows the head."""
        return bool(self.thawed)

    @property
    def views(self) -> Augmentation:
        """Say how views are made."""
        return chosen(self.config.augmentation, flips=self.config.flips)

    @property
    def learned_parts(self) -> tuple[Split, ...]:
        """Name the parts that were learned from."""
        return (Split.TRAIN,) if self.config.validates else (Split.TRAIN, Split.VALIDATION)

    @property
    def comes_with_weights(self) -> bool:
        """Tell whether the weights are a file that Keras would not download for this size."""
        theirs, used = self.backbone.weights_for(self.config.image_size), self.card.weights_file
        is_other = bool(used) and used != theirs.file  # what lay here stands for it by a link
        return self.config.weights == "imagenet" and (is_other or not theirs.url)

    @property
    def num_train(self) -> int:
        """Count the images that were learned from."""
        return sum(image.split in self.learned_parts for image in self.images)


@cache
def last_layers() -> Mapping[str, Sequence[str]]:
    """Name the last layer of each block of each network of Keras, from the image on."""
    path = Path(__file__).with_name("last_layers.json")  # made by tools/last_layers.py
    found: Mapping[str, Sequence[str]] = json.loads(path.read_text(encoding="utf-8"))
    return found
