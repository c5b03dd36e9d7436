"""What a student came to beside its teacher and beside the same backbone without a teacher."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core import runs
from core.distilling import teachers
from core.insights.comparing import comparability, pairing
from core.judging import paired
from core.records import Accuracy, Paired, Run, State
from core.run_results import predictions
from core.words import Message, mark, say
from core.workspace import Workspace

TEACHER, STUDENT, ALONE = "teacher", "student", "alone"
NAMES: Mapping[str, str] = {
    TEACHER: mark("Teacher network"),
    STUDENT: mark("Student network"),
    ALONE: mark("The same without a teacher"),
}
CLAIMS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DistilledRow:
    """One of the three models."""

    name: str  # of `NAMES`
    run_id: str
    backbone: str
    accuracy: Accuracy | None
    num_bytes: int  # of the saved model
    parameters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distilled:
    """The three models side by side, on the same validation images; what is missing is left out."""

    rows: tuple[DistilledRow, ...]
    against_teacher: Paired | None  # is_better: the student is
    against_alone: Paired | None
    p_values: tuple[float, ...]  # of the two, corrected for both comparisons (Holm)
    was_stopped: bool = False  # the student learned less than the same without a teacher
    is_elsewhere: bool = False  # the teacher learned from another data set


def of(ws: Workspace, student: Run) -> Distilled | None:
    """Give what is known so far; None: the run has no teacher, or has not ended."""
    if not student.config.teacher or student.card is None:
        return None
    there = {TEACHER: _run(ws, student.config.teacher), STUDENT: student}
    there[ALONE] = teachers.find_alone(ws, student.config)
    found = {name: run for name, run in there.items() if run is not None and run.card is not None}
    was_stopped = student.state.state is State.STOPPED
    teacher = _compare(ws, found.get(TEACHER), student)
    alone = None if was_stopped else _compare(ws, found.get(ALONE), student)
    known = [both.p for both in (teacher, alone) if both is not None]
    return Distilled(
        rows=tuple(_row(ws, name, run) for name, run in found.items()),
        against_teacher=teacher,
        against_alone=alone,
        p_values=tuple(paired.holm(known)),
        was_stopped=was_stopped,
        is_elsewhere=TEACHER in found
        and found[TEACHER].config.dataset_id != student.config.dataset_id,
    )


def _run(ws: Workspace, run_id: str) -> Run | None:
    return runs.get(ws, run_id) if run_id in runs.ids(ws) else None


def _row(ws: Workspace, name: str, run: Run) -> DistilledRow:
    assert run.card is not None
    path = ws.run(run.id).model
    return DistilledRow(
        name=name,
        run_id=run.id,
        backbone=run.config.backbone,
        accuracy=run.card.validation,
        num_bytes=path.stat().st_size if path.exists() else 0,
        parameters=run.card.num_parameters,
    )


def _compare(ws: Workspace, other: Run | None, student: Run) -> Paired | None:
    """Compare on the validation images that both were judged by; None: there are none."""
    if other is None or comparability.why_not(other, student) is not None:
        return None
    before, after = (predictions.read(ws.run(run.id)) for run in (other, student))
    if before is None or after is None or other.card is None or student.card is None:
        return None
    found = pairing.pair(before, after, (other.card, student.card))
    return found.paired if found else None


def sentences(found: Distilled) -> Iterator[Message]:
    """Say what the teacher gained and what the student lost against it, tested on these images."""
    chances = iter(found.p_values)
    if found.against_teacher is not None:
        yield _beside_teacher(found.against_teacher, next(chances))
    if found.is_elsewhere:
        yield say(
            "The teacher learned from another data set: only images that are equal pixel for "
            "pixel were looked for there. If it saw others like those that judge here, the student "
            "looks better than it is."
        )
    if found.was_stopped:
        yield say(
            "What the teacher gained is not known: this training was stopped before its end, and "
            "the same without the teacher was not."
        )
        return
    if found.against_alone is None:
        yield say(
            "What the teacher gained is not known: the same training without it is not there, or "
            "not over."
        )
        return
    yield _gain(found.against_alone, next(chances))


def _beside_teacher(both: Paired, chance: float) -> Message:
    counts = _counts(both, chance)
    if chance >= CLAIMS:
        return say(
            "These images cannot tell the student from its teacher: right by the student alone "
            "{more}, by the teacher alone {fewer} ({test}).",
            **counts,
        )
    if both.is_worse:
        return say(
            "The student is surely worse than its teacher: right by the student alone {more}, by "
            "the teacher alone {fewer} ({test}).",
            **counts,
        )
    return say(
        "The student is surely better than its teacher: right by the student alone {more}, by the "
        "teacher alone {fewer} ({test}).",
        **counts,
    )


def _gain(both: Paired, chance: float) -> Message:
    counts = _counts(both, chance)
    if chance >= CLAIMS:
        return say(
            "No gain is shown here: right only with the teacher {more}, only without it {fewer} "
            "({test}).",
            **counts,
        )
    if both.is_better:
        return say(
            "The teacher helped: right only with it {more}, only without it {fewer} ({test}).",
            **counts,
        )
    return say(
        "The teacher did harm: right only with it {more}, only without it {fewer} ({test}).",
        **counts,
    )


def _counts(both: Paired, chance: float) -> dict[str, str | int | float | Message]:
    value = f"{chance:.2g}"
    is_by_groups = (both.better, both.worse) != (both.fixed, both.broke)
    once = say("p = {p}, where images that belong together count once", p=value)
    test = once if is_by_groups else say("p = {p}", p=value)
    return {"more": both.fixed, "fewer": both.broke, "test": test}


def as_json(found: Distilled, milliseconds: Mapping[str, float]) -> dict[str, Any]:
    """Give what programs read; ``milliseconds``: by run."""
    return {
        "rows": [
            {
                "name": row.name,
                "run_id": row.run_id,
                "backbone": row.backbone,
                "validation": asdict(row.accuracy) if row.accuracy else None,
                "num_bytes": row.num_bytes,
                "parameters": row.parameters,
                "milliseconds": milliseconds.get(row.run_id),
            }
            for row in found.rows
        ],
        "p_values": found.p_values,
    }
