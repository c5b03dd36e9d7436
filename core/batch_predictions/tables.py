"""What a model said of images, as rows of a table: file, class, confidence, each class."""

from collections.abc import Sequence

from core import natural
from core.errors import Problem, UserError
from core.judging.numbers import answering, written
from core.records import LearnedTarget, Prediction
from core.spreadsheets import Cell
from core.words import join, mark, render, say

MOST_CLASSES = 100  # of which each has a column; of more only the winner is told
TITLE = mark("Predictions")


def columns(labels: Sequence[str], language: str, target: LearnedTarget | None = None) -> list[str]:
    """Name the columns in the reader's language; of a ``target`` there are number and range."""
    if target is not None:
        about = written.titled(target)
        named = (say("File"), about, say("Low"), say("High"), say("Problem"))
        return [render(name, language) for name in named]
    each = [say("probability of {label}", label=label) for label in _listed(labels)]
    names = (say("File"), say("Class"), say("Confidence"), *each, say("Problem"))
    return [render(name, language) for name in names]


def cells(
    answer: Prediction, labels: Sequence[str], language: str, target: LearnedTarget | None = None
) -> list[Cell]:
    """Give the row of an image; it says where it cannot be read, or is like nothing learned."""
    if target is not None:
        return _number(answer, language, target)
    listed = _listed(labels)
    if answer.problem is not None:
        return [answer.file, "", "", *([""] * len(listed)), sentences(answer.problem, language)]
    shares: dict[str, Cell] = {score.label: round(score.probability, 6) for score in answer.scores}
    each = (shares.get(label, "") for label in listed)
    note = render(say("Not like anything it learned"), language) if answer.unknown else ""
    return [answer.file, answer.label, round(answer.confidence, 6), *each, note]


def _number(answer: Prediction, language: str, target: LearnedTarget) -> list[Cell]:
    """Give the row of a number; one that is a guess has no range, and says so."""
    beyond = answering.beyond(answer, target)
    note = render(beyond, language) if beyond else ""
    if answer.problem:
        note = sentences(answer.problem, language)
    span = answering.span_of(answer, target)
    return [answer.file, *map(_rounded, (answer.number, *span)), note]


def _rounded(number: float | None) -> Cell:
    return "" if number is None else float(f"{number:.6g}")


def sentences(problem: Problem, language: str) -> str:
    """Say what is wrong and what to do."""
    said = UserError.of(problem).render(language)
    return join((said["what"], said["mend"]), language)


def _listed(labels: Sequence[str]) -> list[str]:
    """Give the classes that have a column, as people count."""
    return sorted(labels, key=natural.sort_key) if len(labels) <= MOST_CLASSES else []
