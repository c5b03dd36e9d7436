"""A run made smaller: offered on its page, and what came of it beside its teacher."""

from dataclasses import replace

import pytest

from core import runs
from core.runs.inference import Engine
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import said


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model takes as many milliseconds as its place."""
    monkeypatch.setattr(
        Engine, "milliseconds", lambda self, ids: tuple(float(i + 1) for i, _ in enumerate(ids))
    )


@pytest.mark.usefixtures("train_nowhere")
def test_smaller_networks_are_offered(open_page, ws):
    make_dataset(ws)
    teacher = make_run(ws)
    app = open_page("runs", run=teacher)

    app.button(key="smaller").click().run()

    assert app.button(key="start-smaller").label == "Train both"
    offered = app.selectbox(key="smaller-backbone").options
    assert offered
    assert not any("VGG16" in name for name in offered), "it is larger"


@pytest.mark.usefixtures("timed")
def test_a_student_stands_beside_its_teacher_and_beside_the_same_without(open_page, ws):
    make_dataset(ws)
    teacher = make_run(ws)
    config = replace(runs.get(ws, teacher).config, backbone="MobileNetV2-0.35", optimizer="adam")
    student = make_run(ws, config=replace(config, teacher=teacher))
    make_run(ws, config=config)

    app = open_page("runs", run=student)

    assert "No gain is shown here" in said(app)
    table = next(t.value for t in app.table if "An image takes" in t.value)
    names = ["Teacher network", "Student network", "The same without a teacher"]
    assert list(table["Model"]) == names
    assert list(table["An image takes"]) == ["1 ms", "2 ms", "3 ms"]
    [link] = [b for b in open_page("runs", run=teacher).button if b.key == f"student-{student}"]
    assert link.label


@pytest.mark.usefixtures("timed")
def test_who_deletes_a_teacher_is_told_that_its_student_waits(open_page, ws):
    make_dataset(ws)
    teacher = make_run(ws)
    runs.create(ws, replace(runs.get(ws, teacher).config, teacher=teacher))

    app = open_page("runs", run=teacher)

    assert "1 run still needs it and will fail." in [warning.value for warning in app.warning]
