"""Comparing runs on the page: by how they name the same images, in pictures, in a table."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.records import ModelCard, Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.runs.inference import Engine
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import CONFIG, said
from tests.pages.test_runs_list import select


@pytest.fixture
def images(ws):
    """Twelve validation images of two classes."""
    dataset = make_dataset(ws, num=40, side=4)
    return [i for i in datasets.images(ws, dataset.id) if i.split is Split.VALIDATION]


def answered(ws, images, wrong=(), **config) -> str:
    """Make a run that names these of the images wrongly."""
    run_id = make_run(ws, config=replace(CONFIG, **config))
    labels = np.array([i.label == "red" for i in images], np.int32)
    named = labels.copy()
    named[list(wrong)] = 1 - named[list(wrong)]
    found = PartPredictions(
        contents=tuple(i.content for i in images),
        labels=labels,
        groups=("",) * len(images),
        logits=np.eye(2, dtype=np.float32)[named],
    )
    predictions.write(ws.run(run_id), Split.VALIDATION, found)
    return run_id


def test_two_runs_are_compared_by_the_images_of_which_only_one_is_right(open_page, ws, images):
    first, second = answered(ws, images, range(8)), answered(ws, images, [11])
    app = open_page("runs", run=first)

    app.selectbox(key="pick-with").select(second).run()

    assert "B alone is right in 8 and A alone in 1" in said(app)
    assert "B is better by more than chance explains (exact McNemar test, p = 0.039)" in said(app)
    assert [box.label for box in app.expander if "alone is right" in box.label] == [
        "8 images of which B alone is right",
        "1 image of which A alone is right",
    ]
    assert not app.exception


def test_a_difference_of_a_few_images_is_not_claimed(open_page, ws, images):
    first, second = answered(ws, images, [0, 1]), answered(ws, images)

    app = open_page("runs", run=first, **{"with": second})

    assert "These images cannot show which is better (exact McNemar test, p = 0.5)" in said(app)


def test_a_model_that_these_images_picked_makes_p_optimistic(open_page, ws, images):
    first, second = answered(ws, images, range(8)), answered(ws, images)
    path = ws.run(second).card
    files.write_record(path, replace(files.read_record(path, ModelCard), picked=("phase",)))

    app = open_page("runs", run=first, **{"with": second})

    assert "This p is optimistic" in said(app)


def test_runs_of_old_offer_to_ask_their_models(open_page, ws, images, monkeypatch):
    first, second = answered(ws, images), make_run(ws, config=CONFIG)
    ws.run(second).predictions.unlink(missing_ok=True)
    asked = []
    monkeypatch.setattr(Engine, "answers", lambda self, run_id: asked.append(run_id))
    app = open_page("runs", run=first, **{"with": second})

    assert "overlapping ranges prove nothing" in said(app)
    app.button(key=f"ask-{second}").click().run()

    assert asked == [first, second]
    assert not app.exception


def test_runs_of_two_versions_are_judged_on_the_images_that_both_have(open_page, ws, images):
    first = answered(ws, images, range(8))
    second = answered(ws, images[1:], dataset_version=1)
    path = ws.run(second).card
    files.write_record(
        path, replace(files.read_record(path, ModelCard), dataset_fingerprint="1" * 32)
    )

    app = open_page("runs", run=first, **{"with": second})

    assert "On the 11 validation images that both versions have" in said(app)
    assert "It is better by more than chance: 7 were put right, 0 wrong" in said(app)


def test_a_solved_run_and_one_in_steps_differ_in_settings_that_only_one_has(open_page, ws, images):
    first, second = answered(ws, images, optimizer="solve"), answered(ws, images)

    for pair in ((first, second), (second, first)):
        app = open_page("runs", run=pair[0], **{"with": pair[1]})

        assert not app.exception
        assert "Epochs for the head" in app.table[0].value.to_string()


def test_several_runs_stand_in_one_chart_and_a_table_against_the_first(open_page, ws, images):
    made = [answered(ws, images, wrong) for wrong in (range(8), [0], range(12), [])]
    other = make_run(ws, config=replace(CONFIG, train_on="train+validation"))

    app = select(open_page("runs"), *range(5))

    newest_first = [run_id for run_id in runs.ids(ws)[::-1] if run_id != other]
    assert newest_first == made[::-1]
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert [trace["name"] for trace in charts[0]["data"]] == ["A", "B", "C", "D"]
    table = app.dataframe[1].value
    assert list(table["letter"]) == ["A", "B", "C", "D"]
    assert table["fixed"].tolist()[1:] == [0, 0, 0]  # A names all of them rightly
    assert table["broke"].tolist()[1:] == [12, 1, 8]
    assert table["p"].tolist()[1:] == pytest.approx([3 * 2 / 2**12, 1.0, 2 * 2 / 2**8])
    assert "left out: " in said(app)
    assert "The best of several runs looks better" in said(app)
    assert not app.exception


def test_several_runs_are_compared_under_a_link_of_their_own(open_page, ws, images):
    made = [answered(ws, images, wrong) for wrong in (range(8), [0], range(12))]
    app = select(open_page("runs"), *range(3))

    app.button(key=f"all-{'-'.join(made[::-1])}").click().run()

    assert app.query_params["compare"] == ".".join(made[::-1])
    assert app.title[0].value == "Compare"
    assert list(app.dataframe[0].value["letter"]) == ["A", "B", "C"]
    runs.delete(ws, made[0])
    again = open_page("runs", compare=".".join(made))
    assert "1 run of this link is not there any more." in said(again)
    assert "B alone is right in 0 and A alone in 11" in said(again)
    again.button(key="all-runs").click().run()
    assert "compare" not in again.query_params
