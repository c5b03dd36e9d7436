"""Answers like ``python -m core.engine`` but learns nothing, so tests of the shell take no time.

The seed of a run chooses what happens: 1 crashes by signal, 2 raises, 3 is refused, 4 goes on
until it is stopped, 5 crashes at the first attempt only, 6 is stopped after an epoch and stands
still, 7 is stopped after an epoch and crashes, 8 is ended for its memory unless it takes half the
batch, 9 even then, 10 is stopped and stands still at the first attempt only, 11 is stopped after an
epoch and refused, 12 is stopped before one and stands still, 13 crashes after each of its first
five epochs. What was given up is saved; the verb of the process is written down.
"""

import base64
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from core import files, runs
from core.errors import Problem, UserError
from core.records import (
    ClassHeat,
    Explanation,
    Prediction,
    Progress,
    Score,
    Stage,
    State,
    TrainConfig,
    requests,
)
from core.records.choices import check
from core.records.requests import (
    Explain,
    ExplainClass,
    Predict,
    PredictOriginal,
    PrepareRun,
    Ready,
    RunEnded,
    TrainRun,
)
from core.records.results import Predictions
from core.runs.sharing import addressed
from core.words import say
from core.workspace import RunFolder, Workspace
from tests import run_records

DOT = (  # a picture of one pixel, as PNG
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
PROBLEM = Problem(what=say("No."), expected=say("Yes."), mend=say("Ask again."))


def train(ws: Workspace, request: TrainRun) -> RunEnded:
    run_id, halved = request.run_id, request.halved
    run, folder = runs.get(ws, run_id), ws.run(run_id).attempt(request.attempt)
    seed = run.config.seed
    if request.given_up:
        return ended(ws, run_id, run.config, folder)
    if seed == 1 or (seed == 5 and run.state.attempt == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == 12:
        runs.request_stop(ws, run_id)
        time.sleep(600)
    if seed == 13 and (kept := runs.num_kept(ws, run_id)) < 5:
        folder.checkpoints.mkdir(exist_ok=True)
        (folder.checkpoints / f"{kept + 1:05d}.npz").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if seed in (6, 7, 10, 11) and (seed == 6 or run.state.attempt == 1):
        stop_after_an_epoch(ws, run_id, folder)
        if seed == 11:
            raise UserError.of(PROBLEM)
        if seed != 7:
            time.sleep(600)
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == 9 or (seed == 8 and not halved):
        (ws.root / "vmstat").write_text(f"pgfault 7\noom_kill {run.state.attempt}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == 2:
        raise RuntimeError("a mistake in the program")
    if seed == 3:
        raise UserError.of(PROBLEM)
    for epoch in range(1, run.config.epochs + 1):
        files.append_record(folder.metrics, run_records.epoch_metrics(epoch))
        while seed == 4 and not runs.stop_requested(ws, run_id):
            time.sleep(0.02)
    return ended(ws, run_id, run.config, folder)


def stop_after_an_epoch(ws: Workspace, run_id: str, folder: RunFolder) -> None:
    folder.checkpoints.mkdir(exist_ok=True)
    (folder.checkpoints / "00001.npz").touch()
    files.write_record(folder.progress, Progress(stage=Stage.TRAINING, done=0.5))
    runs.request_stop(ws, run_id)


def ended(ws: Workspace, run_id: str, config: TrainConfig, folder: RunFolder) -> RunEnded:
    folder.model.write_bytes(b"model")
    folder.output.write_text(sys.argv[1])
    files.write_record(folder.card, run_records.card(run_id, config))
    return RunEnded(ended=State.STOPPED if runs.stop_requested(ws, run_id) else State.DONE)


def prepare(ws: Workspace, request: PrepareRun) -> Ready:
    with (ws.root / "prepared.txt").open("a") as file:
        file.write(f"{request.config.backbone}\n")
    if request.config.backbone == "endless":
        time.sleep(600)
    raise UserError.of(PROBLEM)  # nobody is to be troubled by that


def predict(request: Predict) -> Predictions:
    names = request.files
    if any("bad" in name for name in names):
        raise UserError.of(PROBLEM)
    if any("crash" in name for name in names):
        os.abort()
    scores = (Score(label="cat", probability=0.75), Score(label="dog", probability=0.25))
    rows = [Prediction(file=name, label="cat", scores=scores) for name in names]
    return Predictions(predictions=tuple(rows))


def predict_original(request: PredictOriginal) -> Predictions:
    scores = (Score(label="tabby_cat", probability=0.5), Score(label="tub", probability=0.25))
    rows = [Prediction(file=name, label="tabby_cat", scores=scores) for name in request.files]
    return Predictions(predictions=tuple(rows))


def explain(request: Explain) -> Explanation:
    check(("cat", "dog", "green", "red"), request.label or "cat", say("class"))
    label = request.label or "cat"

    def scores(first: str, second: str) -> tuple[Score, ...]:
        return Score(label=first, probability=0.75), Score(label=second, probability=0.25)

    return Explanation(
        label=label,
        scores=scores(label, "other"),
        heat=((0.0, 1.0), (-1.0, 0.5)),
        method="occlusion" if request.occlude else "cam",
        milliseconds=7.5,
        covered=scores("other", label) if request.cover else (),
    )


def explain_class(ws: Workspace, request: ExplainClass) -> ClassHeat:
    folder = ws.run(request.run_id)
    folder.class_heat(0).parent.mkdir(exist_ok=True)
    folder.class_picture(0).write_bytes(base64.b64decode(DOT))
    return run_records.class_heat(request.label)


def handlers_of(ws: Workspace) -> dict[type, Callable[[Any], Any]]:
    handlers: dict[type, Callable[[Any], Any]] = {
        TrainRun: partial(train, ws),
        PrepareRun: partial(prepare, ws),
    }
    handlers |= {Predict: predict, PredictOriginal: predict_original, Explain: explain}
    handlers[ExplainClass] = partial(explain_class, ws)
    return handlers


def main() -> None:
    for line in sys.stdin.buffer:
        row = json.loads(line)
        handlers = handlers_of(Workspace(Path(addressed.workspace_of(row) or sys.argv[2])))
        request = requests.decode_request(addressed.without(row), handlers)
        try:
            print(requests.encode_answer(handlers[type(request)](request)), flush=True)
        except UserError as error:
            print(requests.encode_refusal(error.problem), flush=True)


if __name__ == "__main__":
    main()
