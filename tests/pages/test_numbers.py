"""Every page with a data set of numbers and its runs: nothing raises, nothing speaks of classes."""

from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.batch_predictions import store
from core.records import ModelCard, Prediction, State
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.run_results import numbers
from core.workspace import Workspace
from tests import numbered
from tests.core.insights.coaching.synthetic import number_epoch
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
    assert "It was fitted at once, without steps, so that there is no curve." in text
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


def test_three_runs_stand_in_a_table_against_the_first_with_p_for_two_comparisons(
    open_page, ws, made
):
    third = numbered.make_number_run(ws, datasets.get(ws, "numbers-0000"), off=4.0)
    unanswered = numbered.make_number_run(ws, datasets.get(ws, "numbers-0000"))
    ws.run(unanswered).predictions.unlink()

    app = open_page("runs", compare=".".join((*made, third, unanswered)))

    table, text = app.dataframe[0].value, said(app)
    assert not app.error
    assert table["error"].tolist() == ["4.0 mm", "1.0 mm", "4.0 mm", "2.0 mm"]
    assert table["range"][1] == "1.0 to 1.0 mm"
    assert table[["nearer", "farther"]].values.tolist()[1:3] == [[50, 0], [0, 0]]
    assert table["p"][1] == pytest.approx(2 * 2**-49)  # times two comparisons
    assert table["p"][2] == 1
    assert np.isnan(table["p"][3])
    assert "Which is nearer is told by what both answer on the same images." in text
    assert "The best of several runs looks better" in text


def test_what_answers_something_else_is_not_compared(open_page, ws, made):
    other = numbered.make_number_run(
        ws, numbered.make_numbers(ws, num=200, dataset_id="heights-0000")
    )
    path = ws.run(other).card
    card = files.read_record(path, ModelCard)
    files.write_record(path, replace(card, target=replace(card.target, name="height", unit="cm")))

    two = said(open_page("runs", compare=".".join((made[0], other))))
    three = open_page("runs", compare=".".join((*made, other)))

    assert "The two runs answer different numbers, width (mm) and height (cm)" in two
    assert "Answering something else than the first, and so left out" in said(three)
    assert len(three.dataframe) == 1


@pytest.mark.parametrize("page", ["home", "predict"])
def test_other_pages_are_drawn(open_page, made, page):
    app = open_page(page)

    assert not app.error
    assert all("accuracy" not in one.value and "error" in one.value for one in app.dataframe)
    assert "no validation score" not in said(app)


def test_a_live_run_is_told_what_its_curves_say(open_page, ws):
    run_id = numbered.make_number_run(ws, numbered.make_numbers(ws, num=200), optimizer="adam")
    runs.set_state(ws, run_id, State.RUNNING)
    ws.run(run_id).card.unlink()
    ws.run(run_id).metrics.unlink()
    for epoch in range(1, 7):
        files.append_record(ws.run(run_id).metrics, number_epoch(epoch, (2600, 50), (2600, 50)))

    app = open_page("runs", run=run_id)

    assert not app.error
    text = said(app)
    assert "After 6 epochs it is no nearer than always saying the mean would be" in text
    assert "off by 50.0 mm on average" in text


def test_an_ended_run_learned_by_heart_only_where_its_images_show_it(open_page, ws):
    dataset = numbered.make_numbers(ws, num=200)
    run_id = numbered.make_number_run(ws, dataset)
    path = ws.run(run_id).card
    card = replace(files.read_record(path, ModelCard), num_train=100, kept_epoch=2)
    files.append_record(ws.run(run_id).metrics, number_epoch(2, (0.04, 0.1), (400, 20)))

    for low, sure in ((15.0, True), (0.0, False)):
        score = replace(card.numbers, mae=20.0, mae_low=low, mae_high=30.0, rmse=25.0)
        files.write_record(path, replace(card, numbers=score))
        text = said(open_page("runs", run=run_id))
        assert ("some of them it learned by heart" in text) is sure
        assert ("so few images cannot show" in text) is not sure


def test_a_refit_says_what_it_came_to_before(open_page, ws, made):
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
    files.write_record(folder.state, BatchState(stage=BatchStage.DONE, done=3, total=3))
    for n in (7, 3, 999):
        answer = Prediction(file=f"{n}.png", number=float(n), low=n - 1.0, high=n + 1.0)
        row = BatchRow(answer=answer, content=f"{n + 900:032x}", stored="a/b", true=n + 2.0)
        files.append_record(folder.rows, row)

    app = open_page("predict", source="folder", batch="20260101-000000-abcdef")
    app.toggle(key="batch-as-table").set_value(True).run()
    table = app.dataframe[0].value

    assert not app.error
    text = said(app).replace("\\", "")
    assert "3 images answered" in text
    assert "On 3 images it is off by 2.0 mm on average (2.0 to 2.0 mm)." in text
    assert "holds the truth in 0 of 2 images" in text
    assert list(table["Problem"])[:2] == ["", ""]
    assert table["Problem"].iloc[2].endswith("beyond that it guesses.")
    assert "Make a ZIP sorted by class" not in {button.label for button in app.button}
