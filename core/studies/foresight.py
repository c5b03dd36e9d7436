"""What a study can tell and how long it takes, said before its time is spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from core import datasets
from core.datasets import head_scores, parts
from core.judging.evaluation import comparing
from core.models import catalog
from core.models.step_times import FEATURES, FEATURES_AT_CUT, FINE_TUNING, HEAD, STARTING
from core.records import ImageRecord, Split, TrainConfig
from core.records.studies import Arm, StudyKind
from core.records.training import NUM_FOLDS
from core.runs import estimates
from core.studies import texts, transfer
from core.words import Message, Value, nsay, say
from core.workspace import Workspace

CHANGED = 0.6  # of the wrong answers of a head: as many images change sides with the depth
_USUAL_SCORE = 0.8  # of a head, where none was ever judged here
USUAL_GAIN = 0.04  # what depths differ by, at most, on most sets
_PER_RUN = 4.0  # seconds, to build and trace what learns
_RANGE = (0.6, 1.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What is known of a study before it begins."""

    images: int  # that judge, once all folds have
    least: float  # the difference of shares that it would find, four times of five
    low_seconds: float  # of the folds that run first
    high_seconds: float
    warnings: tuple[Message, ...]
    told: Message | None = None  # what it can show, where no warning says so


def look(ws: Workspace, kind: StudyKind, arms: Sequence[Arm], folds: int) -> Foresight:
    """Foresee a study of these arms."""
    config = arms[0].config
    images = parts.some(judging(ws, config), config.most_images)
    units = len({image.group or image.content for image in images})
    planned = 1 if folds == NUM_FOLDS or config.protocol != "fold" else 2
    least = comparing.least_difference(
        units, _changed(ws, config), comparisons=_comparisons(kind, len(arms)), looks=planned
    )
    low, high = _seconds(ws, arms, len(images), folds)
    warnings = tuple(_warnings(kind, config, len(arms), len(images), least))
    return Foresight(
        images=len(images),
        least=least,
        low_seconds=low,
        high_seconds=high,
        warnings=warnings,
        told=None if warnings or len(arms) < 2 else _told(kind, len(images), least),
    )


def _comparisons(kind: StudyKind, num_arms: int) -> int:
    """Count the comparisons that a claim of a study pays for."""
    if kind is StudyKind.TRANSFER:
        return transfer.COMPARISONS
    if kind is StudyKind.BAKEOFF:
        return max(1, comb(num_arms, 2))  # each pair
    return max(1, num_arms - 1)


def _told(kind: StudyKind, num_images: int, least: float) -> Message | None:
    """Say which differences it can show; a curve of heads compares none."""
    about: dict[str, Value] = {"num": num_images, "points": texts.points(least)}
    if kind is StudyKind.TRANSFER:
        return nsay(
            "By all five folds, {num} image can show a gain from {points} points on; a smaller one "
            "ends as 'no gain is shown'.",
            "By all five folds, {num} images can show a gain from {points} points on; a smaller "
            "one ends as 'no gain is shown'.",
            **about,
        )
    if kind is StudyKind.BAKEOFF:
        return nsay(
            "By all five folds, {num} image can show differences from {points} points on; "
            "backbones that differ by less end as ties.",
            "By all five folds, {num} images can show differences from {points} points on; "
            "backbones that differ by less end as ties.",
            **about,
        )
    if kind is StudyKind.LADDER:
        return nsay(
            "By all five folds, {num} image can show differences from {points} points on.",
            "By all five folds, {num} images can show differences from {points} points on.",
            **about,
        )
    return None


def judging(ws: Workspace, config: TrainConfig) -> list[ImageRecord]:
    """Give the images that judge: training and validation, fold by fold; the test part never."""
    return [
        image
        for image in datasets.images(ws, config.dataset_id, config.dataset_version)
        if image.label not in config.left_out and image.split is not Split.TEST
    ]


def _changed(ws: Workspace, config: TrainConfig) -> float:
    """Guess the share of images that only one of two depths will name rightly."""
    known = head_scores.read(ws, config)
    return CHANGED * (1 - (known.accuracy.accuracy if known else _USUAL_SCORE))


def _warnings(
    kind: StudyKind, config: TrainConfig, num_arms: int, num_images: int, least: float
) -> list[Message]:
    found = []
    if kind is StudyKind.LADDER and len(catalog.backbone(config.backbone).blocks) < 2:
        found.append(
            say(
                "{backbone} cannot be cut inside: its ladder has two rungs, head only and "
                "everything.",
                backbone=catalog.backbone(config.backbone).title,
            )
        )
    if kind is not StudyKind.CURVE and least >= 1 and num_arms > 1:
        found.append(
            nsay(
                "{num} image is too few to show any difference, even by all five folds.",
                "{num} images are too few to show any difference, even by all five folds.",
                num=num_images,
            )
        )
    elif kind is StudyKind.LADDER and least > USUAL_GAIN and num_arms > 1:
        found.append(
            nsay(
                "By all five folds, {num} image can show differences from {points} points on; "
                "depths mostly differ by less, so it may well end with 'cannot tell'.",
                "By all five folds, {num} images can show differences from {points} points on; "
                "depths mostly differ by less, so it may well end with 'cannot tell'.",
                num=num_images,
                points=texts.points(least),
            )
        )
    return found


def _seconds(ws: Workspace, arms: Sequence[Arm], images: int, folds: int) -> tuple[float, float]:
    """Guess the time of the folds that run first: each network looks at the images once."""
    total, seen = 0.0, set[tuple[str, str, int]]()
    for arm in arms:
        config = arm.config
        network = (config.backbone, config.weights, config.image_size)
        some = min(images, config.most_images or images)
        judges = some // NUM_FOLDS
        steps = estimates.expected(ws, config, some - judges, judges)
        is_new = network not in seen
        once = steps[FEATURES_AT_CUT] + (steps[FEATURES] if is_new else 0.0)
        once += 0.0 if seen else steps[STARTING]
        every = _PER_RUN + steps[FINE_TUNING] + (steps[HEAD] if is_new else 0.0)
        total += once + (folds if config.protocol == "fold" else 1) * every
        seen.add(network)
    return _RANGE[0] * total, _RANGE[1] * total
