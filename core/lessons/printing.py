"""A lesson on a sheet of paper: one HTML page that asks for nothing else."""

from datetime import tzinfo
from functools import partial
from html import escape

from core import durations
from core.insights import score_texts
from core.lessons import attempts, outcomes, reading
from core.records.lessons import Attempt, Lesson, Outcome
from core.words import Message, render, say, translate
from core.workspace import Workspace

_STYLE = """
body { font: 12pt/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .4rem; border-bottom: 1px solid #999; }
.pupil { display: flex; justify-content: space-between; color: #444; }
"""


def page(ws: Workspace, attempt: Attempt, language: str = "en", zone: tzinfo | None = None) -> str:
    """Give the sheet of an attempt, its moment in the reader's zone.

    Raises `UserError` where it has not come to its end.
    """
    lesson, found = reading.lesson_named(attempt.lesson), outcomes.read(ws, attempt)
    told = partial(translate, language=language)
    texts = [*map(told, outcomes.why(lesson, found))]
    rested = [render(message, language) for message in _rested(ws, attempt, found)]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in [*rested, *texts])
    return (
        f'<!doctype html>\n<html lang="{language.replace("_", "-")}"><head><meta charset="utf-8">'
        f"<title>{escape(told(lesson.title))}</title><style>{_STYLE}</style></head><body>"
        f'<p class="pupil"><span>{escape(attempt.pupil)}</span>'
        f"<span>{durations.moment(attempt.created_at, zone)}</span></p>"
        f"<h1>{escape(told(lesson.title))}</h1><p>{escape(told(lesson.story))}</p>"
        f"{_table(_rows(ws, lesson, attempt, found), language)}"
        f"<h2>{escape(render(say('Scores'), language))}</h2>"
        f"{_table(scored(found), language)}{paragraphs}</body></html>\n"
    )


def _rested(ws: Workspace, attempt: Attempt, found: Outcome) -> tuple[Message, ...]:
    """Give what the answer rests on, and what the heat map of the lesson found."""
    lesson = reading.lesson_named(attempt.lesson)
    return (*found.told, *notes(lesson, found), *outcomes.seen(ws, attempt))


def notes(lesson: Lesson, found: Outcome) -> tuple[Message, ...]:
    """Give what is said where it came otherwise than on the pictures that Thaw brings."""
    told = outcomes.elsewhere(lesson, found)
    return () if told is None else (told,)


def verdict(attempt: Attempt, found: Outcome) -> Message:
    """Say whether the guess was right."""
    if not found.answer:
        return say("None of the answers fits what came out.")
    if found.answer == attempt.guess:
        return say("You guessed rightly.")
    return say("It came otherwise than you guessed.")


def scored(found: Outcome) -> list[tuple[Message, Message]]:
    """Give what each scored, and how long it took where that can be compared."""
    texts = [score_texts.short(score) for score in found.scores]
    if found.seconds:
        texts = [
            say("{score}, in {time}", score=text, time=durations.exact(seconds))
            for text, seconds in zip(texts, found.seconds, strict=True)
        ]
    return list(zip(found.names, texts, strict=True))


def _rows(
    ws: Workspace, lesson: Lesson, attempt: Attempt, found: Outcome
) -> list[tuple[Message, Message]]:
    texts = {guess.name: Message(text=guess.text) for guess in lesson.guesses}
    attempted = attempts.number(ws, attempt)
    return [
        (say("Question"), Message(text=lesson.question)),
        (say("Your guess"), texts[attempt.guess]),
        *([(say("What came out"), texts[found.answer])] if found.answer else []),
        (say("Result"), verdict(attempt, found)),
        *([(say("Attempt"), say("{item}", item=attempted))] if attempted > 1 else []),
    ]


def _table(rows: list[tuple[Message, Message]], language: str) -> str:
    cells = [(escape(render(a, language)), escape(render(b, language))) for a, b in rows]
    lines = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in cells)
    return f"<table>{lines}</table>"
