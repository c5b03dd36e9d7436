"""What tells a picture that is like nothing a run learned from: prototypes and a threshold."""

import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import files
from core.judging.evaluation import unknowns
from core.judging.evaluation.unknowns import Prototypes
from core.records import Split
from core.run_folder import RunFolder
from core.run_results import pooled
from core.run_results.pooled import PooledFeatures

TASK = "classification"


@dataclass(frozen=True, kw_only=True, eq=False)
class UnknownRule:
    """From which similarity on a picture counts as known, and how many known ones that refuses."""

    prototypes: Prototypes
    threshold: float | None  # None: too few images to set one, so nothing is refused
    refused: tuple[tuple[int, int], ...]  # of each class: images refused, images that were tried

    @property
    def num_images(self) -> int:
        """Count the images that set the threshold."""
        return sum(images for _, images in self.refused)

    def is_unknown(self, similarities: NDArray) -> NDArray[np.bool_] | None:
        """Tell of pictures whether they are unknown: (images,) bool; None: it cannot be told.

        ``similarities``: (images,) float, to the prototypes.
        """
        return None if self.threshold is None else np.asarray(similarities) < self.threshold


def learn(found: PooledFeatures, *, num_classes: int, is_tuned: bool) -> UnknownRule:
    """Learn prototypes, and set the threshold by images that were not learned from.

    With few validation images every image is tried, against prototypes of the others. Where the
    backbone was tuned on them, training images say too little of others and are left out of that.
    """
    learned, validation = found.of(Split.TRAIN), found.of(Split.VALIDATION)
    if len(validation.contents) >= unknowns.ENOUGH_IMAGES:
        prototypes = unknowns.learn(learned.features, learned.labels)
        return _rule(
            prototypes, prototypes.similarity(validation.features), validation.labels, num_classes
        )
    similarities = unknowns.out_of_fold(
        found.features, found.labels, list(found.groups), list(found.contents)
    )
    tried = np.isfinite(similarities)
    if is_tuned and len(validation.contents) >= unknowns.LEAST_IMAGES:
        tried &= ~found.learned
    prototypes = unknowns.learn(found.features, found.labels)
    return _rule(prototypes, similarities[tried], found.labels[tried], num_classes)


def make(folder: RunFolder, *, num_classes: int, is_tuned: bool, parent: RunFolder | None) -> None:
    """Write the rule of a run from the features that it left.

    ``parent``: of a run that learned from its validation images, the one that it was made from,
    whose threshold holds.
    """
    found, theirs = pooled.read(folder), None if parent is None else read(parent)
    if found is not None:
        own = learn(found, num_classes=num_classes, is_tuned=is_tuned)
        write(folder, own if theirs is None else replace(theirs, prototypes=own.prototypes))


def _rule(
    prototypes: Prototypes, similarities: NDArray, labels: NDArray, num_classes: int
) -> UnknownRule:
    limit = unknowns.threshold(similarities)
    counts = unknowns.refused(
        similarities, labels, -np.inf if limit is None else limit, num_classes=num_classes
    )
    return UnknownRule(prototypes=prototypes, threshold=limit, refused=counts)


def write(folder: RunFolder, rule: UnknownRule) -> None:
    """Write what tells the unknown, whole or not at all."""
    arrays: dict[str, Any] = {
        "task": np.array(TASK),
        "directions": rule.prototypes.directions.astype(np.float32),
        "classes": rule.prototypes.classes,
        "threshold": np.array(np.nan if rule.threshold is None else rule.threshold),
        "refused": np.array(rule.refused, np.int64),
    }
    buffer = BytesIO()
    np.savez(buffer, **arrays)
    files.write_bytes(folder.unknown, buffer.getvalue())


def read(folder: RunFolder) -> UnknownRule | None:
    """Read what tells the unknown; None where there is nothing, or the file is damaged."""
    try:
        with folder.unknown.open("rb") as file, np.load(file, allow_pickle=False) as found:
            threshold = float(found["threshold"])
            return UnknownRule(
                prototypes=Prototypes(directions=found["directions"], classes=found["classes"]),
                threshold=None if np.isnan(threshold) else threshold,
                refused=tuple((int(lost), int(num)) for lost, num in found["refused"]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
