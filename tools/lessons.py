"""Do lessons as a learner would, and note what comes of it: ``python -m tools.lessons [NAME ...]``.

Writes `core/lessons/measured.json`, from which the teacher's page takes what to expect.
"""

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import runs, studies
from core.insights import shortcuts
from core.lessons import attempts, data, outcomes, reading
from core.lessons.measured import FILE, digest
from core.records.lessons import Attempt, Lesson, Outcome
from core.run_results import predictions
from core.runs import executors
from core.runs.inference import Engine
from core.workspace import Workspace

ROLLS = range(1, 9)  # of the dice


def main(names: Sequence[str]) -> int:
    """Do these lessons, or all, in a workspace that goes again."""
    with tempfile.TemporaryDirectory() as folder:
        ws = Workspace(Path(folder))
        for name in names or reading.lessons():
            known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
            known[name] = done(ws, reading.lesson_named(name))
            FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return 0


def done(ws: Workspace, lesson: Lesson) -> dict[str, Any]:
    """Do one lesson to its end."""
    attempt_id = attempts.begin(ws, lesson, lesson.guesses[0].name)
    names, began = tuple(side.title for side in lesson.sides), time.monotonic()
    attempt = attempts.advance(ws, attempt_id, names)
    while not (attempt.run_ids or attempt.study_id):
        time.sleep(0.2)
        attempt = attempts.advance(ws, attempt_id, names)
    executors.EXECUTORS["inline"].submit(ws)
    with contextlib.closing(Engine(ws)) as engine:
        for run_id in outcomes.needs_test(ws, attempt):
            engine.test(run_id)
        warned = list(warned_of(ws, engine, attempt)) if lesson.map_of else []
    outcome = outcomes.read(ws, attempt)
    rows = zip(named(ws, attempt, outcome), outcome.scores, strict=True)
    told = [[name, *(round(n, 6) for n in (s.accuracy, s.low, s.high))] for name, s in rows]
    print(
        lesson.name,
        outcome.answer,
        told,
        round(time.monotonic() - began),
        "s",
        flush=True,
    )
    return {
        "of": digest(lesson),
        "answer": outcome.answer,
        "scores": told,
        **({"rolls": rolled(ws, lesson)} if lesson.rule == "gap" else {}),
        **({"warned": warned} if lesson.map_of else {}),
    }


def warned_of(ws: Workspace, engine: Engine, attempt: Attempt) -> Iterator[str]:
    """Name the classes whose heat map warns that a shortcut may be at the border."""
    card = runs.get(ws, attempt.run_ids[0]).card
    for label in card.labels if card is not None else ():
        if shortcuts.border_warning(engine.explain_class(attempt.run_ids[0], label)):
            yield label


def named(ws: Workspace, attempt: Attempt, outcome: Outcome) -> list[str]:
    """Name what scored as the records do: it is translated where it is read."""
    if attempt.study_id:
        return [row.name for row in studies.read(ws, attempt.study_id).rows]
    return [name.text for name in outcome.names]


def rolled(ws: Workspace, lesson: Lesson) -> list[float]:
    """Score the first side of a lesson on other rolls of the dice, each dealt anew."""
    side, run_ids = lesson.sides[0], []
    for seed in ROLLS:
        dealt = replace(side, data_seed=seed)
        dataset_id = data.of_side(ws, dealt, side.title)
        while not data.is_there(ws, dataset_id):
            time.sleep(0.2)
        run_ids.append(runs.create(ws, attempts.config(ws, dealt, dataset_id)))
    executors.EXECUTORS["inline"].submit(ws)
    found = [predictions.read(ws.run(run_id)) for run_id in run_ids]
    return [round(float(one.right.mean()), 3) for one in found if one is not None]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
