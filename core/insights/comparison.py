"""Whether the scores of two runs can be compared: were they judged on the same images?"""

from core.records import Run, RunSummary, TrainConfig
from core.words import Message, say

Task = tuple[str, int, tuple[str, ...]]


def task(config: TrainConfig) -> Task:
    """Name the images and classes a run is judged on: scores compare only within one task."""
    return config.dataset_id, config.dataset_version, tuple(sorted(config.left_out))


def same_images(first: Run | RunSummary, second: Run | RunSummary) -> bool:
    """Tell whether two runs know the same images with the same labels in the same parts.

    So do two versions where the later one took back what the one before had changed.
    """
    one, other = first.config, second.config
    if one.dataset_id != other.dataset_id or first.card is None or second.card is None:
        return task(one)[:2] == task(other)[:2]
    return (
        one.dataset_version == other.dataset_version
        or first.card.dataset_fingerprint == second.card.dataset_fingerprint
    )


def why_not(one: Run | RunSummary, other: Run | RunSummary) -> Message | None:
    """Say why the scores of two runs tell nothing about which is better; None: they do."""
    first, second = one.config, other.config
    if not (first.validates and second.validates):
        return say(
            "Of the two runs one learned from the validation images too, so it has no score on "
            "them to compare; the test images can judge it."
        )
    if first.dataset_id != second.dataset_id:
        return say(
            "The two runs learned from different data sets and were judged on different images, so "
            "their scores are not compared: one task may simply be easier."
        )
    if not same_images(one, other):
        return say(
            "The two runs learned from versions {first} and {second} of the data set, which may "
            "not hold the same images, so their scores are not compared.",
            first=first.dataset_version,
            second=second.dataset_version,
        )
    if {*first.left_out} != {*second.left_out}:
        return say(
            "The two runs tell different classes apart, so their scores are not compared: fewer "
            "classes are easier."
        )
    return None
