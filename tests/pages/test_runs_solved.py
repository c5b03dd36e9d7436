"""A run whose head was solved speaks of iterations, and shows no setting that it ignored."""

from core import runs
from core.records import State, TrainConfig
from pages._runs import settings
from pages._runs.watching import live_curves
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import said

CONFIG = TrainConfig(dataset_id="colours-0000", optimizer="solve")


def test_a_solved_run_has_iterations_and_nothing_was_picked(open_page, ws):
    make_dataset(ws)
    app = open_page("runs", run=make_run(ws, config=CONFIG))

    labels = [metric.label for metric in app.metric]
    assert "Iterations" in labels
    assert "Kept epoch" not in labels
    assert "Nothing was chosen by the validation images" in said(app)
    assert "Used for choosing" not in said(app)


def test_a_run_that_is_being_solved_has_no_learning_rate(open_page, ws, keep_alive):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, config=CONFIG, num_epochs=2))
    app = open_page("runs", run=run_id)

    assert "Learning rate" not in [metric.label for metric in app.metric]


def test_settings_that_a_solved_head_ignores_are_not_shown():
    shown = settings.settings(CONFIG, "d")
    tuned = TrainConfig(dataset_id="d", optimizer="solve", freeze="none", fine_tune_epochs=2)

    assert not {"Epochs for the head", "Batch size", "Dropout"} & shown.keys()
    assert shown["Optimizer"] == "Solve"
    assert "Batch size" in settings.settings(tuned, "d")
    assert "Epochs for the head" not in settings.settings(tuned, "d")


def test_the_curves_are_drawn_over_iterations(ws):
    run = runs.get(ws, make_run(ws, config=CONFIG))

    assert live_curves.texts(run)["epoch"] == "Iteration"
    assert live_curves.texts()["epoch"] == "Epoch"
