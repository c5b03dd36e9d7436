"""What a run came to, in a few sentences: how many images are right, and what is mixed up."""

from collections.abc import Iterator, Mapping

from core.insights import evaluation
from core.insights.evaluation import Judged
from core.judging import shares
from core.records import Accuracy, Baselines, JudgedOn, Paired, RunScore
from core.words import Message, mark, nsay, say


def sentences(judged: Judged, score: RunScore | None = None) -> Iterator[Message]:
    """Say how many images are right, how sure that is, and which classes are mixed up.

    ``score``: what the run leads with, where that is not the score on these images.
    """
    if score is not None and score.judged_on is JudgedOn.FOLDS:
        yield by_folds(score.accuracy)
        yield beside_folds(judged.accuracy)
    else:
        yield counted(judged.accuracy)
    yield from confused(judged)


def counted(score: Accuracy) -> Message:
    """Say how many images are right, and in which range the share lies."""
    return nsay(
        "{correct} of {num} image right: {range}.",
        "{correct} of {num} images right: {range}.",
        correct=round(score.accuracy * score.images),
        num=score.images,
        range=shares.span(score.low, score.high),
    )


def by_folds(score: Accuracy) -> Message:
    """Say the same of images that were held back in turn."""
    return nsay(
        "{correct} of {num} image right, each judged by a head that did not learn from it: "
        "{range}.",
        "{correct} of {num} images right, each judged by a head that did not learn from it: "
        "{range}.",
        correct=round(score.accuracy * score.images),
        num=score.images,
        range=shares.span(score.low, score.high),
    )


def beside_folds(validation: Accuracy) -> Message:
    """Say what the few validation images alone would tell."""
    return say("On the validation images alone: {score}", score=counted(validation))


def balanced(judged: Judged) -> Message:
    """Say how often each class is found, however many images it has."""
    b = judged.balanced
    return say(
        "Balanced accuracy, each class counted alike: {share} ({range}).",
        share=shares.percent(b.value),
        range=shares.span(b.low, b.high),
    )


RULES: Mapping[str, str] = {
    "majority": mark("Always naming the largest class"),
    "nearest_pixels": mark("The class of the most similar picture, pixel by pixel"),
    "colour": mark("Colours alone, without a network"),
}


def beats(rules: Baselines, compared: Mapping[str, Paired]) -> Iterator[Message]:
    """Say what the best of the simple rules scores, and where the model is not surely better.

    ``compared``: how the model does against each rule, image by image.
    """
    name, rule = max(rules.named, key=lambda pair: pair[1].accuracy.accuracy)
    a = rule.accuracy
    yield say(
        "{rule}: {share} right ({range}).",
        rule=say(RULES[name]),
        share=shares.percent(a.accuracy),
        range=shares.span(a.low, a.high),
    )
    if not compared[name].is_better:
        yield say("These images do not show that the model is better than that.")


def confused(judged: Judged) -> Iterator[Message]:
    """Name the pair of classes behind most mistakes, where one pair stands out on these images."""
    pairs, wrong = evaluation.mixed_up(judged), len(judged.mistakes)
    if not wrong:
        yield say("No mistake among these images.")
        return
    first, second, num = pairs[0]
    if num < 2 or len(judged.labels) < 3 or (len(pairs) > 1 and pairs[1][2] == num):
        return
    yield say(
        "Most often mixed up: {first} and {second} ({num} of {wrong} mistakes).",
        first=first,
        second=second,
        num=num,
        wrong=wrong,
    )
