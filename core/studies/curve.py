"""Would more photos help? Heads that learned from fewer and more images, on frozen features."""

from collections.abc import Sequence

from core.errors import UserError
from core.judging import shares
from core.judging.evaluation import learning_curve
from core.records import TrainConfig
from core.records.studies import Arm, ClassGain, LearningCurve, StudyAdvice
from core.records.training import NUM_FOLDS
from core.studies import recipes, texts
from core.studies.standing import Standing
from core.words import Message, Value, say

NAME = "curve"
WORTH = 0.01  # a gain that one would gather photos for
MOST_IMAGES = 2000  # take part: more would tell no more, and take long


def plan(base: TrainConfig, num_images: int) -> tuple[Arm, ...]:
    """Ask for one run, which solves all heads. Raises `UserError` where images are too few."""
    if num_images < learning_curve.FEWEST_IMAGES:
        raise UserError(
            say("There are {num} images for training and validation.", num=num_images),
            expected=say(
                "From {num} on, shares of them can say what more would bring.",
                num=learning_curve.FEWEST_IMAGES,
            ),
            mend=say("Add photos; with so few, more almost surely help."),
        )
    config = recipes.head_alone(base, protocol="curve")
    most = MOST_IMAGES if num_images > MOST_IMAGES else 0
    return (Arm(name=NAME, config=recipes.with_most(config, most)),)


def advise(standing: Standing) -> StudyAdvice | None:
    """Say what twice as many photos may come to; None before the run has ended."""
    found = standing.curve
    if found is None:
        return None
    has_more = any(_is_a_sample(found, row.config.most_images) for row in standing.rows)
    sentences = (_expected(found, has_more), *_of_a_sample(found, has_more), *_named(found))
    return StudyAdvice(choice="", sentences=sentences)


def _is_a_sample(found: LearningCurve, most: int) -> bool:
    """Tell whether there are more images than the most that take part; 0: all did."""
    return bool(most) and found.points[-1].images >= (1 - 1 / NUM_FOLDS) * most


def _of_a_sample(found: LearningCurve, has_more: bool) -> tuple[Message, ...]:
    """Say that more images are there than took part: what twice as many bring may be theirs."""
    if not has_more:
        return ()
    return (
        say(
            "Heads learned from {images} of your images at most: you have more, and part of what "
            "more may bring is theirs.",
            images=found.points[-1].images,
        ),
    )


def _expected(found: LearningCurve, has_more: bool) -> Message:
    last, twice = found.points[-1], found.expected
    if twice is None:
        return say(
            "No clear curve: scores do not grow with the number of images, so nothing is said of "
            "more of them."
        )
    about: dict[str, Value] = {
        "now": shares.percent(last.accuracy),
        "images": last.images,
        "twice": twice.images,
        "band": shares.span(twice.low, twice.high),
    }
    if found.gain_low >= WORTH and has_more:
        return say(
            "More photos than took part are likely to help: learning from {images} images {now} "
            "are right; with {twice} it may be {band}.",
            **about,
        )
    if found.gain_low >= WORTH:
        return say(
            "More photos are likely to help: learning from {images} images {now} are right; with "
            "{twice} it may be {band}.",
            **about,
        )
    if found.gain_high < WORTH:
        return say(
            "More photos of the same kind will hardly help: learning from {images} images {now} "
            "are right; with {twice} it may be {band}.",
            **about,
        )
    return say(
        "It cannot be told whether more photos help: learning from {images} images {now} are "
        "right; with {twice} it may be {band}.",
        **about,
    )


def _named(found: LearningCurve) -> tuple[Message, ...]:
    """Name the class that gains most, if one surely does."""
    best = gains_most(found.gains)
    if best is None:
        return ()
    return (
        say(
            "Photos of '{label}' gain most: from {first} to {last} images its share of right "
            "answers rose by {gain} points ({low} to {high}), surely more than any other's.",
            label=best.label,
            first=found.points[learning_curve.FROM].images,
            last=found.points[-1].images,
            gain=texts.signed(best.gain),
            low=texts.signed(best.low),
            high=texts.signed(best.high),
        ),
    )


def gains_most(gains: Sequence[ClassGain]) -> ClassGain | None:
    """Give the class whose gain surely exceeds nothing and all others: its interval clears them."""
    best = max(gains, key=lambda one: one.gain, default=None)
    if best is None or best.low <= 0:
        return None
    return None if any(one.high >= best.low for one in gains if one is not best) else best
