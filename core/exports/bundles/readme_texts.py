"""What the README of a bundle says by what its model answers: classes, or a number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from core.exports.bundles.markdown import plain
from core.exports.bundles.run_facts import RunFacts
from core.insights import score_texts, validation
from core.insights.numbers import telling
from core.judging.numbers import sentences, written
from core.records.choices import CLASSIFICATION, REGRESSION
from core.words import Message, enumeration, mark, nsay, say


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeTexts:
    """The sentences that differ; English, translated when they are written."""

    beginning: Callable[[RunFacts], Iterator[Message]]  # what it answers, and how well
    asking: str  # the title of what is done with it
    table: Callable[[RunFacts], Iterator[Message]]  # what the script writes
    script: str  # what it does
    caution: str
    files: Mapping[str, str] = field(default_factory=dict)  # which no other model has


def _classes(facts: RunFacts) -> Iterator[Message]:
    labels = [plain(label) for label in facts.card.labels]
    yield nsay(
        "This model names what is in a photo: {num} class, {labels}.",
        "This model names what is in a photo, one of {num} classes: {labels}.",
        num=len(labels),
        labels=enumeration(labels),
    )
    if facts.score is not None:
        yield score_texts.titled(facts.score)
    elif not facts.card.validation:
        yield validation.learned_from(facts.parent)


def _shares(facts: RunFacts) -> Iterator[Message]:
    yield say(
        "It prints a line for each photo and writes {file}, which opens in Excel: the class, "
        "and the probability of every class.",
        file="answers.csv",
    )
    if facts.unknown is not None and facts.unknown.threshold is not None:
        yield say(
            "In the column {column}, 'no' marks photos that are unlike anything the model "
            "learned from: do not trust their class.",
            column="known",
        )


def _number(facts: RunFacts) -> Iterator[Message]:
    target = facts.target
    named = replace(target, name=plain(target.name), unit=plain(target.unit))
    if target.name or target.unit:
        yield say("This model reads a number off a photo: {what}.", what=written.titled(named))
    else:
        yield say("This model reads a number off a photo.")
    if facts.card.numbers is None:
        yield telling.learned_from(facts.parent)
        if target.half_range is not None:
            yield sentences.range_of(named, is_judged=False)
        return
    yield sentences.summary(facts.card.numbers, named)
    yield sentences.range_of(named)


def _numbers(facts: RunFacts) -> Iterator[Message]:
    yield say(
        "It prints a line for each photo and writes {file}, which opens in Excel: the number, and "
        "the range in which the truth lies nine times in ten, where there is one.",
        file="answers.csv",
    )
    yield say(
        "In the column {column}, 'yes' marks numbers beyond all that the model learned from: there "
        "it guesses.",
        column="beyond",
    )


TEXTS: Mapping[str, ReadmeTexts] = {
    CLASSIFICATION: ReadmeTexts(
        beginning=_classes,
        asking=mark("Name photos"),
        table=_shares,
        script=mark("names photos, prepared as in training"),
        files={"labels.txt": mark("the classes, in the order of the model's outputs")},
        caution=mark(
            "A probability is no certainty, and photos taken otherwise may be named worse."
        ),
    ),
    REGRESSION: ReadmeTexts(
        beginning=_number,
        asking=mark("Read the number off photos"),
        table=_numbers,
        script=mark("reads the number off photos, prepared as in training"),
        caution=mark(
            "A number is no measurement, and off photos taken otherwise it may be read worse."
        ),
    ),
}
