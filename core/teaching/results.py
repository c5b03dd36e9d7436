"""What the class has found out: every run and every lesson as rows, and the curves of all."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from core import datasets, durations, runs, spreadsheets
from core.classroom import people
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.insights import score_texts
from core.lessons import attempts, outcomes, reading
from core.records import Run, RunSummary
from core.records.lessons import Attempt
from core.spreadsheets import Cell
from core.words import Message, mark, render, say
from core.workspace import Workspace

MOST_CURVES = 60
HEAD = (
    *(mark("Person"), mark("Data set"), mark("Run"), mark("State"), mark("Accuracy")),
    *(mark("Likely from"), mark("Likely to"), mark("Judged on"), mark("Images behind it")),
    *(mark("Recipe"), mark("Backbone"), mark("Frozen up to"), mark("Epochs"), mark("Seconds")),
    mark("Changed"),
)
LESSON_HEAD = (
    *(mark("Person"), mark("Lesson"), mark("Guess"), mark("What happened")),
    *(mark("Guessed rightly"), mark("Begun")),
)
TEACHER = mark("Teacher")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRun:
    """A run of the class, with whose it is."""

    owner: str  # nickname; empty: the teacher
    ws: Workspace
    run: RunSummary


def all_runs(room: ClassFolder) -> tuple[ClassRun, ...]:
    """Give the runs of all, the teacher's too, person by person and newest first."""
    return tuple(
        ClassRun(owner=name, ws=ws, run=run)
        for name, ws in _workspaces(room)
        for run in runs.all_summaries(ws)
    )


def _workspaces(room: ClassFolder) -> Iterator[tuple[str, Workspace]]:
    for person in sorted(people.everybody(room), key=lambda person: person.nickname.lower()):
        yield person.nickname, room.workspace(person.id)
    yield "", room.teacher


def dataset_ids(found: tuple[ClassRun, ...]) -> list[str]:
    """Give the data sets that runs learned from, those of most people first."""
    owners: dict[str, set[str]] = {}
    for one in found:
        owners.setdefault(one.run.config.dataset_id, set()).add(one.owner)
    return sorted(owners, key=lambda name: (-len(owners[name]), name))


def dataset_name(one: ClassRun) -> str:
    """Name what a run learned from, also when that is gone."""
    try:
        return datasets.get(one.ws, one.run.config.dataset_id).name
    except UserError:
        return one.run.card.dataset_name if one.run.card else one.run.config.dataset_id


def curves(found: tuple[ClassRun, ...], dataset_id: str) -> list[tuple[str, Run]]:
    """Give the newest runs on a data set that have a curve, each with whose it is."""
    shown = [o for o in found if o.run.config.dataset_id == dataset_id and o.run.curve]
    newest = sorted(shown, key=lambda one: one.run.id, reverse=True)[:MOST_CURVES]
    found_runs = []
    for one in newest:
        with contextlib.suppress(OSError, UserError):  # its owner has deleted it meanwhile
            found_runs.append((one.owner, runs.get(one.ws, one.run.id)))
    return found_runs


def table(room: ClassFolder, language: str) -> str:
    """Write the runs, and below them the lessons, as CSV in which nothing is a formula."""
    rows: list[list[Cell]] = [[render(say(name), language) for name in HEAD]]
    rows += [_row(one, language) for one in all_runs(room)]
    lessons = list(_lessons(room, language))
    if lessons:
        rows += [[], [render(say(name), language) for name in LESSON_HEAD], *lessons]
    return spreadsheets.csv_text(rows)


def _row(one: ClassRun, language: str) -> list[Cell]:
    run, config = one.run, one.run.config
    score = run.score.accuracy if run.score else None
    return [
        one.owner or render(say(TEACHER), language),
        dataset_name(one),
        run.name or run.id,
        render(runs.STATE_WORDS[run.state.state], language),
        *([round(x, 4) for x in (score.accuracy, score.low, score.high)] if score else [""] * 3),
        render(say(score_texts.SOURCES[run.score.judged_on]), language) if run.score else "",
        score.images if score else "",
        config.preset,
        config.backbone,
        config.freeze,
        run.card.num_epochs if run.card else "",
        round(run.card.seconds) if run.card else "",
        durations.moment(run.state.changed_at),
    ]


def _lessons(room: ClassFolder, language: str) -> Iterator[list[Cell]]:
    for name, ws in _workspaces(room):
        for attempt_id in attempts.ids(ws):
            try:
                row = _lesson(ws, attempts.get(ws, attempt_id))
            except (OSError, UserError):  # of a lesson that there is no more, or damaged
                continue
            told = [render(cell, language) if isinstance(cell, Message) else cell for cell in row]
            yield [name or render(say(TEACHER), language), *told]


def _lesson(ws: Workspace, attempt: Attempt) -> list[Message | str]:
    lesson = reading.lesson_named(attempt.lesson)
    texts = {guess.name: say(guess.text) for guess in lesson.guesses}
    answer = _answer(ws, attempt)
    return [
        say(lesson.title),
        texts.get(attempt.guess, ""),
        texts.get(answer, ""),
        "" if not answer else say("yes") if answer == attempt.guess else say("no"),
        durations.moment(attempt.created_at),
    ]


def _answer(ws: Workspace, attempt: Attempt) -> str:
    """Give the guess that was right; empty while that is not known."""
    try:
        over = attempts.is_over(ws, attempt) and not outcomes.needs_test(ws, attempt)
        return outcomes.read(ws, attempt).answer if over else ""
    except (OSError, UserError):  # a training failed, or was deleted
        return ""
