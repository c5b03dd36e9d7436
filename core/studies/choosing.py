"""Which arm of a study to keep: the cheapest that none surely beats, and how sure that is.

First each arm is compared with the cheapest. Where one is surely better, the cheapest of those is
compared with the dearer ones, paid for the comparisons before. What is said of a difference rests
on the paired test of `evaluation.comparing`; without one it says what could have been found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.judging import shares
from core.judging.evaluation import comparing
from core.judging.evaluation.comparing import Comparison
from core.records import State
from core.records.studies import StudyAdvice, StudyAsked, StudyRow
from core.studies import answers as rows_of, texts
from core.studies.answers import Votes
from core.words import Message, Value, say

ByFold = Mapping[int, Votes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """An arm against another one."""

    row: StudyRow
    other: StudyRow
    found: Comparison


def advise(
    asked: StudyAsked, rows: Sequence[StudyRow], answers: Mapping[str, ByFold]
) -> StudyAdvice | None:
    """Choose among arms, the cheapest first; None while fewer than two were judged alike."""
    rows = [row for row in rows if row.state is State.DONE and answers[row.name]]
    if len(rows) < 2:
        return None
    cheapest, *dearer = rows
    first = _compare(cheapest, dearer, answers, asked, before=0)
    winner = next((one for one in first if one.found.is_better), None)
    if winner is None:
        return _undecided(cheapest, first)
    chosen, shown = winner.row, winner
    later = rows[rows.index(chosen) + 1 :]
    for one in _compare(chosen, later, answers, asked, before=len(first)):
        if one.found.is_better:
            chosen = one.row
            shown = next(a for a in first if a.row is chosen)
            if not shown.found.is_better:
                shown = one
            break
    return StudyAdvice(
        choice=chosen.name,
        sentences=(_claim(shown), _cost(shown)),
        p_value=shown.found.paid,
    )


def _compare(
    base: StudyRow,
    others: Sequence[StudyRow],
    answers: Mapping[str, ByFold],
    asked: StudyAsked,
    *,
    before: int,
) -> list[Against]:
    """Compare arms with one; ``before`` counts the comparisons made already."""
    found = []
    for row in others:
        sides = rows_of.pair(dict(answers[base.name]), dict(answers[row.name]))
        if sides is not None:
            compared = comparing.side_by_side(
                sides[0].right,
                sides[1].right,
                sides[0].groups,
                comparisons=before + len(others),
                looks=asked.planned,
            )
            found.append(Against(row=row, other=base, found=compared))
    return found


def _claim(shown: Against) -> Message:
    found = shown.found
    paid = {"p": _p(found.p), "paid": _p(found.paid)}
    counts: dict[str, Value] = {
        "arm": texts.arm(shown.row),
        "other": texts.arm(shown.other),
        "fixed": found.found.fixed,
        "broke": found.found.broke,
        "images": found.images,
        "num": found.comparisons,
    }
    if found.looks > 1:
        return say(
            "{arm}: {fixed} more right and {broke} fewer than with {other}, of {images} images "
            "(p = {p}; {paid} after {num} comparisons and {looks} looks).",
            **counts,
            **paid,
            looks=found.looks,
        )
    return say(
        "{arm}: {fixed} more right and {broke} fewer than with {other}, of {images} images "
        "(p = {p}; {paid} after {num} comparisons).",
        **counts,
        **paid,
    )


def _cost(shown: Against) -> Message:
    """Say what the cheaper one costs of the chosen one's time."""
    share = shown.other.seconds / max(shown.row.seconds, 1e-9)
    return say(
        "{other} takes {share} of its time.",
        other=texts.arm(shown.other),
        share=shares.percent(min(share, 1.0)),
    )


def _undecided(cheapest: StudyRow, first: Sequence[Against]) -> StudyAdvice:
    """Say that nothing can be told, what could have been, and what was surely worse."""
    changed = comparing.changed_share([one.found for one in first])
    tested = first[0].found
    units = _units(tested)
    least = comparing.least_difference(
        units, changed, comparisons=tested.comparisons, looks=tested.looks
    )
    worse = [one for one in first if one.found.is_worse]
    told = tuple(_claim(one) for one in worse[:1])
    sentence = say(
        "Your images cannot tell these apart: they could have shown a difference of {points} "
        "points. Take the cheapest: {arm}.",
        points=texts.points(least),
        arm=texts.arm(cheapest),
    )
    if len(worse) == len(first):
        sentence = say("None does better than the cheapest: {arm}.", arm=texts.arm(cheapest))
    ties = tuple(one.row.name for one in first if one not in worse)
    return StudyAdvice(
        choice=cheapest.name,
        sentences=(sentence, *told),
        p_value=worse[0].found.paid if worse else None,
        ties=ties,
    )


def _units(tested: Comparison) -> float:
    """Count what judges: images, or groups of them as far as they changed."""
    changed = tested.found.fixed + tested.found.broke
    units = tested.found.better + tested.found.worse
    return tested.images * (units / changed if changed else 1.0)


def _p(value: float) -> str:
    return "<.001" if value < 0.001 else f"{value:.2g}".lstrip("0") or "0"
