"""A run that learned from the validation images too: by a button, judged by the test images."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core import cli, runs
from core.insights.comparing import comparability
from core.records import Split, State, TrainConfig
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.runs import refitting
from core.workspace import Workspace
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import said
from tests.pages.test_runs_list import select


@pytest.fixture
def both(ws: Workspace) -> tuple[str, str]:
    """A run, and one that repeats it."""
    make_dataset(ws)
    first = make_run(ws)
    run = runs.get(ws, first)
    assert run.card is not None
    return first, make_run(ws, config=refitting.recipe(run, run.card))


@pytest.mark.usefixtures("train_nowhere")
def test_a_button_repeats_a_run_on_its_validation_images_too(open_page, ws):
    make_dataset(ws)
    first = make_run(ws)
    app = open_page("runs", run=first)

    app.button(key="refit").click().run()

    [made] = [run for run in runs.all_runs(ws) if run.id != first]
    assert (made.config.train_on, made.config.refit_of) == ("train+validation", first)
    assert made.state.state is State.QUEUED


def test_it_has_no_score_but_the_one_from_before(open_page, both):
    _, second = both
    app = open_page("runs", run=second)

    values = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert "Validation accuracy" not in values
    assert values["Accuracy before"] == ("88%", "53% to 98%")
    assert "Before, without them: 88% right (53% to 98%)" in said(app)
    assert "learned from the validation images too" in said(app)
    assert not [b for b in app.button if b.key == "refit"]
    assert [b for b in app.button if b.key == "open-test"]


def test_the_score_from_before_went_with_its_run(open_page, ws, both):
    first, second = both
    runs.delete(ws, first)

    app = open_page("runs", run=second)

    assert "The run with the score from before was deleted." in said(app)


def test_it_is_compared_with_nothing(open_page, ws, both):
    first, second = both
    third = make_run(ws)

    [choice] = [box for box in open_page("runs", run=first).selectbox if box.key == "pick-with"]
    assert len(choice.options) == 2  # no other run, and the third
    assert not [b for b in open_page("runs", run=second).selectbox if b.key == "pick-with"]
    two = [runs.get(ws, run_id) for run_id in (third, second)]
    assert "no score on them to compare" in str(comparability.why_not(*two))


def test_it_is_compared_on_the_test_part_once_that_was_opened_for_both(open_page, ws, both):
    for run_id, correct in zip(both, (2, 9), strict=True):
        named = np.where(np.arange(10) < correct, 0, 1)
        found = PartPredictions(
            contents=tuple("abcdefghij"),
            labels=np.zeros(10, np.int32),
            groups=("",) * 10,
            logits=np.eye(2, dtype=np.float32)[named],
        )
        predictions.write(ws.run(run_id), Split.TEST, found)

    app = open_page("runs", run=both[1], **{"with": both[0]})

    assert "compared on the test images" in said(app)
    assert "B alone is right in 0 and A alone in 7" in said(app)
    assert "A is better by more than chance explains (exact McNemar test, p = 0.016)" in said(app)
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert charts[0]["data"][0]["name"] == "A: training"
    several = select(open_page("runs"), 0, 1)
    assert "A alone in 7" in said(several) or "B alone is right in 7" in said(several)
    assert cli.main(["compare", *both, "--json", "--workspace", str(ws.root)]) == 0


def test_while_it_learns_no_validation_score_is_shown(open_page, ws, both, keep_alive):
    config = replace(runs.get(ws, both[1]).config, epochs=4)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, config=config, num_epochs=2))
    app = open_page("runs", run=run_id)

    assert "Validation accuracy" not in [metric.label for metric in app.metric]


def test_a_clone_of_it_is_judged_again(ws, both, open_page):
    config = runs.get(ws, both[1]).config
    assert isinstance(config, TrainConfig)
    assert not open_page("train", clone=both[1]).error


def test_other_pages_say_that_there_is_no_score(open_page, both):
    assert not open_page("home").exception
    assert "no validation score" in said(open_page("predict", run=both[1]))
