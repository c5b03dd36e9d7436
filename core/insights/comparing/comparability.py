"""Whether the scores of two runs can be compared: were they judged on the same images?"""

from core.judging.numbers import written
from core.records import LearnedTarget, Run, RunSummary, Split, TrainConfig
from core.words import Message, say
from core.workspace import Workspace

Task = tuple[str, int, tuple[str, ...]]


def task(config: TrainConfig) -> Task:
    """Name the images and classes a run is judged on: scores compare only within one task."""
    return config.dataset_id, config.dataset_version, tuple(sorted(config.left_out))


def other_task() -> Message:
    """Say that a run that names classes is not compared with one that answers a number."""
    return say("One of the two runs names classes, and the other answers a number.")


def other_answer(one: Run | RunSummary, other: Run | RunSummary) -> Message | None:
    """Say that the answers of two runs are not the same thing; None: they are, as far as known."""
    if one.config.task != other.config.task:
        return other_task()
    first, second = (run.card.target if run.card else None for run in (one, other))
    if first is None or second is None or _of(first) == _of(second):
        return None
    return say(
        "The two runs answer different numbers, {first} and {second}, so how far off they are is "
        "not compared.",
        first=written.titled(first),
        second=written.titled(second),
    )


def _of(target: LearnedTarget) -> tuple[str, str]:
    return target.name, target.unit


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


def part(ws: Workspace, one: Run | RunSummary, other: Run | RunSummary) -> Split:
    """Give the part on which two runs are compared, by what is there.

    That is validation; where one of them learned from it, the test part once it was opened for
    both.
    """
    both = one, other
    if all(run.config.validates for run in both):
        return Split.VALIDATION
    is_open = all(ws.run(run.id).test_predictions.exists() for run in both)
    return Split.TEST if is_open else Split.VALIDATION


def why_not(
    one: Run | RunSummary, other: Run | RunSummary, split: Split = Split.VALIDATION
) -> Message | None:
    """Say why the answers of two runs to a part tell nothing about which is better.

    None: they do.
    """
    first, second = one.config, other.config
    if (otherwise := other_answer(one, other)) is not None:
        return otherwise
    if split is Split.VALIDATION and not (first.validates and second.validates):
        return say(
            "Of the two runs one learned from the validation images too, so it has no score on "
            "them to compare. Once the test part was opened for both, they are compared on that."
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
