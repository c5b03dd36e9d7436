"""What is wrong with a training in steps: its rate, that it stands still, that it overfits."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import median

from core.insights.coaching import remedies
from core.insights.coaching.curves import LAST, Advice, AdviceKind, Curves, accuracy
from core.judging import shares
from core.judging.statistics import overlap
from core.words import Message, say

LATER = 5  # epochs since the lowest validation loss
LEAST_RISE = 0.1  # of the lowest loss
SPREAD = 2.0  # the losses of single images spread by at most so many means, by and large
SWINGS = 3.0  # from epoch to epoch that are usual, whatever the trend
RISE = 0.1  # of the loss in the first epoch: a step up that is no noise
JUMPS, AMONG = 3, 8  # so many steps up among the last
NEAR = 0.1  # above always naming the largest class


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
    best = max(accuracy(e) for e in curves.last)
    before = accuracy(curves.before)
    if best >= before or overlap(curves.judged(best), curves.judged(before)):
        return None
    return say(
        "Fine-tuning washes away what the backbone knows: {before} of the validation images "
        "were right before it, now at most {now}.",
        before=shares.percent(before),
        now=shares.percent(best),
    )


def _rising(curves: Curves) -> Message | None:
    first, least = curves.epochs[0].loss, 4 / sqrt(curves.evidence.num_train)
    if len(curves.epochs) <= LAST or min(e.loss for e in curves.last) < first * (1 + least):
        return None
    return say("The learning rate is too high: the loss on the training images rises.")


def _jumping(curves: Curves) -> Message | None:
    losses = [e.loss for e in curves.epochs][-AMONG - 1 :]
    high = max(RISE, 4 / sqrt(curves.evidence.num_train)) * curves.epochs[0].loss
    ups = sum(after - before > high for before, after in pairwise(losses))
    if ups < JUMPS:
        return None
    return say(
        "The learning rate is too high: the loss on the training images jumps up and down and "
        "does not settle."
    )


def stuck(curves: Curves) -> Advice | None:
    """Claim it where no image part is named better than by one class, within narrow bounds."""
    evidence = curves.evidence
    if len(curves.epochs) < LATER:
        return None
    for epoch in curves.last:
        low, high = curves.trained(epoch.accuracy)
        if low > evidence.train_majority or high > evidence.train_majority + NEAR:
            return None
        if curves.judged(accuracy(epoch))[0] > evidence.majority:
            return None
    return Advice(
        kind=AdviceKind.STUCK,
        seen=say(
            "After {num} epochs it is right no more often than always naming the largest class "
            "would be.",
            num=curves.number(-1),
        ),
        remedy=remedies.against_standing_still(
            curves.config,
            curves.phase,
            majority=evidence.train_majority,
            num_classes=evidence.num_classes,
        ),
    )


def overfitting(curves: Curves) -> Advice | None:
    """Claim it where the validation loss rose by more than so few images make by chance."""
    losses = [e.val_loss or 0.0 for e in curves.epochs]
    lowest = losses.index(min(losses))
    if len(losses) - 1 - lowest < LATER:
        return None
    low, now = median(losses[max(0, lowest - 1) : lowest + 2]), median(losses[-LATER:])
    by_chance = SPREAD * now / sqrt(curves.evidence.witnesses)
    least = max(LEAST_RISE * low, by_chance, SWINGS * _swing(losses))
    trained = max(e.loss for e in curves.last)
    if now - low < least or min(losses[-LATER:]) - low < least / 2:
        return None
    if trained >= curves.epochs[lowest].loss:
        return None
    return Advice(
        kind=AdviceKind.OVERFITTING,
        seen=say(
            "Overfitting since epoch {epoch}: the loss on the validation images rises while that "
            "on the training images falls, so it learns these by heart.",
            epoch=curves.number(lowest),
        ),
        remedy=remedies.harder(curves.config, curves.phase, is_solved=curves.is_solved),
    )


def _swing(losses: Sequence[float]) -> float:
    """Give how far losses usually step from one epoch to the next beside their trend."""
    steps = [after - before for before, after in pairwise(losses)]
    return median(abs(after - before) for before, after in pairwise(steps)) / sqrt(3)
