"""Where a run's model sees a class on average, on the page of the run."""

import sys
from pathlib import Path

import pytest

from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from pages._shared import engine
from tests.builders import make_dataset, make_run

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
