"""Whether the scores of two runs can be compared, and what the comparison says."""

from core.judging.statistics import overlap
from core.records import Accuracy, TrainConfig
from core.words import Message, say

Task = tuple[str, int, tuple[str, ...]]


def task(config: TrainConfig) -> Task:
    """Name the images and classes a run is judged on: scores compare only within one task."""
    return config.dataset_id, config.dataset_version, tuple(sorted(config.left_out))


def why_not(first: TrainConfig, second: TrainConfig) -> Message | None:
    """Say why the scores of two runs tell nothing about which is better; None: they do."""
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
    if first.dataset_version != second.dataset_version:
        return say(
            "The two runs learned from versions {first} and {second} of the data set, which may "
            "not hold the same images, so their scores are not compared.",
            first=first.dataset_version,
            second=second.dataset_version,
        )
    if task(first) != task(second):
        return say(
            "The two runs tell different classes apart, so their scores are not compared: fewer "
            "classes are easier."
        )
    return None


def verdict(first: Accuracy, second: Accuracy) -> Message:
    """Say which of A and B was right more often, or that these images cannot tell.

    Both were judged on the same images, which a paired test would use; the answers to single images
    that it needs are not kept. So a difference is claimed only where the intervals are apart.
    """
    if first.accuracy == second.accuracy:
        return say("Both were right equally often: these images show no difference.")
    if overlap((first.low, first.high), (second.low, second.high)):
        return say(
            "The ranges of the two scores overlap, so the difference may be chance: these images "
            "do not show which is better. How each answered single images could tell more; that is "
            "not kept."
        )
    better = "A" if first.accuracy > second.accuracy else "B"
    return say(
        "{better} was right more often on the same images, by more than chance explains: the "
        "ranges of the two scores do not overlap.",
        better=better,
    )
