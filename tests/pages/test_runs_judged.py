"""The page of a finished run: a verdict first, then what it mixes up, class by class, how sure."""

from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.judging.evaluation.unknowns import Prototypes
from core.judging.statistics import accuracy
from core.models.catalog import BACKBONES
from core.records import (
    BlockMovement,
    JunkTest,
    ModelCard,
    Movement,
    RefusedShare,
    Split,
    TrainConfig,
)
from core.run_results import movement, predictions, prototypes
from core.run_results.predictions import PartPredictions
from core.run_results.prototypes import UnknownRule
from pages._runs import at_once
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import said

CLASSES = ("green", "red")


@pytest.fixture
def judged(ws) -> str:
    """A run with 40 validation images, of which it names a tenth wrongly; they are in groups."""
    made = make_dataset(ws, num=133)
    run_id = make_run(ws, config=TrainConfig(dataset_id=made.id))
    images = [i for i in datasets.images(ws, made.id) if i.split is Split.VALIDATION]
    labels = np.array([CLASSES.index(i.label) for i in images], np.int32)
    wrong = np.arange(len(images)) % 10 == 0
    logits = np.zeros((len(images), 2), np.float32)
    logits[np.arange(len(images)), np.where(wrong, 1 - labels, labels)] = np.where(wrong, 1, 3)
    found = PartPredictions(
        contents=tuple(i.content for i in images),
        labels=labels,
        groups=tuple(f"site {n % 4}" for n in range(len(images))),
        logits=logits,
        temperature=1.5,
    )
    predictions.write(ws.run(run_id), Split.VALIDATION, found)
    path = ws.run(run_id).card
    right = int(found.right.sum())
    score = accuracy(right, len(images), largest_class=20)
    files.write_record(path, replace(files.read_record(path, ModelCard), validation=score))
    return run_id


def test_the_first_thing_said_is_how_many_are_right(open_page, judged):
    app = open_page("runs", run=judged)

    plain = said(app).replace("\\", "")
    assert "36 of 40 images right: 77% to 96%." in plain
    assert "Most often mixed up" not in plain  # there are but two classes
    assert "Wrong, and most sure of it" in said(app)
    bars = app.dataframe[0].value
    assert bars["class"].tolist() == ["green", "red"]
    assert bars["found"].tolist() == [0.9, 0.9]


def test_the_worst_pictures_open_with_their_reasons_as_mistakes_do(open_page, judged):
    app = open_page("runs", run=judged, picture="0")

    assert "It is **red**, named **green**." in said(app)
    assert "Why?" in {toggle.label for toggle in app.toggle}


def test_every_class_has_its_scores_with_ranges_and_every_group_its_own(open_page, judged):
    app = open_page("runs", run=judged, view="classes")

    classes, groups = (frame.value for frame in app.dataframe)
    assert classes["class"].tolist() == ["green", "red"]
    assert classes["found"][0].startswith("90% (")
    assert len(groups) == 4
    assert groups["right"].is_monotonic_increasing
    assert f"**green** · 20 images  \nRecall {classes['found'][0]}  \n" in said(app)  # on a phone
    assert "where there are groups a range counts these" in said(app)


def test_confidence_stands_beside_how_often_it_is_right(open_page, judged):
    app = open_page("runs", run=judged, view="trust")

    assert len(app.get("plotly_chart")) == 1
    told = {metric.label: metric.value for metric in app.metric}
    assert set(told) == {"Images it answers", "Right, of these"}
    assert told["Right, of these"] == "100%"  # the four wrong ones are the least sure
    assert told["Images it answers"] == "90%"
    assert "in simulations with as many, 92% to 94% of new images were right then" in said(app)
    goals = app.dataframe[0].value
    assert goals["goal"].tolist() == ["90%", "95%", "99%"]
    assert "adjust its confidence a little" in said(app)  # these images do not need it


