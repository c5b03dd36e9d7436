"""What a run of numbers came to, in a line, and what its score teaches."""

from collections.abc import Iterator

from core.judging.numbers import sentences, written
from core.records import ModelCard, Run, RunSummary
from core.words import Message, say


def headline(card: ModelCard) -> Message:
    """Say how far off it is, and which images that stands on."""
    if card.numbers is None or card.target is None:
        return say("no validation score: it learned from these images too")
    score = sentences.short(card.numbers, card.target)
    return say("{score}, on the validation images", score=score)


def off_by(card: ModelCard | None) -> Message | None:
    """Write how far off a model of numbers is on average; None: it is of classes, or not judged."""
    if card is None or card.numbers is None or card.target is None:
        return None
    return written.amount(card.numbers.mae, card.target)


def learned_from(parent: Run | RunSummary | None) -> Message:
    """Say of a run that learned from its validation images what can judge it."""
    card = parent.card if parent is not None else None
    if card is None or card.numbers is None or card.target is None:
        return say(
            "It learned from the validation images too, so they cannot judge it; the test images "
            "can. The run with the score from before was deleted."
        )
    return say(
        "It learned from the validation images too, so they cannot judge it; the test images can. "
        "Before, without them: {score}.",
        score=headline(card),
    )


def findings(card: ModelCard) -> Iterator[tuple[str, Message]]:
    """Give what is worth knowing of a finished run, each with its kind: good, warning, info."""
    score, target = card.numbers, card.target
    if score is None or target is None:
        return
    if score.beats_mean:
        yield (
            "good",
            say(
                "It has learned something: always saying the mean would be off by {mae}.",
                mae=written.amount(score.mean_mae, target),
            ),
        )
    else:
        yield (
            "warning",
            say(
                "It is not surely better than always saying the mean, which is off by {mae}. More "
                "images may help; or the pictures do not show the number.",
                mae=written.amount(score.mean_mae, target),
            ),
        )
    if card.tuned is not None:
        yield "info", sentences.tuned(card.tuned, score.images)
