"""The tables of a report: the confusion matrix, or its largest cells, and the classes."""

import math
from collections.abc import Callable, Sequence
from html import escape

from core.insights import evaluation
from core.insights.evaluation import Judged
from core.judging import shares
from core.judging.evaluation.scores import Share
from core.words import Message, say

Render = Callable[[Message], str]

MOST_DRAWN = 20  # classes of a matrix; of more, the pairs that are mixed up most
MOST_ROWS = 20
_INK = (11, 114, 133)


def matrix(judged: Judged, told: Render) -> str:
    """Draw the matrix: true classes in rows, what they were named in columns."""
    if len(judged.labels) > MOST_DRAWN:
        return _pairs(judged, told)
    head = "".join(f"<th>{escape(name)}</th>" for name in judged.labels)
    rows = []
    for number, (name, row) in enumerate(zip(judged.labels, judged.confusion, strict=True)):
        total = max(1, int(row.sum()))
        cells = "".join(
            _cell(int(count), int(count) / total, is_right=number == column)
            for column, count in enumerate(row)
        )
        rows.append(f"<tr><th>{escape(name)}</th>{cells}</tr>")
    note = told(say("Rows: what it is. Columns: what it was named. Framed: right."))
    return (
        f'<table class="matrix"><thead><tr><th></th>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table><p class="note">{escape(note)}</p>'
    )


def _cell(count: int, share: float, *, is_right: bool) -> str:
    red, green, blue = (round(255 - share * (255 - ink) * 0.75) for ink in _INK)
    look = f'style="background:rgb({red},{green},{blue})"' + (' class="right"' if is_right else "")
    return f"<td {look}>{count or ''}</td>"


def _pairs(judged: Judged, told: Render) -> str:
    pairs = evaluation.mixed_up(judged)[:MOST_ROWS]
    rows = [(first, second, str(num)) for first, second, num in pairs]
    header = (say("Class"), say("and"), say("Mixed up"))
    return _table([told(word) for word in header], rows, numbers=1)


def classes(judged: Judged, told: Render) -> str:
    """Draw precision, recall and F1 of the classes, those first that are found least."""
    header = (say("Class"), say("Images"), say("Precision"), say("Recall"), say("F1"))
    scored = sorted(
        zip(judged.labels, judged.classes, strict=True),
        key=lambda pair: (math.isnan(pair[1].recall.value), pair[1].recall.value),
    )
    rows = [
        (name, str(one.images), *(_share(s, told) for s in (one.precision, one.recall, one.f1)))
        for name, one in scored[:MOST_ROWS]
    ]
    table = _table([told(word) for word in header], rows, numbers=4)
    if len(scored) <= MOST_ROWS:
        return table
    left = told(say("Of {num} classes, those that are found least.", num=len(scored)))
    return f'{table}<p class="note">{escape(left)}</p>'


def _share(share: Share, told: Render) -> str:
    if math.isnan(share.value):
        return "–"
    return f"{told(shares.percent(share.value))} ({told(shares.span(share.low, share.high))})"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> str:
    """Draw a table whose last columns are numbers."""

    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - numbers
        kinds = (' class="number"' if i >= first else "" for i in range(len(cells)))
        inside = (f"<{tag}{kind}>{escape(c)}</{tag}>" for kind, c in zip(kinds, cells, strict=True))
        return f"<tr>{''.join(inside)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table><thead>{line(header, 'th')}</thead><tbody>{body}</tbody></table>"
