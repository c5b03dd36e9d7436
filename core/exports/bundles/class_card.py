"""What the card says of a model that names classes."""

from collections.abc import Iterator, Mapping, Sequence

from core.exports.bundles import scores_text
from core.exports.bundles.card_texts import FOREIGN, CardTexts, Rows
from core.exports.bundles.markdown import plain
from core.exports.bundles.run_facts import RunFacts
from core.insights import verdict
from core.judging import shares
from core.models.catalog import CLASSIFIERS
from core.records import Parity
from core.words import enumeration, render

_FEW = 20  # images of a class, below which its figures say little


def _names(labels: Sequence[str]) -> str:
    return render(enumeration([plain(label) for label in labels]))


def _output(facts: RunFacts) -> Rows:
    card = facts.card
    return {
        "classifier": CLASSIFIERS[card.config.classifier].name,
        "output": "one probability per class, in the order of `labels.txt`"
        if card.config.output == "softmax"
        else "one number: the probability of the second class of `labels.txt`",
        "confidence": f"scaled by a temperature of {card.temperature:.3g}, inside the model"
        if card.temperature != 1
        else "as the model gives it, not rescaled",
    }


def _answers(facts: RunFacts) -> Rows:
    return {"classes": f"{len(facts.card.labels)}: {_names(facts.card.labels)}"}


def _limits(facts: RunFacts) -> Iterator[str]:
    """Say what must not be expected of the model, each in a sentence or two."""
    yield from _of_unknown(facts)
    yield FOREIGN
    yield "A probability says how strongly the model leans to a class; it is no certainty."
    if few := _seldom(facts):
        yield (
            f"Fewer than {_FEW} images judged each of these classes, so their figures say little: "
            f"{_names(few)}."
        )
    for name, found in facts.compared.items():
        if not found.is_better:
            yield (
                "These images do not show that the model is better than this rule: "
                f"{verdict.RULES[name].lower()}."
            )


def _of_unknown(facts: RunFacts) -> Iterator[str]:
    rule = facts.unknown
    if rule is None or rule.threshold is None:
        yield "It names one of its classes for any picture, also for one that shows none of them."
        return
    refused = sum(lost for lost, _ in rule.refused)
    yield (
        "The script says of a picture that it is unlike anything it learned from where its cosine "
        f"to the nearest prototype in `unknown.npz` is below {rule.threshold:.3f}; of "
        f"{rule.num_images} images of its classes, each compared with others alone, that refused "
        f"{refused}. Other programs that use the model alone name a class for any picture."
    )
    for one in facts.junk.kinds if facts.junk else ():
        kind = f"the data set {plain(one.name)}" if one.name else _KINDS.get(one.kind, one.kind)
        yield (
            f"Shown {one.images} pictures of {kind}, it refused {one.refused} "
            f"({render(shares.span(one.low, one.high))})."
        )


_KINDS: Mapping[str, str] = {"noise": "noise", "flat": "one colour", "sample": "drawn shapes"}


def _seldom(facts: RunFacts) -> list[str]:
    """Name the classes that few images judged."""
    if facts.judged is None:
        return []
    pairs = zip(facts.judged.labels, facts.judged.classes, strict=True)
    return [label for label, one in pairs if one.images < _FEW]


def _right(parity: Parity) -> str:
    if parity.accuracy is None or parity.change_low is None or parity.change_high is None:
        return "–"
    change, low, high = (
        f"{100 * value:+.1f}"
        for value in (parity.accuracy_change or 0.0, parity.change_low, parity.change_high)
    )
    return f"{render(shares.percent(parity.accuracy))} ({change}: {low} to {high})"


TEXTS = CardTexts(
    what=lambda facts: "An image classifier",
    output=_output,
    answers=_answers,
    scores=scores_text.scores,
    classes=scores_text.classes,
    limits=_limits,
    compared=lambda facts: {
        "same class": lambda parity: render(shares.percent(parity.agreement)),
        "largest difference": lambda parity: f"{parity.max_difference:.1g}",
        "right": _right,
    },
    explained="Largest difference: of a probability. Right: on images that it did not learn "
    "from; the change against the model in Thaw with its 95% interval, in points.",
)
