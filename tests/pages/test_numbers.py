"""Every page with a data set of numbers and its runs: nothing raises, nothing speaks of classes."""

from dataclasses import replace

import numpy as np
import pytest

from core import files, runs
from core.batch_predictions import store
from core.records import Prediction, State
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.run_results import numbers
from core.workspace import Workspace
from tests import numbered
from tests.pages.test_runs import said

pytestmark = pytest.mark.usefixtures("train_nowhere")


@pytest.fixture
def made(ws: Workspace) -> tuple[str, str]:
    """Two runs of numbers, the second nearer."""
    dataset = numbered.make_numbers(ws, num=200)
    return tuple(numbered.make_number_run(ws, dataset, off=off) for off in (4.0, 1.0))


@pytest.mark.parametrize("part", ["images", "check", "add"])
def test_the_data_page_shows_numbers(open_page, made, part):
    app = open_page("data", dataset="numbers-0000", part=part)

    text = said(app)
    assert not app.error
    if part == "images":
        ranges = {metric.label: metric.delta for metric in app.metric}
        assert ranges["width · Mean"] == "0.0 to 199.0 mm"
        assert "Classes" not in ranges
        assert [slider.label for slider in app.slider] == ["width (mm)"]
    assert "Possible label errors" not in text
    assert "Move to class" not in {box.label for box in app.selectbox}


def test_the_train_page_offers_what_a_number_has(open_page, ws, made):
    app = open_page("train", dataset="numbers-0000")

    assert not app.error
    drawn = [*app.selectbox, *app.get("segmented_control"), *app.toggle, *app.multiselect]
    labels = {element.label for element in drawn}
    assert not labels & {"Classifier on the features", "Output", "Class weights",
                         "Leave out these classes"}  # fmt: skip
    assert "Study your images" not in {button.label for button in app.button}
    next(b for b in app.button if b.key == "start").click().run()
    config = next(run.config for run in runs.all_runs(ws) if run.state.state is State.QUEUED)
    assert (config.task, config.dropout) == ("regression", 0.0)


def test_a_run_says_how_near_it_is_and_what_it_beats(open_page, made):
    app = open_page("runs", run=made[1])

    text = said(app).replace("\\", "")
    assert not app.error
    assert "On 50 images it is off by 1.0 mm on average" in text
    assert "R² is 0.99" in text
    assert "The truth lies within 1.0 mm of an answer nine times in ten" in text
    assert "It has learned something" in text
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Mean absolute error"] == "1.0 mm"
    assert "Accuracy" not in text


@pytest.mark.parametrize("view", ["pictures", "errors"])
def test_its_other_views_are_drawn(open_page, made, view):
    app = open_page("runs", run=made[0], view=view)

    assert not app.error
    assert ("Farthest off" if view == "pictures" else "How far off, over the range") in said(app)


def test_a_run_that_learned_nothing_claims_nothing(open_page, ws):
    dataset = numbered.make_numbers(ws, num=100)
    run_id = numbered.make_number_run(ws, dataset)
    found = numbers.read(ws.run(run_id))
    card = runs.get(ws, run_id).card
    score = replace(card.numbers, r2=-0.1, r2_low=-0.4, r2_high=0.1, mae=9.0, p_mean=0.6)
    files.write_record(ws.run(run_id).card, replace(card, numbers=score))
    assert np.isfinite(found.said).all()

    text = said(open_page("runs", run=run_id)).replace("\\", "")

    assert "These images do not show that the model is better than always the mean." in text
    assert "It has learned something" not in text


def test_the_list_tells_how_far_off_runs_are_and_compares_two(open_page, ws, made):
    app = open_page("runs")

    table = app.dataframe[0].value
    assert table["error"].tolist() == ["1.0 mm", "4.0 mm"]
    assert "accuracy" not in table
    both = open_page("runs", compare=".".join(made))
    assert "B is nearer in 50 and A in 0" in said(both)
    assert not both.error


@pytest.mark.parametrize("page", ["home", "predict"])
def test_other_pages_are_drawn(open_page, made, page):
    app = open_page(page)

    assert not app.error
    assert "no validation score" not in said(app)


def test_a_live_run_is_watched(open_page, ws, made):
    run_id = made[0]
    runs.set_state(ws, run_id, State.RUNNING)
    ws.run(run_id).card.unlink()

    app = open_page("runs", run=run_id)

    assert not app.error


def test_a_refit_says_what_it_came_to_before(open_page, ws, made):
    from core import datasets

    again = numbered.make_number_run(
        ws, datasets.get(ws, "numbers-0000"), train_on="train+validation", refit_of=made[1]
    )

    app = open_page("runs", run=again)

    assert "Before, without them: off by 1.0 mm on average" in said(app).replace("\\", "")
    assert not app.error


def test_a_folder_of_answers_is_shown_by_its_numbers(open_page, ws, made):
    target = runs.get(ws, made[0]).card.target
    folder = store.folder_of(ws, "20260101-000000-abcdef")
    folder.path.mkdir(parents=True)
    asked = BatchRequest(
        run_id=made[0], labels=(), name="walk", created_at=1.0, target=target, sources=("/x",)
    )
    files.write_record(folder.request, asked)
    files.write_record(folder.state, BatchState(stage=BatchStage.DONE, done=2, total=2))
    for n in (7, 3):
        answer = Prediction(file=f"{n}.png", number=float(n), low=n - 1.0, high=n + 1.0)
        files.append_record(folder.rows, BatchRow(answer=answer, content=f"{n:032x}", stored="a/b"))

    app = open_page("predict", source="folder", batch="20260101-000000-abcdef")

    assert not app.error
    assert "2 images answered" in said(app)
    assert "Make a ZIP sorted by class" not in {button.label for button in app.button}
