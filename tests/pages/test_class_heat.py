"""Where a run's model sees a class on average, on the page of the run."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core import files, runs
from core.lessons import reading
from core.records import State
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from pages._shared import engine
from tests import run_records
from tests.builders import make_dataset, make_run
from tests.core.lessons.test_lessons import attempt_of

FAKE = (sys.executable, str(Path(__file__).parents[1] / "fake_engine.py"))


@pytest.fixture(autouse=True)
def _fake_engine(monkeypatch: pytest.MonkeyPatch):
    """Ask a small process that answers like the engine."""
    monkeypatch.setattr(engine, "Engine", lambda ws: Engine(ws, EngineProcess("serve", ws, FAKE)))
    yield
    engine.engine.clear()


def test_a_class_that_is_seen_at_the_border_is_warned_of_when_asked_for(open_page, ws):
    make_dataset(ws)
    app = open_page("runs", run=make_run(ws))
    assert not app.warning

    app.toggle(key="class-heat").set_value(True).run()

    assert not app.exception
    assert any("80% lies at the border" in text.value for text in app.markdown)
    assert "In 20 of 20 pictures" in app.warning[0].value


def test_a_lesson_on_shortcuts_shows_the_map_of_the_planted_class_with_its_result(open_page, ws):
    make_dataset(ws)
    attempt, label = attempt_of(ws, "background", 100, 60), reading.lessons()["background"].map_of
    run_id = attempt.run_ids[0]
    runs.set_state(ws, run_id, State.DONE)
    card = run_records.card(run_id, runs.get(ws, run_id).config)
    files.write_record(ws.run(run_id).card, replace(card, labels=(label, "shell")))
    ws.lessons.mkdir()
    files.write_record(ws.lesson("a1"), attempt)

    app = open_page(attempt="a1")

    assert "In 20 of 20 pictures" in app.warning[0].value
    assert label in app.warning[0].value
