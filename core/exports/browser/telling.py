"""What the exported page knows of its model, by its task: for its scripts, and in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.judging import shares
from core.judging.numbers import answering, sentences, written
from core.records import JudgedOn, ModelCard, RunScore
from core.records.choices import CLASSIFICATION, REGRESSION
from core.run_results import headline
from core.words import LANGUAGES, Message, enumeration, mark, nsay, render, say
from core.workspace import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """What a page knows of its model."""

    told: Callable[[ModelCard], dict[str, Any]]  # what its scripts read
    facts: Callable[[RunFolder, ModelCard, bool], Iterator[Message]]  # True: it tells the unknown


def known_of(run: RunFolder, card: ModelCard, threshold: float | None) -> dict[str, Any]:
    """Give what a page needs of its model, and what it says of it, language by language.

    ``threshold``: below it a picture is unlike all that it learned from; None: it cannot tell.
    """
    task = TASKS[card.task.name]
    facts = list(task.facts(run, card, threshold is not None))
    return {
        "task": card.task.name,
        "size": card.config.image_size,
        "threshold": threshold,
        **task.told(card),
        "facts": {language: [render(one, language) for one in facts] for language in LANGUAGES},
    }


UNLIKE = mark(
    "A picture unlike all that it learned from is called so, but not every strange one is noticed."
)
ANY = mark("It names one of its classes for any picture, also for one that shows none of them.")


def _of_classes(run: RunFolder, card: ModelCard, can_tell: bool) -> Iterator[Message]:
    yield _classes(card)
    yield _learned(card)
    yield _score(headline.of(run, card))
    yield say(UNLIKE if can_tell else ANY)


def _classes(card: ModelCard) -> Message:
    return nsay(
        "It knows {num} class: {labels}.",
        "It tells {num} classes apart: {labels}.",
        num=len(card.labels),
        labels=enumeration(card.labels),
    )


def _learned(card: ModelCard) -> Message:
    return nsay("It learned from {num} image.", "It learned from {num} images.", num=card.num_train)


def _score(score: RunScore | None) -> Message:
    """Say how often it was right."""
    if score is None:
        return say("How often it is right was not measured.")
    found = score.accuracy
    share, interval = shares.percent(found.accuracy), shares.span(found.low, found.high)
    if score.judged_on is JudgedOn.FOLDS:  # each of them without a fold
        told = nsay(
            "On {num} image of the same data set models made like it, which had not seen it, were "
            "right in {share} ({interval}); on other photos it may be less.",
            "On {num} images of the same data set models made like it, which had not seen them, "
            "were right in {share} ({interval}); on other photos it may be less.",
            num=found.images,
            share=share,
            interval=interval,
        )
    else:
        told = nsay(
            "On {num} image of the same data set it was right in {share} ({interval}); on other "
            "photos it may be less.",
            "On {num} images of the same data set it was right in {share} ({interval}); on other "
            "photos it may be less.",
            num=found.images,
            share=share,
            interval=interval,
        )
    return told


def _of_numbers(run: RunFolder, card: ModelCard, can_tell: bool) -> Iterator[Message]:
    assert card.target is not None
    yield sentences.reads(card.target)
    yield _learned(card)
    span = written.interval(card.target.lowest, card.target.highest, card.target)
    yield say("It learned from {range}: beyond that it guesses.", range=span)
    yield _off_by(card)
    yield sentences.range_of(card.target, is_judged=card.numbers is not None)
    yield say("It gives a number for any picture, also for one that shows nothing of the kind.")


def _off_by(card: ModelCard) -> Message:
    """Say how far off it was on average."""
    if card.numbers is None or card.target is None:
        return say("How far off it is was not measured.")
    found = card.numbers
    return nsay(
        "On {num} image of the same data set it was off by {mae} on average ({interval}); on other "
        "photos it may be more.",
        "On {num} images of the same data set it was off by {mae} on average ({interval}); on "
        "other photos it may be more.",
        num=found.images,
        mae=written.amount(found.mae, card.target),
        interval=written.interval(found.mae_low, found.mae_high, card.target),
    )


def _target(card: ModelCard) -> dict[str, Any]:
    assert card.target is not None
    return {
        "name": card.target.name,
        "unit": card.target.unit,
        "decimals": written.digits(card.target.deviation),
        "deviation": card.target.deviation,
        "lowest": card.target.lowest,
        "highest": card.target.highest,
        "known": answering.known_span(card.target),
        "half": card.target.half_range,
    }


TASKS: Mapping[str, PageTask] = {
    CLASSIFICATION: PageTask(
        told=lambda card: {"labels": card.labels, "output": card.config.output},
        facts=_of_classes,
    ),
    REGRESSION: PageTask(told=lambda card: {"target": _target(card)}, facts=_of_numbers),
}
