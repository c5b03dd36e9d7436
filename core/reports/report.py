"""The report of a finished run: data, verdict, matrix, worst pictures, curves, settings."""

import base64
import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from html import escape
from pathlib import Path

from core import datasets, durations, files, runs
from core.errors import UserError
from core.insights import evaluation, score_texts, validation, verdict
from core.insights.comparing import baselines
from core.insights.evaluation import Judged
from core.judging.numbers import written
from core.models import solving
from core.records import ImageRecord, ModelCard, Run
from core.reports import drawings, number_parts, tables
from core.reports.drawings import Curve
from core.reports.tables import Render
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.runs import refitting
from core.words import nsay, render, say
from core.workspace import Workspace

PICTURES = 6
_STYLE = Path(__file__).with_name("page.css")
_UNTOLD = ("dataset_id", "cloned_from", "refit_of")  # settings that are ids


def write(ws: Workspace, run_id: str, out: Path, language: str = "en") -> Path:
    """Write the report of a run into a file, whole or not at all.

    Raises `UserError` for a run without a model.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(out, page(ws, run_id, language))
    return out


def page(ws: Workspace, run_id: str, language: str = "en") -> str:
    """Give the report as one HTML page that asks for nothing else.

    Raises `UserError` for a run without a model.
    """
    run = runs.get(ws, run_id)
    if run.card is None:
        raise UserError(
            say("The run '{run}' has no model, so there is nothing to report.", run=run_id),
            expected=say("A run that has ended with a model."),
            mend=say("Wait until it is done, or choose another run."),
        )
    told = partial(render, language=language)
    title = escape(run.name or run.card.dataset_name)
    return (
        f'<!doctype html>\n<html lang="{language.replace("_", "-")}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f"<h1>{title}</h1>{''.join(_parts(ws, run, run.card, told))}</body></html>\n"
    )


def _parts(ws: Workspace, run: Run, card: ModelCard, told: Render) -> Iterator[str]:
    yield _facts(run, card, told)
    if card.target is not None:
        yield from _of_number(ws, run, card, told)
        return
    found = predictions.read(ws.run(run.id)) if card.validation else None
    judged = evaluation.evaluate(found, card.labels, card.validation) if found else None
    yield from _scores(ws, run, card, found, judged, told)
    if judged:
        yield _section(told(say("What it mixes up")), tables.matrix(judged, told))
        yield from _worst(ws, run, judged, told)
        yield _section(told(say("Class by class")), tables.classes(judged, told), "sheet")
    if run.epochs:
        yield _section(told(say("How it learned")), _curves(run, told))
    yield _section(told(say("Settings")), _settings(card))


def _of_number(ws: Workspace, run: Run, card: ModelCard, told: Render) -> Iterator[str]:
    images = _images(ws, run)
    yield from number_parts.scores(ws, run, card, told)
    shown = number_parts.answered(
        ws, run, card, lambda content: _picture(ws, run, images.get(content)), told
    )
    for title, inside in shown:
        yield _section(title, inside)
    if run.epochs:
        yield _section(
            told(say("How it learned")), number_parts.curves(run, _across(run, told), told)
        )
    yield _section(told(say("Settings")), _settings(card))


def _section(title: str, inside: str, kind: str = "") -> str:
    return f'<section class="{kind}"><h2>{escape(title)}</h2>{inside}</section>'


def _facts(run: Run, card: ModelCard, told: Render) -> str:
    classes = nsay("{num} class", "{num} classes", num=len(card.labels))
    classes = written.span(card.target) if card.target else classes
    learned = nsay("learned from {num} image", "learned from {num} images", num=card.num_train)
    facts = (
        card.dataset_name,
        told(say("version {number}", number=card.config.dataset_version)),
        told(classes),
        told(learned),
        card.config.backbone,
        durations.moment(card.created_at),
        run.id,
    )
    return f'<p class="facts">{escape(" · ".join(facts))}</p>'


def _scores(
    ws: Workspace,
    run: Run,
    card: ModelCard,
    found: PartPredictions | None,
    judged: Judged | None,
    told: Render,
) -> Iterator[str]:
    """Say what it came to on validation, and on the test part where that was opened."""
    if judged and found:
        rules, score = baselines.baselines_of(ws, run), run.score
        first, *further = verdict.sentences(judged, score)
        yield f'<p class="verdict">{escape(told(first))}</p>'
        for sentence in (
            score_texts.behind(score.accuracy if score else judged.accuracy),
            *further,
            verdict.balanced(judged),
            *(verdict.beats(rules, baselines.against(found, rules)) if rules else ()),
        ):
            yield f"<p>{escape(told(sentence))}</p>"
    elif card.validation:
        yield f'<p class="verdict">{escape(told(verdict.counted(card.validation)))}</p>'
    else:
        parent = refitting.before(ws, run.config)
        yield f"<p>{escape(told(validation.learned_from(parent)))}</p>"
    if card.validation:
        yield f'<p class="note">{escape(told(validation.used_for(card)))}</p>'
    yield from _of_test(ws, run, told)


def _of_test(ws: Workspace, run: Run, told: Render) -> Iterator[str]:
    """Say what it scored on the test part, and what that has to beat."""
    if (test := runs.test_score(ws, run.id)) and test.test:
        said = nsay(
            "On {num} test image, opened for it: {score}.",
            "On {num} test images, opened for it: {score}.",
            num=test.test.images,
            score=score_texts.short(test.test),
        )
        opened = say(
            "When this score was taken, the test part had been opened {num} times.",
            num=test.openings,
        )
        yield f"<p>{escape(told(said))} {escape(told(opened)) if test.openings > 1 else ''}</p>"
        for sentence in baselines.beside_test(ws, run):
            yield f"<p>{escape(told(sentence))}</p>"


def _worst(ws: Workspace, run: Run, judged: Judged, told: Render) -> Iterator[str]:
    """Show the mistakes of which it was surest, one of each pair of classes in turn."""
    figures = list[str]()
    images = _images(ws, run)
    for one in evaluation.round_robin(judged.mistakes):
        if len(figures) == PICTURES:
            break
        if picture := _picture(ws, run, images.get(one.content)):
            said = told(say("{true}, named {predicted}", true=one.true, predicted=one.predicted))
            figures.append(f"<figure>{picture}<figcaption>{escape(said)}</figcaption></figure>")
    if figures:
        inside = f'<div class="pictures">{"".join(figures)}</div>'
        yield _section(told(say("Wrong, and most sure of it")), inside)


def _images(ws: Workspace, run: Run) -> dict[str, ImageRecord]:
    with contextlib.suppress(UserError):  # the data set was deleted
        known = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
        return {image.content: image for image in known}
    return {}


def _picture(ws: Workspace, run: Run, image: ImageRecord | None) -> str:
    """Give an image with its picture in it; nothing where that is gone."""
    if image is None:
        return ""
    with contextlib.suppress(UserError, OSError):
        data = datasets.thumbnail(ws, run.config.dataset_id, image.content).read_bytes()
        encoded = base64.b64encode(data).decode()
        return f'<img src="data:image/jpeg;base64,{encoded}" alt="{escape(image.file)}">'
    return ""


def _curves(run: Run, told: Render) -> str:
    if run.config.is_fitted:
        at_once = say("It was fitted at once, without steps, so that there is no curve.")
        return f"<p>{escape(told(at_once))}</p>"
    training, held_out = told(say("training")), told(say("validation"))
    across = _across(run, told)

    def drawn(title: str, key: str, *, is_share: bool) -> str:
        lines = [Curve(name=training, values=[getattr(e, key) for e in run.epochs])]
        unseen = [getattr(e, f"val_{key}") for e in run.epochs]
        if any(value is not None for value in unseen):
            lines.append(Curve(name=held_out, values=unseen))
        return drawings.chart(title, across, lines, is_share=is_share)

    loss = drawn(told(say("Loss: how wrong it is, lower is better")), "loss", is_share=False)
    right = drawn(told(say("Accuracy: how often it is right")), "accuracy", is_share=True)
    return f'<div class="curves"><div>{loss}</div><div>{right}</div></div>'


def _across(run: Run, told: Render) -> str:
    solved = solving.solves(run.config) and not run.config.thaws
    return told(say("Iteration") if solved else say("Epoch"))


def _settings(card: ModelCard) -> str:
    """List every setting that counted under the name that the command line has for it."""
    unused = solving.unused(card.config)
    rows = [
        (name.replace("_", "-"), _value(value))
        for name, value in asdict(card.config).items()
        if name not in (*_UNTOLD, *unused)
    ]
    rows += list(card.versions)
    return '<div class="settings">' + "".join(
        f"<div><span>{escape(name)}</span><span>{escape(value)}</span></div>"
        for name, value in rows
    ) + "</div>"  # fmt: skip


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value) or "–"
