"""What the card says of a model that reads a number off images."""

from collections.abc import Callable, Iterator, Mapping

from core.exports.bundles import scores_text
from core.exports.bundles.card_texts import FOREIGN, CardTexts, Column, Rows
from core.exports.bundles.markdown import plain, table
from core.exports.bundles.run_facts import RunFacts
from core.insights.numbers import telling
from core.judging.numbers import answering, sentences, written
from core.models import solving
from core.records import JudgedOn, LearnedTarget, ModelCard, NumberScore, Parity
from core.words import Message, render

TITLES: Mapping[JudgedOn, str] = {
    JudgedOn.VALIDATION: "validation images",
    JudgedOn.TEST: "test images",
}
_PICKED: Mapping[str, str] = {
    "epoch": "the epoch that is kept",
    "phase": "between fine-tuned and the head alone",
    "end": "when training ended",
}


def number_scores(facts: RunFacts) -> Mapping[JudgedOn, NumberScore]:
    """Give how near it is, by the images that this stands on."""
    test = facts.test.numbers if facts.test is not None else None
    found = {JudgedOn.VALIDATION: facts.card.numbers, JudgedOn.TEST: test}
    return {judged_on: score for judged_on, score in found.items() if score is not None}


def _plain(told: Message) -> str:
    return plain(render(told))


def _output(facts: RunFacts) -> Rows:
    target = facts.target
    half = target.half_range
    return {
        "output": _number(target),
        "range": f"the number, {_plain(written.amount(half, target))} to each side"
        if half is not None
        else "none",
    }


def _answers(facts: RunFacts) -> Rows:
    target = facts.target
    mean, deviation = (written.amount(one, target) for one in (target.mean, target.deviation))
    span = written.interval(target.lowest, target.highest, target)
    return {
        "number": f"{_plain(written.titled(target))}; of the images that it learned from "
        f"{_plain(span)}, mean {_plain(mean)}, standard deviation {_plain(deviation)}"
    }


def _number(target: LearnedTarget) -> str:
    named = f": {_plain(written.titled(target))}" if target.name or target.unit else ""
    return f"one number, in the unit of the data set{named}"


def _scores(facts: RunFacts) -> str:
    """Write how near it is, how near simple rules are, and what stands behind that."""
    rows = list(_rows(facts))
    told = "".join(f"\n{sentence}\n" for sentence in _sentences(facts))
    if not rows:
        return told.lstrip()
    head = [
        "",
        "mean absolute error (95% interval)",
        "RMSE (95% interval)",
        "R² (95% interval)",
        "images",
    ]
    return table(head, rows) + told


def _rows(facts: RunFacts) -> Iterator[list[str]]:
    target = facts.target
    for judged_on, score in number_scores(facts).items():
        name, images = TITLES[judged_on], str(score.images)
        span = written.interval(score.mae_low, score.mae_high, target)
        r2, low, high = map(written.r2, (score.r2, score.r2_low, score.r2_high))
        mae, rmse, mean = (
            _plain(written.amount(one, target)) for one in (score.mae, score.rmse, score.mean_mae)
        )
        if score.rmse_range is not None:  # runs of old have none
            rmse += f" ({_plain(written.interval(*score.rmse_range, target))})"
        explained = f"{r2} ({low} to {high})" if written.tells_r2(score) else "cannot be told"
        yield [name, f"{mae} ({_plain(span)})", rmse, explained, images]
        yield [f"{name}, rule: always the mean", mean, "", "", images]
        if score.nearest_mae is not None:
            near = _plain(written.amount(score.nearest_mae, target))
            yield [f"{name}, rule: the most similar picture, by pixels", near, "", "", images]


def _sentences(facts: RunFacts) -> Iterator[str]:
    if facts.card.numbers is not None:
        yield from (_plain(one) for one in sentences.beats(facts.card.numbers, facts.target))
        yield _used_for(facts.card)
    else:
        yield _plain(telling.learned_from(facts.parent))
    yield from scores_text.opened(facts)


def _used_for(card: ModelCard) -> str:
    """Say what the validation images decided, which the score on them does not allow for."""
    is_at_once = solving.solves(card.config) and not card.config.thaws
    picked = [] if is_at_once else [_PICKED[one] for one in card.picked]
    if not picked:
        return "Nothing was chosen by the validation images, so no choice flatters their score."
    return (
        f"The validation images decided {' and '.join(picked)}, so on new images it may be a "
        "little farther off."
    )


def _limits(facts: RunFacts) -> Iterator[str]:
    """Say what must not be expected of the model, each in a sentence or two."""
    target = facts.target
    yield "It gives a number for any picture, also for one that shows nothing of the kind."
    span = _plain(written.interval(target.lowest, target.highest, target))
    low, high = (_plain(written.amount(one, target)) for one in answering.known_span(target))
    yield f"It learned from numbers of {span}: beyond that it guesses."
    yield f"Script, server and page call a number below {low} or above {high} a guess."
    yield FOREIGN
    yield _plain(sentences.range_of(target, is_judged=facts.card.numbers is not None))
    if facts.is_grouped:
        yield "Of images that belong together, the range counts each as a share of one."
    if facts.card.numbers is not None and not facts.card.numbers.beats_mean:
        yield "These images do not show that the model is better than always the mean."


def _compared(facts: RunFacts) -> Mapping[str, Column]:
    """Write differences in the unit of the number; the gate has them in shares of its spread."""
    target = facts.target

    def off(share: float | None) -> str:
        unit = f" {target.unit}" if target.unit else ""
        return "–" if share is None else plain(f"{share * (target.deviation or 1.0):.1g}{unit}")

    return {
        "largest difference": lambda parity: off(parity.max_difference),
        "mean difference": lambda parity: off(parity.mean_difference),
        "mean absolute error": lambda parity: _off(parity, off),
    }


def _off(parity: Parity, off: Callable[[float | None], str]) -> str:
    """Write the error of a compressed model on images it did not learn from, and its change."""
    if parity.error_change is None or parity.change_low is None or parity.change_high is None:
        return off(parity.error)
    change, low, high = map(off, (parity.error_change, parity.change_low, parity.change_high))
    return f"{off(parity.error)} ({change}: {low} to {high})"


TEXTS = CardTexts(
    what=lambda facts: "A model that reads a number off images",
    output=_output,
    answers=_answers,
    scores=_scores,
    classes=lambda facts: "",
    limits=_limits,
    compared=_compared,
    explained="Differences: of the number from the one in Thaw, the mean of them with the same "
    "pixels. Mean absolute error: on images that it did not learn from, and its change against "
    "the model in Thaw with the 95% interval of that.",
)
