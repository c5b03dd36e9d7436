"""The report of a run of numbers: how near it is, where it is farthest off, and how it learned."""

from collections.abc import Callable, Iterator
from html import escape

import numpy as np

from core import runs
from core.insights.numbers import telling
from core.judging.numbers import sentences, written
from core.records import LearnedTarget, ModelCard, Run
from core.reports import drawings
from core.reports.drawings import Curve
from core.reports.tables import Render
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.runs import refitting
from core.words import say
from core.workspace import Workspace

PICTURES = 6
Picture = Callable[[str], str]  # the content of an image -> its picture as HTML, or nothing
_SIDE, _EDGE = 240, 40


def scores(ws: Workspace, run: Run, card: ModelCard, told: Render) -> Iterator[str]:
    """Say what it came to on validation, and on the test part where that was opened."""
    assert card.target is not None
    if card.numbers is not None:
        first, *further = sentences.verdict(card.numbers, card.target)
        yield f'<p class="verdict">{escape(told(first))}</p>'
        for sentence in (*further, sentences.range_of(card.target)):
            yield f"<p>{escape(told(sentence))}</p>"
    else:
        parent = refitting.before(ws, run.config)
        yield f"<p>{escape(told(telling.learned_from(parent)))}</p>"
    if (test := runs.test_score(ws, run.id)) and test.numbers:
        score = sentences.short(test.numbers, card.target)
        said = say("On {num} test images, opened for it: {score}.", num=test.numbers.images,
                   score=score)  # fmt: skip
        yield f"<p>{escape(told(said))}</p>"


def answered(
    ws: Workspace, run: Run, card: ModelCard, picture: Picture, told: Render
) -> Iterator[tuple[str, str]]:
    """Give sections, each with its title: truth against answer, and the worst pictures."""
    found = numbers.read(ws.run(run.id))
    if found is None or card.target is None:
        return
    yield told(say("Truth and answer")), scatter(found, card.target, told)
    figures = list[str]()
    for index in np.argsort(-np.abs(found.errors), kind="stable").tolist():
        if len(figures) < PICTURES and (shown := picture(found.contents[index])):
            true, said = (written.amount(float(x[index]), card.target)
                          for x in (found.true, found.said))  # fmt: skip
            caption = told(say("{true}, read as {said}", true=true, said=said))
            figures.append(f"<figure>{shown}<figcaption>{escape(caption)}</figcaption></figure>")
    if figures:
        yield told(say("Farthest off")), f'<div class="pictures">{"".join(figures)}</div>'


def scatter(found: NumberAnswers, target: LearnedTarget, told: Render) -> str:
    """Draw each image as a point: across what it is, up what was read off it."""
    values = np.concatenate([found.true, found.said])
    low, high = float(values.min()), float(values.max())
    spread = (high - low) or 1.0

    def place(number: float) -> float:
        return (number - low) / spread * _SIDE

    points = "".join(
        f'<circle cx="{_EDGE + place(t):.1f}" cy="{8 + _SIDE - place(s):.1f}" r="2.5" '
        f'fill="{drawings.COLOURS[0]}" fill-opacity="0.6"/>'
        for t, s in zip(found.true.tolist(), found.said.tolist(), strict=True)
    )
    name = escape(told(written.titled(target)))
    across, up = escape(told(say("True"))), escape(told(say("What it answers")))
    ends = [escape(written.rounded(number, target)) for number in (low, high)]
    bottom = _SIDE + 22
    return (
        f'<svg viewBox="0 0 {_SIDE + 2 * _EDGE} {_SIDE + 40}" role="img" aria-label="{name}" '
        f'style="max-width:24rem">'
        f'<line x1="{_EDGE}" y1="{8 + _SIDE}" x2="{_EDGE + _SIDE}" y2="8" stroke="#8a9499"/>'
        f'{points}<text x="{_EDGE}" y="{bottom}">{ends[0]}</text>'
        f'<text x="{_EDGE + _SIDE}" y="{bottom}" text-anchor="end">{ends[1]}</text>'
        f'<text x="{_EDGE + _SIDE / 2}" y="{bottom}" text-anchor="middle">{across}</text>'
        f'<text x="{_EDGE - 4}" y="16" text-anchor="end">{up}</text></svg>'
    )


def curves(run: Run, across: str, told: Render) -> str:
    """Draw the mean squared and the mean absolute error of training and validation."""
    training, held_out = told(say("training")), told(say("validation"))

    def drawn(title: str, key: str) -> str:
        lines = [Curve(name=training, values=[getattr(e, key) for e in run.epochs])]
        unseen = [getattr(e, f"val_{key}") for e in run.epochs]
        if any(value is not None for value in unseen):
            lines.append(Curve(name=held_out, values=unseen))
        return drawings.chart(title, across, lines, is_share=False)

    squared = drawn(told(say("Mean squared error, lower is better")), "loss")
    absolute = drawn(told(say("Mean absolute error, lower is better")), "mae")
    return f'<div class="curves"><div>{squared}</div><div>{absolute}</div></div>'
