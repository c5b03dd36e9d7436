"""What a run learns from: the images of its data set by part, and their labels."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.datasets import parts, split_warnings
from core.engine.features.pipeline import Image
from core.engine.prediction.soft_targets import Teacher
from core.errors import UserError
from core.records import Dataset, ImageRecord, LearnedTarget, ModelCard, Target, TrainConfig
from core.records.choices import TASKS
from core.words import Message, say
from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImageSet:
    """The images of one part, the number of the class of each and the group it belongs to."""

    images: tuple[Image, ...]
    labels: NDArray  # int32: the number of the class of each; float64: the number of each
    groups: tuple[str, ...]  # of images that belong together; empty where an image stands alone

    @property
    def copies(self) -> list[Path]:
        return [copy for _, copy in self.images]

    @property
    def contents(self) -> tuple[str, ...]:
        return tuple(content for content, _ in self.images)

    def some(self, rows: NDArray[np.int64]) -> "ImageSet":
        """Give the images of these numbers: (chosen,)."""
        images, groups = tuple(self.images[i] for i in rows), tuple(self.groups[i] for i in rows)
        return ImageSet(images, self.labels[rows], groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """All that a run learns from; the test part stays closed."""

    dataset: Dataset
    labels: tuple[str, ...]  # in the order of the outputs
    train: ImageSet
    validation: ImageSet  # empty where they are learned from too
    warnings: tuple[Message, ...]
    teacher: Teacher | None = None  # whose answers are learned from too
    target: LearnedTarget | None = None  # None: the images have classes

    @property
    def unit(self) -> float:
        """Give what a standardised number is in the unit of the user."""
        return self.target.deviation if self.target else 1.0


def read(ws: Workspace, config: TrainConfig) -> TrainingData:
    """Read a data set, without the classes that are left out.

    Raises `UserError` where it cannot be learned.
    """
    dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
    warnings = datasets.check_trainable(dataset, config.left_out)
    labels = tuple(c.name for c in dataset.classes if c.name not in config.left_out)
    records = [
        record
        for record in datasets.images(ws, config.dataset_id, config.dataset_version)
        if record.label in labels
    ]
    if dataset.task.name != config.task:
        raise _other_task(dataset, config)
    if dataset.target is not None:
        return _of_numbers(ws, dataset, dataset.target, config, warnings)
    train, validation = _divide(records, config)
    return TrainingData(
        dataset=dataset,
        labels=labels,
        train=_image_set(ws, dataset, labels, train),
        validation=_image_set(ws, dataset, labels, validation),
        warnings=(*warnings, *split_warnings.unlearned(records)),
        teacher=_teacher(ws, config) if config.teacher else None,
    )


def _teacher(ws: Workspace, config: TrainConfig) -> Teacher:
    """Give the model that teaches a run. Raises `UserError` where it is gone, or may not."""
    folder = ws.run(config.teacher)
    if not folder.card.exists() or not folder.model.exists():
        raise parts.teacher_gone(ws, config.teacher)
    card = files.read_record(folder.card, ModelCard)
    parts.check_teacher(ws, config, card)
    return Teacher(model=folder.model, labels=card.labels)


def _of_numbers(
    ws: Workspace,
    dataset: Dataset,
    target: Target,
    config: TrainConfig,
    warnings: tuple[Message, ...],
) -> TrainingData:
    records = list(datasets.images(ws, dataset.id, dataset.version))
    train, validation = (_numbered(ws, dataset, part) for part in _divide(records, config))
    return TrainingData(
        dataset=dataset,
        labels=(),
        train=train,
        validation=validation,
        warnings=warnings,
        target=LearnedTarget(
            name=target.name,
            unit=target.unit,
            mean=float(train.labels.mean()),
            deviation=float(train.labels.std()) or 1.0,
            lowest=float(train.labels.min()),
            highest=float(train.labels.max()),
        ),
    )


def standardised(numbers: NDArray, target: LearnedTarget) -> NDArray[np.float32]:
    """Give numbers as a network learns them, with mean 0 and deviation 1: (images,)."""
    return np.asarray((numbers - target.mean) / target.deviation, np.float32)


def _divide(
    records: list[ImageRecord], config: TrainConfig
) -> tuple[list[ImageRecord], list[ImageRecord]]:
    """Give the images that teach and those that judge. Raises `UserError` where some lack."""
    train, validation = parts.divide(records, replace(config, train_on="train"))
    if not train or (not validation and config.judges_apart):
        raise _nothing_there()
    return parts.divide(records, config)


def _other_task(dataset: Dataset, config: TrainConfig) -> UserError:
    return UserError(
        say("The run is to learn '{task}'.", task=say(TASKS[config.task].title)),
        expected=say("The images of this data set have '{task}'.", task=say(dataset.task.title)),
        mend=say("Begin a new run on this data set."),
    )


def _nothing_there() -> UserError:
    return UserError(
        say("No image is left to learn from, or none to validate with."),
        expected=say("Images for training and others for validation."),
        mend=say("Take changes back on the Data page, or add images."),
    )


def weigh(labels: NDArray[np.int32], *, balanced: bool) -> NDArray[np.float32]:
    """Weigh each image: (images,), float32, with a mean of one.

    Balanced, each class counts alike: n / (classes x n of the class).
    ``labels``: (images,), int32, the number of each image's class.
    """
    if not balanced:
        return np.ones(len(labels), np.float32)
    counts = np.bincount(labels)
    present = np.count_nonzero(counts)
    return np.asarray(len(labels) / (present * counts[labels]), np.float32)


def _numbered(ws: Workspace, dataset: Dataset, records: list[ImageRecord]) -> ImageSet:
    return ImageSet(
        images=tuple((r.content, datasets.image_path(ws, dataset.id, r)) for r in records),
        labels=np.array([r.number for r in records], np.float64),
        groups=tuple(r.group for r in records),
    )


def _image_set(
    ws: Workspace, dataset: Dataset, labels: tuple[str, ...], records: list[ImageRecord]
) -> ImageSet:
    number = {label: i for i, label in enumerate(labels)}
    return ImageSet(
        images=tuple((r.content, datasets.image_path(ws, dataset.id, r)) for r in records),
        labels=np.array([number[r.label] for r in records], np.int32),
        groups=tuple(r.group for r in records),
    )
