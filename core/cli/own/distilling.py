"""A training with a teacher, followed to its end, and what the teacher gained."""

import contextlib
from collections.abc import Mapping
from typing import Any

from core.cli.console import Console
from core.cli.following import conclude, wait
from core.distilling import outcome, teachers
from core.distilling.outcome import NAMES, Distilled
from core.errors import UserError
from core.insights import score_texts
from core.records import TrainConfig
from core.runs.inference import Engine
from core.words import render, say
from core.workspace import Workspace


def train(ws: Workspace, config: TrainConfig, console: Console, *, with_alone: bool) -> bool:
    """Queue a student and the same without its teacher, wait for both, and compare.

    True when the student failed. Raises `UserError` where the teacher may not teach.
    """
    queued = teachers.queue(ws, config, with_alone=with_alone)
    student = wait(ws, queued.student, console)
    if queued.alone:
        console.say(say("The same training without a teacher follows, to compare with."))
        wait(ws, queued.alone, console)
    found = outcome.of(ws, student)
    return conclude(ws, student, console, {"distillation": tell(ws, found, console)})


def tell(ws: Workspace, found: Distilled | None, console: Console) -> dict[str, Any] | None:
    """Print the models side by side and what the tests say; give it for programs."""
    if found is None:
        return None
    took = _milliseconds(ws, found)
    for row in found.rows:
        score = score_texts.short(row.accuracy) if row.accuracy else say("no score")
        console.say(
            say("{name}: {backbone}, {score}, {size} MB, {milliseconds} ms an image.",
                name=say(NAMES[row.name]), backbone=row.backbone, score=score,
                size=f"{row.num_bytes / 1e6:.1f}",
                milliseconds=f"{took[row.run_id]:.1f}" if row.run_id in took else "?")
        )  # fmt: skip
    for sentence in outcome.sentences(found):
        console.say(sentence)
    told = [render(sentence, console.language) for sentence in outcome.sentences(found)]
    return {**outcome.as_json(found, took), "sentences": told}


def _milliseconds(ws: Workspace, found: Distilled) -> Mapping[str, float]:
    """Measure the models here and now, side by side; nothing where one cannot be opened."""
    ids = [row.run_id for row in found.rows]
    with contextlib.closing(Engine(ws)) as engine, contextlib.suppress(UserError):
        return dict(zip(ids, engine.milliseconds(ids), strict=True))
    return {}
