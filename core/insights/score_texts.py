"""A score in a short form for every place, and what stands behind it, for those who ask."""

from core.judging import shares
from core.records import Accuracy
from core.words import Message, nsay, say


def short(score: Accuracy) -> Message:
    """Say a score, and never without how sure it is."""
    return say(
        "{share} right ({interval})",
        share=shares.percent(score.accuracy),
        interval=shares.span(score.low, score.high),
    )


def behind(score: Accuracy) -> Message:
    """Say what the range means, how many images it stands on, and what guessing would score."""
    return nsay(
        "With other images of the same kind it would most likely lie in this range. It stands on "
        "{num} image; always naming the largest class would be right in {majority}.",
        "With other images of the same kind it would most likely lie in this range. It stands on "
        "{num} images; always naming the largest class would be right in {majority}.",
        num=score.images,
        majority=shares.percent(score.majority),
    )
