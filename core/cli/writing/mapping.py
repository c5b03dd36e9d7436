"""The command map: where the images of a run lie on the map of its features."""

import argparse
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from core import datasets, durations, files, privacy, runs
from core.cli import training
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.insights.mapping import jobs, points, reading
from core.insights.mapping.jobs import MapStage, MapState
from core.judging import neighbours
from core.records import ImageRecord, Run
from core.run_results.embedding_map import EmbeddingMap
from core.runs.inference import check_finished
from core.words import mark, nsay, render, say
from core.workspace import Workspace

_LOOK = 0.2  # seconds


def add_map(sub: Parser) -> None:
    training.add_run(sub)
    out = mark("file to write, such as map.json; must be given")
    sub.add_argument("--out", type=Path, required=True, metavar="PATH", help=out)


def write_map(options: argparse.Namespace, console: Console) -> bool:
    """Write the map of a run; one that was made of the same features is taken as it is."""
    ws, run_id = Workspace(options.workspace), options.run_id
    check_finished(ws, run_id)
    found = jobs.found(ws, run_id) or _made(ws, run_id, console)
    told = as_json(ws, runs.get(ws, run_id), found)
    with privacy.as_user():
        files.write_text(options.out, json.dumps(told, ensure_ascii=False, indent=1))
    num = len(found.contents)
    console.say(
        nsay("Wrote {path} with {num} image.", "Wrote {path} with {num} images.",
             num=num, path=str(options.out))
    )  # fmt: skip
    for sentence in reading.sentences(found):
        console.say(sentence)
    console.result({"path": str(options.out), "points": num})
    return False


def _made(ws: Workspace, run_id: str, console: Console) -> EmbeddingMap:
    """Have it made, and wait; whoever ends the command wants it no more. Raises `UserError`."""
    jobs.start(ws, run_id)
    try:
        while (state := jobs.state(ws, run_id)) is not None and state.is_under_way:
            console.progress(_progress(state, console.language))
            time.sleep(_LOOK)
    except KeyboardInterrupt:
        jobs.cancel(ws, run_id)
        raise
    if state is not None and state.error is not None:
        raise UserError.of(state.error)
    found = jobs.found(ws, run_id)
    if found is None or state is None or state.stage is MapStage.CANCELLED:
        raise _cancelled()
    return found


def _progress(state: MapState, language: str) -> str:
    if not state.num_images:
        return render(say("The features are read…"), language)
    usual = jobs.usual_seconds(state.num_images)
    said = nsay(
        "{num} image is placed; that usually takes {time}",
        "{num} images are placed; that usually takes {time}",
        num=state.num_images,
        time=durations.between(usual, 2 * usual),
    )
    return render(said, language)


def as_json(ws: Workspace, run: Run, found: EmbeddingMap) -> dict[str, Any]:
    """Give what programs read; what the model learned from has no prediction."""
    assert run.card is not None
    labels, answers = run.card.labels, points.answers_of(ws.run(run.id))
    rows = points.rows_of(found, answers)
    images = points.records_of(found, labels, _images(ws, run))
    numbers = {part: one.predicted.tolist() for part, one in answers.items()}
    named = (
        None if row is None else labels[numbers[part][row]]
        for row, part in zip(rows, found.parts, strict=True)
    )
    listed = zip(
        found.contents, found.parts, found.labels.tolist(), named, images,
        found.positions.tolist(), strict=True,
    )  # fmt: skip
    return {
        "task": "classification",
        "points": [
            {
                "file": content if image is None else image.file,
                "part": part.value,
                "true": labels[label],
                "predicted": predicted,
                "x": x,
                "y": y,
            }
            for content, part, label, predicted, image, (x, y) in listed
        ],
        "neighbours": {
            "number": neighbours.NUMBER,
            "same_class_on_map": found.on_map,
            "same_class_in_features": found.in_features,
        },
        "seconds": round(found.seconds, 2),
    }


def _images(ws: Workspace, run: Run) -> tuple[ImageRecord, ...]:
    """List the images of the run's version; of a deleted data set none."""
    with suppress(UserError):
        return datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    return ()


def _cancelled() -> UserError:
    return UserError(
        say("The making of the map was cancelled."),
        expected=say("It should have placed every image."),
        mend=say("Start it again."),
    )
