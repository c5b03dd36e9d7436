"""What is wrong with a training in steps: its rate, that it stands still, that it overfits."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import median

from core.insights.coaching import remedies
from core.insights.coaching.curves import LAST, Advice, AdviceKind, Curves
from core.judging.statistics import overlap
from core.records import EpochMetrics
from core.words import Message

LATER = 5  # epochs since the lowest validation loss
LEAST_RISE = 0.1  # of the lowest loss
SWINGS = 3.0  # from epoch to epoch that are usual, whatever the trend
RISE = 0.1  # of the loss in the first epoch: a step up that is no noise
JUMPS, AMONG = 3, 8  # so many steps up among the last
NEAR = 0.1  # as wrong as somebody who never looks at a picture, less this


def rate_too_high(curves: Curves) -> Advice | None:
    """Look at the loss on the training images: they are many, and each step is to lower it."""
    seen = _washed_away(curves) or _rising(curves) or _jumping(curves)
    if seen is None:
        return None
    return Advice(
        kind=AdviceKind.RATE,
        seen=seen,
        remedy=remedies.against_a_high_rate(curves.config, curves.phase),
    )


def _washed_away(curves: Curves) -> Message | None:
    """Tell whether fine-tuning made a surely worse model, in epochs that agree.

    The intervals are of the same images, so that a paired test would find more: this is quiet.
    """
    if curves.before is None or len(curves.epochs) < LAST:
        return None
    best = min((curves.judged(e) for e in curves.last), key=lambda found: found.at)
    before = curves.judged(curves.before)
    if best.at <= before.at or overlap(best.span, before.span):
        return None
    return curves.evidence.figures.say_washed_away(before, best)


def _rising(curves: Curves) -> Message | None:
    errors, least = _errors(curves), 4 / sqrt(curves.evidence.num_train)
    if len(errors) <= LAST or min(errors[-LAST:]) < errors[0] * (1 + least):
        return None
    return curves.evidence.figures.say_rising()


def _jumping(curves: Curves) -> Message | None:
    errors = _errors(curves)
    high = max(RISE, 4 / sqrt(curves.evidence.num_train)) * errors[0]
    ups = sum(after - before > high for before, after in pairwise(errors[-AMONG - 1 :]))
    return None if ups < JUMPS else curves.evidence.figures.say_jumping()


def _errors(curves: Curves) -> Sequence[float]:
    """Give what is to fall on the training images."""
    return [curves.evidence.figures.watched(epoch)[0] for epoch in curves.epochs]


def stuck(curves: Curves) -> Advice | None:
    """Claim it where no part is known better than without looking, within narrow bounds."""
    figures = curves.evidence.figures
    if len(curves.epochs) < LATER or any(_may_move(curves, epoch) for epoch in curves.last):
        return None
    return Advice(
        kind=AdviceKind.STUCK,
        seen=figures.say_stuck(curves.number(-1)),
        remedy=remedies.against_standing_still(
            curves.config, curves.phase, is_uneven=figures.is_uneven
        ),
    )


def _may_move(curves: Curves, epoch: EpochMetrics) -> bool:
    """Tell whether it may be better than without looking; or is surely worse, on its way down."""
    trained, figures = curves.trained(epoch), curves.evidence.figures
    is_better = trained.high < figures.always_trained
    is_elsewhere = abs(trained.low - figures.always_trained) > NEAR
    return is_better or is_elsewhere or curves.judged(epoch).high < figures.always_judged


def overfitting(curves: Curves) -> Advice | None:
    """Claim it where the validation loss rose by more than so few images make by chance."""
    figures = curves.evidence.figures
    known, losses = zip(*map(figures.watched, curves.epochs), strict=True)
    lowest = losses.index(min(losses))
    if len(losses) - 1 - lowest < LATER:
        return None
    low, now = median(losses[max(0, lowest - 1) : lowest + 2]), median(losses[-LATER:])
    by_chance = figures.by_chance(curves.epochs[-LATER:], curves.evidence.witnesses)
    least = max(LEAST_RISE * low, by_chance, SWINGS * _swing(losses))
    if now - low < least or min(losses[-LATER:]) - low < least / 2:
        return None
    if max(known[-LAST:]) >= known[lowest]:
        return None
    return Advice(
        kind=AdviceKind.OVERFITTING,
        seen=figures.say_overfitting(curves.number(lowest)),
        remedy=remedies.harder(curves.config, curves.phase, is_solved=curves.is_solved),
    )


def _swing(losses: Sequence[float]) -> float:
    """Give how far losses usually step from one epoch to the next beside their trend."""
    steps = [after - before for before, after in pairwise(losses)]
    return median(abs(after - before) for before, after in pairwise(steps)) / sqrt(3)