def test_a_threshold_can_be_tried(open_page, judged):
    app = open_page("runs", run=judged, view="trust")

    app.slider(key="answer-from").set_value(0).run()

    told = {metric.label: metric.value for metric in app.metric}
    assert told == {"Images it answers": "100%", "Right, of these": "90%"}


def test_few_images_draw_no_curve_of_confidence(open_page, ws):
    make_dataset(ws)
    app = open_page("runs", run=make_run(ws), view="trust")

    assert not app.get("plotly_chart")
    assert "too few to tell" in said(app)


def test_a_run_whose_images_are_gone_says_so_and_asks_nobody(open_page, ws, judged):
    predictions.path_of(ws.run(judged), Split.VALIDATION).unlink()
    datasets.delete(ws, runs.get(ws, judged).config.dataset_id)

    app = open_page("runs", run=judged)

    assert "Its data set is not here" in said(app)
    assert not app.exception


def test_names_of_classes_are_shown_as_they_are(open_page, ws, judged):
    path = ws.run(judged).card
    hostile = ("**green** <b>", "=red | $x$")
    files.write_record(path, replace(files.read_record(path, ModelCard), labels=hostile))

    for view in ("overview", "classes", "trust"):
        app = open_page("runs", run=judged, view=view)
        assert not app.exception
        assert "**green**" not in said(app)


def rule(threshold: float | None) -> UnknownRule:
    return UnknownRule(
        prototypes=Prototypes(directions=np.eye(2), classes=np.array([0, 1])),
        threshold=threshold,
        refused=((1, 20), (3, 20)),
    )


def test_what_it_refuses_is_said_class_by_class_and_of_what_it_was_shown(open_page, ws, judged):
    folder = ws.run(judged)
    prototypes.write(folder, rule(0.7))
    shown = RefusedShare(kind="dataset", name="pets", refused=9, images=10, low=0.6, high=0.98)
    files.write_record(folder.junk_test, JunkTest(kinds=(shown,)))

    app = open_page("runs", run=judged, view="trust")

    assert "Of 40 known images that refuses 4." in said(app)
    assert "does not catch a class that was forgotten" in said(app)
    _, refused, junk = (frame.value for frame in app.dataframe)
    assert refused["Given no class"].tolist() == ["5%", "15%"]
    assert junk.iloc[0].tolist() == ["The data set pets", "90%", "60% to 98%", 10]


def test_a_run_with_too_few_images_says_that_it_refuses_nothing(open_page, ws, judged):
    prototypes.write(ws.run(judged), rule(None))

    app = open_page("runs", run=judged, view="trust")

    assert "40 images are too few to tell what is unlike all of them" in said(app)


def moved(name: str, kept: float, last: float) -> BlockMovement:
    return BlockMovement(
        name=name, weights=0.01, weights_last=0.5, features=kept, features_last=last
    )


def test_what_moved_is_drawn_and_a_destroyed_backbone_is_told_from_its_last_state(
    open_page, ws, judged
):
    names = [block.name for block in BACKBONES[runs.get(ws, judged).config.backbone].blocks]
    blocks = (moved(names[-2], 1.0, 0.7), moved(names[-1], 1.0, 0.4))
    movement.write(ws.run(judged), Movement(images=40, blocks=blocks))

    app = open_page("runs", run=judged)

    assert "Fine-tuning destroyed what the backbone knew" in app.warning[0].value
    table = next(f.value for f in app.dataframe if "Block" in f.value.columns)
    assert table["Block"].tolist() == [names[-1], names[-2]]
    assert table["In the last epoch"].tolist() == [0.6, 0.3]


def test_the_picture_of_a_first_run_makes_room_for_another_view(open_page, judged):
    app = open_page("runs", run=judged, view="classes")
    app.session_state[at_once.FIRST] = judged
    app.run()

    assert "A picture it did not learn from" not in said(app)

    app.segmented_control(key="pick-view").set_value("overview").run()
    assert not app.exception
    assert "A picture it did not learn from" in said(app)
