"""Lessons on the Home page: chosen, guessed, watched and read; and the teacher's page."""

from dataclasses import replace

import pytest

from core import files, runs
from core.lessons import attempts, reading
from core.records import State
from tests import builders
from tests.core.lessons.test_lessons import attempt_of
from tests.pages.test_runs import said

pytestmark = pytest.mark.usefixtures("train_nowhere")


def test_the_lessons_stand_on_the_first_page(open_page):
    app = open_page()

    labels = [button.key for button in app.main.button if (button.key or "").startswith("begin-")]
    assert labels == [f"begin-{name}" for name in reading.lessons()]


def test_one_guesses_before_anything_is_trained(open_page, ws):
    dataset = builders.make_dataset(ws, num=12)
    app = open_page(lesson="frozen-or-random")
    assert app.button(key="start-lesson").disabled

    app.radio(key="guess").set_value("second").run()
    app.selectbox(key="lesson-data").set_value(dataset.id)
    app.text_input(key="pupil").set_value("Ana").run()
    app.button(key="start-lesson").click().run()

    (attempt_id,) = attempts.ids(ws)
    attempt = attempts.get(ws, attempt_id)
    assert (attempt.guess, attempt.pupil) == ("second", "Ana")
    assert len(attempt.run_ids) == 2
    assert "0%" in app.get("progress")[0].proto.text
    assert "From nothing" not in said(app)


@pytest.mark.parametrize(
    ("guess", "told"),
    [("first", "You guessed rightly."), ("same", "It came otherwise than you guessed.")],
)
def test_what_happened_stands_beside_what_was_guessed(open_page, ws, guess: str, told: str):
    builders.make_dataset(ws)
    attempt = attempt_of(ws, "frozen-or-random", 90, 60)
    for run_id in attempt.run_ids:
        runs.set_state(ws, run_id, State.DONE)
    begun = replace(attempt, guess=guess, dataset_ids=("colours-0000",) * 2)
    ws.lessons.mkdir()
    files.write_record(ws.lesson("a1"), begun)

    app = open_page(attempt="a1")

    assert told in said(app)
    assert [metric.value for metric in app.metric] == ["90%", "60%"]
    assert "Only the second is right on 0 of them, only the first on 30" in said(app)
    assert "This is transfer learning" in said(app)
    assert "by heart" in said(app)


def test_a_lesson_that_was_stopped_is_begun_again(open_page, ws):
    dataset = builders.make_dataset(ws, num=12)
    begun = attempts.begin(ws, reading.lesson_named("frozen-or-random"), "first", own=dataset.id)
    app = open_page(attempt=begun)
    app.button(key="stop-lesson").click().run()
    assert "Begin the lesson again" in said(app)

    app.button(key="again").click().run()

    assert len(attempts.ids(ws)) == 2


def test_lessons_begun_are_found_again_and_forgotten(open_page, ws):
    ws.lessons.mkdir(parents=True)
    attempt = replace(attempt_of(ws, "leakage", 98, 50), pupil="Ana")
    files.write_record(ws.lesson("a1"), attempt)

    (table,) = [frame for frame in open_page().dataframe if "pupil" in frame.value]
    app = open_page(attempt="a1")
    app.button(key="forget-really").click().run()

    assert table.value.to_dict("records")[0]["pupil"] == "Ana"
    assert attempts.ids(ws) == []


def test_a_teacher_sees_aim_time_and_answer_of_each(open_page):
    app = open_page(lessons="teacher")

    assert len(app.subheader) == 6
    assert said(app).count("**Aim**") == 6
    assert said(app).count("**What came out**") == 6
    assert "After block\\_13" in said(app)


@pytest.mark.parametrize("query", [{"lesson": "other"}, {"attempt": "other"}])
def test_an_unknown_lesson_is_refused(open_page, query):
    app = open_page(**query)

    assert app.error[0].value
