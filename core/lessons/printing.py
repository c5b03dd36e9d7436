"""A lesson on a sheet of paper: one HTML page that asks for nothing else."""

from functools import partial
from html import escape

from core import durations
from core.insights import score_texts
from core.lessons import outcomes, reading
from core.records.lessons import Attempt, Outcome
from core.words import Message, render, say, translate
from core.workspace import Workspace

_STYLE = """
body { font: 12pt/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .4rem; border-bottom: 1px solid #999; }
.pupil { display: flex; justify-content: space-between; color: #444; }
"""


def page(ws: Workspace, attempt: Attempt, language: str = "en") -> str:
    """Give the sheet of an attempt. Raises `UserError` where it has not come to its end."""
    lesson, found = reading.lesson_named(attempt.lesson), outcomes.read(ws, attempt)
    told = partial(translate, language=language)
    texts = {guess.name: guess.text for guess in lesson.guesses}
    right = found.answer == attempt.guess
    verdict = say("You guessed rightly.") if right else say("It came otherwise than you guessed.")
    rows = (
        (say("Question"), told(lesson.question)),
        (say("Your guess"), told(texts[attempt.guess])),
        (say("What happened"), told(texts[found.answer])),
        (say("Result"), render(verdict, language)),
    )
    body = "".join(
        f"<tr><th>{escape(render(name, language))}</th><td>{escape(text)}</td></tr>"
        for name, text in rows
    )
    scores = "".join(
        f"<tr><td>{escape(render(name, language))}</td>"
        f"<td>{escape(render(score_texts.short(score), language))}</td></tr>"
        for name, score in zip(found.names, found.scores, strict=True)
    )
    why = "".join(f"<p>{escape(told(paragraph))}</p>" for paragraph in lesson.explanation)
    tested = "" if found.p_value is None else f"<p>{escape(render(paired(found), language))}</p>"
    return (
        f'<!doctype html>\n<html lang="{language.replace("_", "-")}"><head><meta charset="utf-8">'
        f"<title>{escape(told(lesson.title))}</title><style>{_STYLE}</style></head><body>"
        f'<p class="pupil"><span>{escape(attempt.pupil)}</span>'
        f"<span>{durations.moment(attempt.created_at)}</span></p>"
        f"<h1>{escape(told(lesson.title))}</h1><p>{escape(told(lesson.story))}</p>"
        f"<table>{body}</table><h2>{escape(render(say('Scores'), language))}</h2>"
        f"<table>{scores}</table>{tested}{why}</body></html>\n"
    )


def paired(found: Outcome) -> Message:
    """Say what the paired test rests on."""
    chance = f"{found.p_value or 0:.2g}"
    if not found.fixed and not found.broke:
        return say("The difference is surer than chance: p = {p}.", p=chance)
    return say(
        "The second alone names {fixed} pictures rightly, the first alone {broke}: chance makes "
        "such a difference with p = {p}.",
        fixed=found.fixed,
        broke=found.broke,
        p=chance,
    )
