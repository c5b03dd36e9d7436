"""How training and validation differ, why, and whether so few images can tell."""

from core.insights.coaching import remedies
from core.insights.coaching.curves import LAST, Advice, AdviceKind, Curves, accuracy
from core.judging import shares
from core.judging.statistics import Z95, overlap
from core.records import EpochMetrics
from core.words import Message, nsay, say

GAP = 0.1  # training this much better than validation is worth a sentence
ABOVE = 0.03  # validation this much better than training
SURE = 2.58  # standard errors: for what is looked at again each epoch


def gap(curves: Curves, *, is_over: bool) -> Advice | None:
    """Compare the training images with other ones: their intervals are of different images."""
    looked_at = curves.epochs[-1:] if is_over else curves.last  # one look, or many
    if len(looked_at) < (1 if is_over else LAST) or any(map(_is_close, looked_at)):
        return None
    z = Z95 if is_over else SURE
    if not any(_may_be_alike(curves, epoch, z) for epoch in looked_at):
        harder = remedies.harder(curves.config, curves.phase, is_solved=curves.is_solved)
        seen = say(
            "It knows the training images better than new ones ({training} against {validation}, "
            "{range}): some of them it learned by heart.",
            **_shares(curves),
        )
        return Advice(kind=AdviceKind.GAP, seen=seen, remedy=harder)
    if not is_over:  # that the images are few is said by itself
        return None
    remedy = remedies.against_few_images()
    return Advice(kind=AdviceKind.FEW, seen=_cannot_show(curves), remedy=remedy)


def _is_close(epoch: EpochMetrics) -> bool:
    return epoch.accuracy - accuracy(epoch) < GAP


def _may_be_alike(curves: Curves, epoch: EpochMetrics, z: float) -> bool:
    return overlap(curves.trained(epoch.accuracy, z), curves.judged(accuracy(epoch), z))


def _shares(curves: Curves) -> dict[str, Message]:
    epoch = curves.epochs[-1]
    return {
        "training": shares.percent(epoch.accuracy),
        "validation": shares.percent(accuracy(epoch)),
        "range": shares.span(*curves.judged(accuracy(epoch))),
    }


def _cannot_show(curves: Curves) -> Message:
    return say(
        "It was right in {training} of the training images and in {validation} ({range}) of the "
        "validation images: so few images cannot show whether it knows some by heart.",
        **_shares(curves),
    )


def above(curves: Curves) -> Advice | None:
    """Say why validation lies above training, where it does for some epochs."""
    gaps = [accuracy(e) - e.accuracy for e in curves.last]
    if len(gaps) < LAST or min(gaps) < ABOVE:
        return None
    is_sure = not any(_may_be_alike(curves, epoch, SURE) for epoch in curves.last)
    if is_sure:
        return Advice(kind=AdviceKind.ABOVE, seen=_why_above(curves))
    return Advice(kind=AdviceKind.FEW, seen=_by_chance(curves))


def _by_chance(curves: Curves) -> Message:
    return nsay(
        "Validation lies above training: with {num} validation image that may be chance.",
        "Validation lies above training: with {num} validation images that may be chance.",
        num=curves.evidence.num_validation,
    )


def _why_above(curves: Curves) -> Message:
    if curves.config.dropout and not curves.is_solved:
        return say(
            "Validation lies above training since Dropout hides clues only while it learns: "
            "nothing is wrong."
        )
    if curves.config.augmentation != "none":
        return say(
            "Validation lies above training since it learns from variations (Augmentation), "
            "which are harder than the images themselves: nothing is wrong."
        )
    return say(
        "Validation lies above training by more than chance: these images may be easier, or "
        "resemble training images. The check on the Data page finds near-duplicates."
    )


def few(curves: Curves) -> Advice:
    likely = shares.span(*curves.judged(accuracy(curves.epochs[-1])))
    return Advice(
        kind=AdviceKind.FEW,
        seen=nsay(
            "{num} validation image is few: the true share may lie anywhere from {range}, so "
            "small steps of the dashed lines mean nothing.",
            "{num} validation images are few: the true share may lie anywhere from {range}, so "
            "small steps of the dashed lines mean nothing.",
            num=curves.evidence.num_validation,
            range=likely,
        ),
        remedy=remedies.against_few_images(),
    )
