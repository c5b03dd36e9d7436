"""A score in a short form for every place, and what stands behind it, for those who ask."""

from collections.abc import Mapping

from core.judging import shares
from core.records import Accuracy, JudgedOn, RunScore
from core.words import Message, mark, nsay, say

TITLES: Mapping[JudgedOn, str] = {
    JudgedOn.FOLDS: mark("Accuracy by five folds"),
    JudgedOn.VALIDATION: mark("Validation accuracy"),
    JudgedOn.TEST: mark("Test accuracy"),
}
SOURCES: Mapping[JudgedOn, str] = {  # in a column
    JudgedOn.FOLDS: mark("five folds"),
    JudgedOn.VALIDATION: mark("validation"),
    JudgedOn.TEST: mark("test"),
}


def short(score: Accuracy) -> Message:
    """Say a score, and never without how sure it is."""
    return say(
        "{share} right ({interval})",
        share=shares.percent(score.accuracy),
        interval=shares.span(score.low, score.high),
    )


def headline(score: RunScore) -> Message:
    """Say the score of a run, and which images it stands on."""
    told = short(score.accuracy)
    if score.judged_on is JudgedOn.FOLDS:
        return say("{score}, by five folds", score=told)
    if score.judged_on is JudgedOn.TEST:
        return say("{score}, on the test images", score=told)
    return say("{score}, on the validation images", score=told)


def titled(score: RunScore) -> Message:
    """Say the same in a line of its own."""
    return say("{title}: {score}.", title=say(TITLES[score.judged_on]), score=short(score.accuracy))


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
