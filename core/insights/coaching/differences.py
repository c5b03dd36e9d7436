"""How training and validation differ, why, and whether so few images can tell."""

from collections.abc import Sequence
from itertools import pairwise

from core.insights.coaching import remedies
from core.insights.coaching.curves import LAST, Advice, AdviceKind, Curves
from core.judging.statistics import Z95, overlap
from core.records import EpochMetrics

GAP = 0.1  # training this much better than validation is worth a sentence
ABOVE = 0.03  # validation this much better than training
SURE = 2.58  # standard errors: for what is looked at again each epoch

_Pair = tuple[EpochMetrics, EpochMetrics]  # whose training figure, and whose of validation


def gap(curves: Curves, *, is_over: bool) -> Advice | None:
    """Compare the training images with other ones: their intervals are of different images."""
    looked_at = curves.epochs[-1:] if is_over else curves.last  # one look, or many
    pairs = [(epoch, epoch) for epoch in looked_at]
    if len(pairs) < (1 if is_over else LAST) or any(_ahead(curves, p) < GAP for p in pairs):
        return None
    figures, z, last = curves.evidence.figures, Z95 if is_over else SURE, curves.epochs[-1]
    both = curves.trained(last), curves.judged(last)
    if not any(_may_be_alike(curves, pair, z) for pair in pairs):
        harder = remedies.harder(curves.config, curves.phase, is_solved=curves.is_solved)
        return Advice(kind=AdviceKind.GAP, seen=figures.say_gap(*both), remedy=harder)
    if not is_over:  # that the images are few is said by itself
        return None
    remedy = remedies.against_few_images()
    return Advice(kind=AdviceKind.FEW, seen=figures.say_cannot_show(*both), remedy=remedy)


def _ahead(curves: Curves, pair: _Pair) -> float:
    """Give by how much the training images are known better."""
    return curves.judged(pair[1]).at - curves.trained(pair[0]).at


def _may_be_alike(curves: Curves, pair: _Pair, z: float) -> bool:
    return overlap(curves.trained(pair[0], z).span, curves.judged(pair[1], z).span)


def above(curves: Curves) -> Advice | None:
    """Say why validation is better than training, where it is for some epochs."""
    pairs, figures = _settled(curves), curves.evidence.figures
    if len(pairs) < LAST or max(_ahead(curves, pair) for pair in pairs) > -ABOVE:
        return None
    if not any(_may_be_alike(curves, pair, SURE) for pair in pairs):
        why = figures.say_why_above(curves.config, is_solved=curves.is_solved)
        return Advice(kind=AdviceKind.ABOVE, seen=why)
    by_chance = figures.say_above_by_chance(curves.evidence.num_validation)
    return Advice(kind=AdviceKind.FEW, seen=by_chance)


def _settled(curves: Curves) -> Sequence[_Pair]:
    """Set beside validation what training came to of a model that knows no less.

    The training figure of an epoch is a mean over it, and at its end, where validation is judged,
    the model knows more. That of the next epoch has no such excuse.
    """
    if curves.is_solved:
        return [(epoch, epoch) for epoch in curves.last]
    return [(later, epoch) for epoch, later in pairwise(curves.epochs[-LAST - 1 :])]


def few(curves: Curves) -> Advice:
    """Say how little so few images tell."""
    evidence = curves.evidence
    seen = evidence.figures.say_few(evidence.num_validation, curves.judged(curves.epochs[-1]))
    return Advice(kind=AdviceKind.FEW, seen=seen, remedy=remedies.against_few_images())
