"""Do lessons as a learner would, and note what comes of it: ``python -m tools.lessons [NAME ...]``.

Writes `core/lessons/measured.json`, from which the teacher's page takes what to expect.
"""

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.lessons import attempts, outcomes, reading
from core.lessons.measured import FILE, digest
from core.records.lessons import Lesson
from core.runs import executors
from core.runs.inference import Engine
from core.workspace import Workspace


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
    outcome = outcomes.read(ws, attempt)
    rows = zip(outcome.names, outcome.scores, strict=True)
    told = [
        [str(name), round(s.accuracy, 3), round(s.low, 3), round(s.high, 3)] for name, s in rows
    ]
    print(
        lesson.name,
        outcome.answer,
        outcome.p_value,
        told,
        round(time.monotonic() - began),
        "s",
        flush=True,
    )
    return {
        "of": digest(lesson),
        "answer": outcome.answer,
        "p_value": outcome.p_value,
        "scores": told,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
