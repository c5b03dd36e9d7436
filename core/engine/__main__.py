"""The engine process: ``python -m core.engine ROLE WORKSPACE``, JSON lines in and out.

The process ends when its standard input ends, even in the midst of a run, so that it never
outlives whoever started it. Answers are the only thing on the original standard output.
"""

import argparse
import contextlib
import ctypes
import gc
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, TextIO

from core import files, privacy, runs
from core.engine import disk_space, output
from core.errors import Problem, UserError
from core.models import catalog, solving
from core.records import State, TrainConfig, requests
from core.records.requests import (
    ConvertModel,
    OpenModel,
    PrepareRun,
    ReadModel,
    Ready,
    RunEnded,
    TrainRun,
    TryRanges,
)
from core.runs import estimates
from core.runs.sharing import addressed
from core.runs.sharing.places import place_of
from core.words import say
from core.workspace import BackboneFolder, Workspace

Handlers = Mapping[type, Callable[[Any], Any]]  # of each request: the record -> that of its answer
HandlersOf = Callable[[Workspace], Handlers]
_PR_SET_PDEATHSIG = 1  # prctl(2)


def main(arguments: list[str]) -> None:
    """Answer requests until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m core.engine", description=__doc__)
    parser.add_argument("role", choices=sorted(ROLES))
    parser.add_argument("workspace", type=Path)
    options = parser.parse_args(arguments)
    privacy.begin()
    sys.modules["sklearn"] = None  # type: ignore[assignment]  # Keras imports it where it is: 1.4 s
    answers = _keep_answers_apart()
    rows: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=[rows], daemon=True).start()
    handlers_of = ROLES[options.role]()
    while True:
        row = rows.get()
        ws = Workspace(Path(addressed.workspace_of(row) or options.workspace))
        catalog.look_in(ws)
        print(answer(handlers_of(ws), addressed.without(row)), file=answers, flush=True)


def _keep_answers_apart() -> TextIO:
    """Keep standard output for answers; whatever libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _listen(rows: "queue.Queue[dict[str, Any]]") -> None:
    for line in sys.stdin.buffer:
        rows.put(json.loads(line))
    os._exit(0)


def answer(handlers: Handlers, row: Mapping[str, Any]) -> str:
    """Answer one request; what a user can mend, and what the system refused, is explained."""
    try:
        request = requests.decode_request(row, handlers)
        return requests.encode_answer(handlers[type(request)](request))
    except UserError as error:
        return requests.encode_refusal(error.problem)
    except OSError as error:
        with contextlib.suppress(OSError):  # the log may lie on the disk that is full
            traceback.print_exc()
        return requests.encode_refusal(_of_system(error))


def _of_system(error: OSError) -> Problem:
    """Explain what the system refused: a full disk, a file that is gone."""
    if disk_space.is_full(error):
        return Problem(
            what=say("The disk is full."),
            expected=say("Training writes its state, its features and the model to disk."),
            mend=say("Make room, then try the run again: it goes on from its last whole epoch."),
        )
    return Problem(
        what=say("A file could not be read or written: {reason}", reason=str(error)),
        expected=say("The files of the data set and of the run are where they were put."),
        mend=say("If the data set was changed on disk, bring the images in again."),
    )


def _training() -> HandlersOf:
    """Load TensorFlow and look at the device once; then train one run after another."""
    _end_with_worker()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    from core.engine import device
    from core.engine.loop import steps
    from core.engine.serving import scoring, sharding
    from core.engine.training import job, memory, prebuild

    chosen, warm_up = device.choose(), cache(steps.warm_up)
    gc.freeze()  # the libraries stay: looking for garbage among them costs each run a second

    def prepare(ws: Workspace, request: PrepareRun) -> Ready:
        if request.shards:
            return Ready(ready=sharding.compute(ws, request, chosen))
        if request.config.thaws or not solving.solves(request.config):
            warm_up()  # a second, which a head that is solved does not need
        ready = _tried(lambda: prebuild.build(ws, request.config, chosen))
        if ready:
            _tried(lambda: scoring.score_kept(ws, request.config, chosen, lambda: _is_asked(ws)))
        return Ready(ready=ready)

    def train(ws: Workspace, request: TrainRun) -> RunEnded:
        task = job.Job(
            ws=ws,
            run_id=request.run_id,
            config=files.read_record(ws.run(request.run_id).config, TrainConfig),
            device=chosen,
            stop=partial(runs.stop_requested, ws, request.run_id),
            expect=partial(estimates.expected, ws),
            halved=request.halved,
            given_up=request.given_up,
            attempt=request.attempt,
        )
        with output.sent_to(task.folder.output):
            return RunEnded(ended=State(memory.train(task)))

    return lambda ws: {TrainRun: partial(train, ws), PrepareRun: partial(prepare, ws)}


def _is_asked(ws: Workspace) -> bool:
    return place_of(ws).next_run() is not None


def _keeping() -> HandlersOf:
    """As for training, but without a GPU: that may be what stood still."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    return _training()


def _end_with_worker() -> None:
    """Have Linux kill this process when its worker dies, even while it stands still.

    It would otherwise wake one day and write into a run that another worker trains.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _tried(attempt: Callable[[], bool]) -> bool:
    """Do what nobody waits for: an unforeseen error goes to the log, and the process lives on."""
    try:
        return attempt()
    except (UserError, OSError):
        raise
    except Exception:
        traceback.print_exc()
        return False


def _serving() -> HandlersOf:
    """Load TensorFlow without a GPU, which is for training; then answer questions."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from core.engine.serving import server

    server.load_quick_library()
    kept = server.KeptModels()
    return lambda ws: server.Server(ws, kept).handlers


def _bringing() -> HandlersOf:
    """Load TensorFlow for a stranger's model: within limits, without GPU and network."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from core.engine.bringing import opening, reading, trying
    from core.models import limits

    limits.memory(limits.MEMORY)
    limits.processor_time(limits.SECONDS)
    limits.stay_inside()
    return lambda ws: {
        ReadModel: lambda request: reading.read(BackboneFolder(Path(request.folder))),
        TryRanges: lambda request: trying.try_ranges(ws, request),
        OpenModel: lambda request: opening.open_model(Path(request.path), request.classes),
    }


def _exporting() -> HandlersOf:
    """Load TensorFlow without a GPU, for conversions: converters change it as they like."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    from core.engine.exporting import answering

    return lambda ws: {ConvertModel: partial(answering.convert, ws)}


ROLES: dict[str, Callable[[], HandlersOf]] = {
    "train": _training,
    "keep": _keeping,
    "serve": _serving,
    "bring": _bringing,
    "export": _exporting,
}


if __name__ == "__main__":
    main(sys.argv[1:])
