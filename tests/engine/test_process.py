"""The engine as a process: its answers, its output, its end."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from core import files, runs
from core.engine import __main__ as engine_main
from core.errors import Problem, UserError
from core.records import State, TrainConfig
from core.records.requests import (
    FindLearningRate,
    Ping,
    Predict,
    PrepareRun,
    Ready,
    RunEnded,
    TrainRun,
    encode_request,
)
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine

TINY = TrainConfig(
    dataset_id="colours-0000",
    backbone="MobileNet-0.25",
    weights="none",
    image_size=32,
    epochs=3,
    batch_size=8,
    dropout=0.3,
)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One for all tests here, as the engine is; the first data set is the one of TINY."""
    shared = Workspace(tmp_path_factory.mktemp("process") / "workspace")
    builders.make_dataset(shared, num=20)
    return shared


@pytest.fixture(scope="module")
def engine(ws: Workspace) -> Iterator[EngineProcess]:
    """One that starts again for the next test where a test has ended it."""
    process = EngineProcess("train", ws)
    yield process
    process.kill()


def wait_for(happened: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def train(ws: Workspace, engine: EngineProcess, config: TrainConfig) -> tuple[str, RunEnded]:
    run_id = runs.create(ws, config)
    return run_id, engine.ask(TrainRun(run_id=run_id))


def test_one_process_trains_run_after_run_and_says_what_is_wrong_with_one(
    ws: Workspace, engine: EngineProcess
):
    first, one = train(ws, engine, TINY)
    with pytest.raises(UserError, match="There is no backbone called"):
        train(ws, engine, replace(TINY, backbone="MobileNet-0.26"))
    second, two = train(ws, engine, TINY)

    assert one == two == RunEnded(ended=State.DONE)
    losses = [[epoch.val_loss for epoch in runs.epochs(ws, run)] for run in (first, second)]
    assert losses[0] == losses[1]
    assert ws.run(first).output.exists()


def test_the_serving_process_answers_and_names_what_it_cannot_read(
    ws: Workspace, engine: EngineProcess, tmp_path: Path
):
    server = EngineProcess("serve", ws)
    picture = builders.write_image(tmp_path / "green.png", colour=1, seed=50)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(picture.read_bytes()[:100])
    try:
        run_id, _ = train(ws, engine, TINY)
        ready = server.ask(Ping())
        said = server.ask(Predict(run_id=run_id, files=(str(picture),)))
        unread = server.ask(Predict(run_id=run_id, files=(str(broken),)))
        curve = server.ask(FindLearningRate(config=TINY))
    finally:
        server.kill()

    assert "broken.jpg" in str(unread.predictions[0].problem)
    scores = said.predictions[0].scores
    assert ready == Ready(ready=True)
    assert said.predictions[0].label == scores[0].label
    assert sum(score.probability for score in scores) == pytest.approx(1)
    assert len(curve.learning_rates) == len(curve.losses) > 20
    assert 1e-7 < curve.suggestion < 10


def test_an_unforeseen_error_before_start_leaves_the_process_ready_for_the_run(
    ws: Workspace, monkeypatch, capsys
):
    from core.engine.training import prebuild

    handle = engine_main._training()(ws)
    monkeypatch.setattr(prebuild, "build", lambda *asked: {}["a mistake"])

    answer = engine_main.answer(handle, json.loads(encode_request(PrepareRun(config=TINY))))

    assert json.loads(answer) == {"answer": {"ready": False}}
    assert "a mistake" in capsys.readouterr().err


def test_a_closed_pipe_ends_the_process_in_the_midst_of_a_run(ws: Workspace, engine: EngineProcess):
    run_id = runs.create(ws, replace(TINY, epochs=1000))
    engine.tell(TrainRun(run_id=run_id))
    wait_for(lambda: len(runs.epochs(ws, run_id)) > 3)

    engine._drop_pipe()

    wait_for(lambda: not engine.alive, 20)
    assert not ws.run(run_id).card.exists()


def test_an_unforeseen_error_is_written_down_and_ends_the_process(
    ws: Workspace, engine: EngineProcess
):
    dataset = builders.make_dataset(ws, num=20)
    ws.dataset(dataset.id).listing().write_text('{"content": 1}\n')

    run_id = runs.create(ws, replace(TINY, dataset_id=dataset.id))
    engine.tell(TrainRun(run_id=run_id))
    wait_for(lambda: not engine.alive)

    assert engine.returncode == 1
    assert "Traceback" in ws.run(run_id).output.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("num_lines", [1, 4, 9, 12, 17])
def test_a_run_that_was_killed_goes_on_to_the_bit(
    ws: Workspace, engine: EngineProcess, num_lines: int
):
    config = replace(TINY, epochs=8, freeze="block_12", fine_tune_epochs=8, hidden_units=16)
    whole, _ = train(ws, engine, config)
    run_id = runs.create(ws, config)
    engine.tell(TrainRun(run_id=run_id))
    metrics = ws.run(run_id).metrics
    wait_for(lambda: metrics.exists() and metrics.read_bytes().count(b"\n") >= num_lines)
    assert engine._child is not None
    os.kill(engine._child.pid, signal.SIGKILL)
    wait_for(lambda: not engine.alive)

    engine.ask(TrainRun(run_id=run_id))

    told = [[clockless(e) for e in runs.epochs(ws, run)] for run in (whole, run_id)]
    assert told[0] == told[1]
    assert weights(ws, whole) == weights(ws, run_id)


def clockless(epoch: Any) -> dict[str, Any]:
    return {k: v for k, v in asdict(epoch).items() if k not in ("seconds", "images_per_second")}


def weights(ws: Workspace, run_id: str) -> list[bytes]:
    from tests.engine import jobs

    return [w.tobytes() for w in jobs.values(ws, run_id)]


def test_nothing_but_answers_comes_on_standard_output_and_no_scikit_learn_is_loaded(
    ws: Workspace, tmp_path: Path
):
    told = tmp_path / "sklearn" / "imported"
    told.parent.mkdir()
    (told.parent / "__init__.py").write_text(f"open({str(told)!r}, 'w').close()")
    asked = subprocess.Popen(
        [sys.executable, "-m", "core.engine", "serve", str(ws.root)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert asked.stdin is not None
    assert asked.stdout is not None
    question = Predict(run_id="none", files=())
    asked.stdin.write(encode_request(question) + "\n")
    asked.stdin.flush()

    answer = json.loads(asked.stdout.readline())

    asked.stdin.close()
    assert files.build(Problem, answer["refused"]).what.text == "The run '{run}' has no model."
    assert asked.stdout.read() == ""
    assert asked.wait(20) == 0
    assert not told.exists()
    asked.stdout.close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_explained(number: int):
    def write(request: Ping) -> Ready:
        raise OSError(number, os.strerror(number))

    answer = json.loads(engine_main.answer({Ping: write}, {"ping": {}}))

    assert files.build(Problem, answer["refused"]).what.text == "The disk is full."


def test_a_file_that_is_gone_is_named():
    def read(request: Ping) -> Ready:
        return Ready(ready=bool(Path("gone.jpg").read_text()))

    answer = json.loads(engine_main.answer({Ping: read}, {"ping": {}}))

    assert "gone.jpg" in str(files.build(Problem, answer["refused"]).what)
