"""The client of the serving process."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import UserError
from core.records import PicturePart, State
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders

FAKE = (sys.executable, str(Path(__file__).parents[2] / "fake_engine.py"))


@pytest.fixture
def engine(ws: Workspace) -> Iterator[Engine]:
    engine = Engine(ws, EngineProcess("serve", ws, FAKE))
    yield engine
    engine.close()


def test_many_files_are_predicted_in_one_question(ws: Workspace, engine: Engine):
    run_id = builders.make_run(ws)

    predictions = engine.predict(run_id, [Path("a.png"), Path("b.png")])

    assert [p.file for p in predictions] == ["a.png", "b.png"]
    assert predictions[0].scores[0].probability == 0.75


def test_a_picture_is_explained_with_a_part_covered(ws: Workspace, engine: Engine):
    run_id = builders.make_run(ws)

    found = engine.explain(run_id, Path("a.png"), "dog", cover=PicturePart(right=0.5))

    assert found.heat == ((0.0, 1.0), (-1.0, 0.5))
    assert (found.probability(), found.probability(covered=True)) == (0.75, 0.25)
    assert found.covered[0].label == "other"


def test_the_engine_computes_on_one_thread_of_blas(ws: Workspace, tmp_path: Path):
    told = tmp_path / "told"
    code = f"import os; open({str(told)!r}, 'w').write(os.environ['OPENBLAS_NUM_THREADS'])"
    process = EngineProcess("train", ws, (sys.executable, "-c", code))

    process.start()
    process.close()

    assert told.read_text() == "1"


def test_a_workspace_whose_log_cannot_be_written_to_still_answers(ws: Workspace, engine: Engine):
    run_id = builders.make_run(ws)
    ws.worker_log.mkdir()  # nobody can write to it, not even root
    ws.worker_log.chmod(0o500)

    assert engine.predict(run_id, [Path("a.png")])[0].label


def test_a_run_without_a_model_is_refused_before_the_engine_is_asked(ws: Workspace, engine: Engine):
    run_id = builders.make_run(ws, state=State.FAILED)

    with pytest.raises(UserError, match="has no model: it is failed"):
        engine.predict(run_id, [Path("a.png")])


def test_what_the_engine_refuses_reaches_the_caller(ws: Workspace, engine: Engine):
    run_id = builders.make_run(ws)

    with pytest.raises(UserError, match="Ask again"):
        engine.predict(run_id, [Path("bad.png")])


def test_an_engine_that_died_says_so_and_the_next_question_is_answered(
    ws: Workspace, engine: Engine
):
    run_id = builders.make_run(ws)

    with pytest.raises(UserError, match="ended while"):
        engine.predict(run_id, [Path("crash.png")])

    assert engine.predict(run_id, [Path("a.png")])[0].label == "cat"


def test_a_question_of_somebody_else_is_not_waited_for_to_be_warm(ws: Workspace):
    run_id = builders.make_run(ws)
    engine = Engine(ws, EngineProcess("serve", ws, (sys.executable, "-c", SLOW)))

    with ThreadPoolExecutor(1) as pool:
        question = pool.submit(engine.predict, run_id, [Path("a.png")])
        while not (ws.root / "asked").exists():
            time.sleep(0.01)
        engine.warm()
        is_asked_still = not question.done()
        (ws.root / "go").touch()
    engine.close()

    assert is_asked_still


SLOW = """
import pathlib, sys, time
root = pathlib.Path(sys.argv[2])
sys.stdin.readline()
(root / "asked").touch()
for _ in range(300):
    if (root / "go").exists():
        break
    time.sleep(0.01)
print('{"answer": {"predictions": []}}', flush=True)
"""
