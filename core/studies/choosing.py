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
from core.words import Message, Value, enumeration, say

ACTIVE = (State.QUEUED, State.RUNNING)
ByFold = Mapping[int, Votes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """An arm against another one."""

    row: StudyRow
    other: StudyRow
    found: Comparison


def advise(
    asked: StudyAsked,
    rows: Sequence[StudyRow],
    answers: Mapping[str, ByFold],
    *,
    others: int = 0,
) -> StudyAdvice | None:
    """Choose among arms, the cheapest first; None while any is at work, or fewer than two judged.

    A run that was stopped or failed leaves what was judged; comparisons are paid for as planned,
    with so many ``others`` that are made beside these.
    """
    every = rows
    rows = [row for row in every if answers[row.name]]
    if len(rows) < 2 or any(row.state in ACTIVE for row in every):
        return None
    cheapest, *dearer = rows
    head_seconds = cheapest.seconds if cheapest.config.freeze == "all" else 0.0
    missing = others + len(every) - len(rows)
    first = compare(cheapest, dearer, answers, asked, before=missing)
    if not first:
        return None
    winner = next((one for one in first if one.found.is_better), None)
    if winner is None:
        return _undecided(cheapest, first, unjudged(every, answers))
    chosen, shown = winner.row, winner
    later = rows[rows.index(chosen) + 1 :]
    for one in compare(chosen, later, answers, asked, before=missing + len(first)):
        if one.found.is_better:
            chosen = one.row
            shown = next(a for a in first if a.row is chosen)
            if not shown.found.is_better:
                shown = one
            break
    return StudyAdvice(
        choice=chosen.name,
        sentences=(claim(shown), _cost(shown, head_seconds), *unjudged(every, answers)),
        p_value=shown.found.paid,
    )


def compare(
    base: StudyRow,
    others: Sequence[StudyRow],
    answers: Mapping[str, ByFold],
    asked: StudyAsked,
    *,
    before: int,
) -> list[Against]:
    """Compare arms with one; ``before`` counts comparisons made already, or still to be made."""
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


def claim(shown: Against) -> Message:
    """Say how many images an arm names rightly that another one does not, and how sure that is."""
    found = shown.found
    return say(
        "{arm}: {fixed} more right and {broke} fewer than with {other}, of {images} images "
        "({sure}).",
        arm=texts.arm(shown.row),
        fixed=found.found.fixed,
        broke=found.found.broke,
        other=texts.arm(shown.other),
        images=found.images,
        sure=texts.sureness(found),
    )


def _cost(shown: Against, head_seconds: float) -> Message:
    """Say what the cheaper one costs of the chosen one's time, which goes on from the head."""
    shared = 0.0 if shown.other.config.freeze == "all" else head_seconds
    cheap = shared + shown.other.seconds
    share = cheap / max(head_seconds + shown.row.seconds, 1e-9)
    if share >= 1:  # as it runs here, or as it was interrupted
        return say("{other} takes no less time.", other=texts.arm(shown.other))
    return say(
        "{other} takes {share} of its time.",
        other=texts.arm(shown.other),
        share=shares.percent(share),
    )


def unjudged(every: Sequence[StudyRow], answers: Mapping[str, ByFold]) -> tuple[Message, ...]:
    """Name the arms that had no part in the choice."""
    missing = [texts.arm(row) for row in every if not answers[row.name]]
    return (say("Not judged: {names}.", names=enumeration(missing)),) if missing else ()


def _undecided(
    cheapest: StudyRow, first: Sequence[Against], missing: tuple[Message, ...]
) -> StudyAdvice:
    """Say that nothing can be told, what could have been, and what was surely worse."""
    worse = [one for one in first if one.found.is_worse]
    told = tuple(claim(one) for one in worse[:1])
    return StudyAdvice(
        choice=cheapest.name,
        sentences=(_no_better(cheapest, first, len(worse)), *told, *missing),
        p_value=worse[0].found.paid if worse else None,
        ties=tuple(one.row.name for one in first if one not in worse),
    )


def _no_better(cheapest: StudyRow, first: Sequence[Against], num_worse: int) -> Message:
    """Say that none is surely better than the cheapest, and what difference could have been."""
    changed = comparing.changed_share([one.found for one in first])
    tested = first[0].found
    least = comparing.least_difference(
        _units(tested), changed, comparisons=tested.comparisons, looks=tested.looks
    )
    about: dict[str, Value] = {"arm": texts.arm(cheapest), "points": texts.points(least)}
    if num_worse == len(first):
        return say("None does better than the cheapest: {arm}.", arm=about["arm"])
    if num_worse:
        return say(
            "None does surely better than the cheapest, {arm}: your images could have shown a "
            "difference of {points} points.",
            **about,
        )
    return say(
        "Your images cannot tell these apart: they could have shown a difference of {points} "
        "points. Take the cheapest: {arm}.",
        **about,
    )


def _units(tested: Comparison) -> float:
    """Count what judges: images, or groups of them as far as they changed."""
    changed = tested.found.fixed + tested.found.broke
    units = tested.found.better + tested.found.worse
    return tested.images * (units / changed if changed else 1.0)
