"""What a model of numbers came to, in a few sentences."""

from collections.abc import Iterator

from core.judging import shares
from core.judging.numbers import conformal, written
from core.judging.statistics import wilson
from core.records import LearnedTarget, NumberScore, Paired
from core.words import Message, nsay, say


def short(score: NumberScore, target: LearnedTarget) -> Message:
    """Say how far off it is on average, and never without how sure that is."""
    off = {
        "mae": written.amount(score.mae, target),
        "range": written.interval(score.mae_low, score.mae_high, target),
    }
    if not written.tells_r2(score):
        return say("off by {mae} on average ({range})", **off)
    return say("off by {mae} on average ({range}), R² {r2}", r2=written.r2(score.r2), **off)


def reads(target: LearnedTarget) -> Message:
    """Say what number the model answers, as far as that has a name or a unit."""
    if not target.name and not target.unit:
        return say("It reads a number off a picture.")
    return say("It reads a number off a picture: {what}.", what=written.titled(target))


def summary(score: NumberScore, target: LearnedTarget) -> Message:
    """Say what a check of the model found."""
    return nsay(
        "On {num} validation image the saved model is {score}.",
        "On {num} validation images the saved model is {score}.",
        num=score.images,
        score=short(score, target),
    )


def verdict(score: NumberScore, target: LearnedTarget) -> Iterator[Message]:
    """Say how near it is, how much it explains, and whether it beats not looking."""
    yield nsay(
        "On {num} image it is off by {mae} on average ({range}).",
        "On {num} images it is off by {mae} on average ({range}).",
        num=score.images,
        mae=written.amount(score.mae, target),
        range=written.interval(score.mae_low, score.mae_high, target),
    )
    yield explained(score)
    yield from beats(score, target)


def explained(score: NumberScore) -> Message:
    """Say how much of the spread of the numbers it explains."""
    if not written.tells_r2(score):
        return say("R² cannot be told: there are too few images, or their numbers hardly differ.")
    return say(
        "R² is {r2} ({low} to {high}): 1 would be exact, 0 is no better than always the mean.",
        r2=written.r2(score.r2),
        low=written.r2(score.r2_low),
        high=written.r2(score.r2_high),
    )


def squared(score: NumberScore, target: LearnedTarget) -> Message | None:
    """Say the same with large errors counting more; None: its range is not known."""
    if score.rmse_range is None:
        return None
    return say(
        "The root of its mean squared error, in which large errors count more, is {rmse} "
        "({range}).",
        rmse=written.amount(score.rmse, target),
        range=written.interval(*score.rmse_range, target),
    )


def held(inside: int, num: int) -> Message:
    """Say in how many images the range around the answer holds the truth."""
    return nsay(
        "The range around its answer holds the truth in {inside} of {num} image ({share}): nine in "
        "ten are promised for pictures like those of validation.",
        "The range around its answers holds the truth in {inside} of {num} images ({share}): nine "
        "in ten are promised for pictures like those of validation.",
        num=num,
        inside=inside,
        share=shares.span(*wilson(inside, num)),
    )


def beats(score: NumberScore, target: LearnedTarget) -> Iterator[Message]:
    """Say what simple rules come to, and where the model is not surely nearer."""
    yield say(
        "Always saying the mean of the training images, {mean}, is off by {mae}.",
        mean=written.amount(target.mean, target),
        mae=written.amount(score.mean_mae, target),
    )
    if score.nearest_mae is not None:
        yield say(
            "The number of the most similar picture, pixel by pixel, is off by {mae}.",
            mae=written.amount(score.nearest_mae, target),
        )
    if not score.beats_mean:
        yield say("These images do not show that the model is better than always the mean.")
    elif score.nearest_beats:
        yield say("The most similar picture is surely nearer than the model.")
    elif not _beats_nearest(score):
        yield say("These images do not show that it is better than the most similar picture.")


def _beats_nearest(score: NumberScore) -> bool:
    if score.nearest_mae is None or score.p_nearest is None:
        return True
    return score.mae < score.nearest_mae and score.p_nearest < 0.05


def tuned(found: Paired, images: int) -> Message:
    """Say whether fine-tuning is kept, and what it did on the validation images."""
    counts = {"nearer": found.fixed, "farther": found.broke, "images": images}
    if found.is_worse:
        return say(
            "The head alone is kept: of {images} validation images fine-tuning brought {nearer} "
            "nearer to the truth and {farther} farther from it, which is more than chance "
            "explains (p = {p}).",
            p=f"{found.p:.2g}",
            **counts,
        )
    return say(
        "Fine-tuning is kept: of {images} validation images it brought {nearer} nearer to the "
        "truth and {farther} farther from it, against the head alone (p = {p}).",
        p=f"{found.p:.2g}",
        **counts,
    )


def range_of(target: LearnedTarget, *, is_judged: bool = True) -> Message:
    """Say how wide the range is around an answer, or why there is none.

    ``is_judged``: images told it; else it is that of the model before, which learned from fewer.
    """
    if target.half_range is not None and not is_judged:
        return say(
            "The range around its answers, {half} to each side, is that of the model before it "
            "learned from the validation images too: none is left to check it.",
            half=written.amount(target.half_range, target),
        )
    if target.half_range is None:
        return say(
            "There is no range around its answers: that takes {num} validation images that stand "
            "alone, or as many groups of them.",
            num=conformal.LEAST_IMAGES,
        )
    return say(
        "The truth lies within {half} of an answer nine times in ten, for pictures like these.",
        half=written.amount(target.half_range, target),
    )
