"""Which of a lesson's guesses two scores bear out: the rules that a text in `texts/` names."""

from collections.abc import Callable, Mapping

from core.records import Accuracy
from core.records.results import SURE, Paired

GAP = 0.05  # of two scores that are called apart
NEARLY_ALL = 0.9
HALF = 0.5
NONE = ""  # where no guess is right
Scores = tuple[Accuracy, ...]


def _paired(found: Scores, tested: Paired | None) -> str:
    if tested is None:
        return NONE
    if tested.p >= SURE or not (tested.is_better or tested.is_worse):
        return "same"
    return "second" if tested.is_better else "first"


def _separate(found: Scores, tested: Paired | None) -> str:
    first, second = found
    if second.low > first.high:
        return NONE
    return "first" if first.low > second.high else "same"


def _leak(found: Scores, tested: Paired | None) -> str:
    known, new = (_nearly_all(score) or _about_half(score) for score in found)
    return {
        ("all", "half"): "first",
        ("half", "half"): "same",
        ("all", "all"): "both",
    }.get((known, new), NONE)


def _nearly_all(score: Accuracy) -> str:
    return "all" if score.accuracy >= NEARLY_ALL else ""


def _about_half(score: Accuracy) -> str:
    return "half" if score.low <= HALF <= score.high else ""


def _gap(found: Scores, tested: Paired | None) -> str:
    apart = abs(found[0].accuracy - found[1].accuracy)
    return "apart" if round(apart, 9) >= GAP else "same"


RULES: Mapping[str, Callable[[Scores, Paired | None], str]] = {
    "paired": _paired,  # the same images
    "separate": _separate,  # other images: intervals that do not meet
    "leak": _leak,  # two classes that cannot be told apart, known and new
    "gap": _gap,
}
