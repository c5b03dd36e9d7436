"""Where a model fails: matrix, table and pictures; what is changed there, and what comes of it."""

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.datasets import curation, versions
from core.judging.statistics import accuracy
from core.records import ModelCard, Split, State, TestScore, TrainConfig
from core.run_results import pooled, predictions
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from pages._runs.judged.mistakes import cell, pictures
from tests.builders import make_dataset, make_run
from tests.pages.test_runs import said

HOSTILE = ("<b>bold</b>", "**x**", "=cmd|'/C calc'!A0", "🐈", "a" * 120, "a.b['c']")


def answer(
    ws: Workspace,
    run_id: str,
    labels: tuple[str, ...],
    wrong: Mapping[int, int] | None = None,
    split: Split = Split.VALIDATION,
) -> PartPredictions:
    """Leave answers of a run; ``wrong``: of an image, the class it is named in place of its own."""
    config = runs.get(ws, run_id).config
    known = datasets.images(ws, config.dataset_id, config.dataset_version)
    images = [i for i in known if i.split is split and i.label in labels]
    true = np.array([labels.index(i.label) for i in images], np.int32)
    named = np.array([(wrong or {}).get(row, int(label)) for row, label in enumerate(true)])
    logits = np.zeros((len(images), len(labels)), np.float32)
    logits[np.arange(len(images)), named] = 2 + np.arange(len(images)) / len(images)
    found = PartPredictions(
        contents=tuple(i.content for i in images), labels=true, groups=(), logits=logits
    )
    predictions.write(ws.run(run_id), split, found)
    path = ws.run(run_id).card
    score = accuracy(int(found.right.sum()), len(images), largest_class=len(images))
    card = replace(files.read_record(path, ModelCard), labels=labels)
    validation = score if split is Split.VALIDATION else card.validation
    files.write_record(path, replace(card, validation=validation))
    return found


def a_run(
    ws: Workspace, classes: tuple[str, ...], wrong: Mapping[int, int], *, num: int = 20
) -> str:
    """Make a run with its answers: of 20 images of a class, three are validation images."""
    dataset = make_dataset(ws, num=num, classes=classes, side=8)
    run_id = make_run(ws, config=TrainConfig(dataset_id=dataset.id))
    answer(ws, run_id, classes, wrong)
    return run_id


@pytest.fixture
def run_id(ws: Workspace) -> str:
    """A run that takes images 0 and 2, red ones, for green and blue, and 3 and 4 for red."""
    return a_run(ws, ("red", "green", "blue"), {0: 1, 2: 2, 3: 0, 4: 0})


def plain(app) -> str:
    return said(app).replace("\\", "")


def tiles(app) -> list[dict]:
    """Give the pictures on the page."""
    [element] = [e for e in app.get("bidi_component") if e.proto.component_name == "thaw_gallery"]
    return list(json.loads(element.proto.json)["items"])


def charts(app) -> list:
    return app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")


def test_matrix_table_and_all_mistakes_are_on_the_page(open_page, run_id):
    app = open_page("runs", run=run_id, view="mistakes")

    assert len(charts(app)) == 1
    table = app.dataframe[0].value
    assert table.values.tolist() == [
        ["green", "red", 2, "67%"],
        ["red", "green", 1, "33%"],
        ["red", "blue", 1, "33%"],
        ["blue", "✓ right", 3, "100%"],
        ["red", "✓ right", 1, "33%"],
        ["green", "✓ right", 1, "33%"],
    ]
    assert "All mistakes" in plain(app)
    captions = [tile["caption"] for tile in tiles(app)]
    assert captions == ["green → red", "red → blue", "red → green", "green → red"]  # in turns
    assert [tile["id"] for tile in tiles(app)] == ["4", "2", "0", "3"]


def test_the_address_names_a_cell_and_its_pictures_come_surest_first(open_page, run_id):
    app = open_page("runs", run=run_id, view="mistakes", cell="1-0")

    assert [tile["id"] for tile in tiles(app)] == ["4", "3"]
    assert "green, taken for red" in plain(app)
    app.button(key="all-mistakes").click().run()
    assert len(tiles(app)) == 4
    assert "cell" not in app.query_params


def test_of_what_is_named_rightly_the_least_sure_comes_first(open_page, run_id):
    app = open_page("runs", run=run_id, view="mistakes", cell="2-2")

    assert [tile["id"] for tile in tiles(app)] == ["6", "7", "8"]
    assert "blue, named rightly" in plain(app)


@pytest.mark.parametrize(
    "text", ["", "0", "3-0", "0-3", "a-b", "1-1-1", "-1-0", "1--0", "<b>", "²-1", f"{'9' * 99}-0"]
)
def test_an_address_that_names_no_cell_is_none(text):
    assert cell.parsed(text, 3) is None


def test_an_address_that_names_no_cell_shows_all_mistakes(open_page, run_id):
    assert cell.parsed("2-0", 3) == (2, 0)

    assert "All mistakes" in plain(open_page("runs", run=run_id, view="mistakes", cell="7-7"))


def test_a_cell_without_pictures_says_so(open_page, run_id):
    assert "No picture here" in plain(open_page("runs", run=run_id, view="mistakes", cell="2-1"))


def test_the_matrix_is_shown_in_percent_of_the_true_class_too(open_page, run_id):
    app = open_page("runs", run=run_id, view="mistakes", matrix="shares")

    assert not app.exception
    assert app.segmented_control(key="pick-matrix").value == "shares"


def test_a_picture_is_enlarged_with_its_scores_and_can_be_stepped_on_from(open_page, run_id):
    app = open_page("runs", run=run_id, view="mistakes", cell="1-0", picture="4")

    assert "It is green, named red." in plain(app).replace("**", "")
    assert "1 of 2" in plain(app)
    assert {button.key for button in app.button} >= {"leave-enlarged", "keep-enlarged"}


def test_an_enlarged_picture_has_the_nearest_training_pictures_and_its_heat(open_page, ws, run_id):
    images = datasets.images(ws, runs.get(ws, run_id).config.dataset_id)
    rng = np.random.default_rng(0)
    features = rng.normal(size=(len(images), 8)).astype(np.float16)
    [asked] = [row for row, image in enumerate(images) if image.file == "green/15.png"]
    features[:6] = features[asked] * 2  # six of red: five are shown
    found = PooledFeatures(
        contents=tuple(image.content for image in images),
        labels=np.zeros(len(images), np.int32),
        groups=("",) * len(images),
        learned=np.array([image.split is Split.TRAIN for image in images]),
        features=features,
    )
    pooled.write(ws.run(run_id), found)

    app = open_page("runs", run=run_id, view="mistakes", cell="1-0", picture="4")

    galleries = [e for e in app.get("bidi_component") if "thaw_gallery" in e.proto.component_name]
    shown = [json.loads(element.proto.json) for element in galleries]
    [nearest] = [data["items"] for data in shown if "most like it" in data["label"]]
    assert [tile["caption"] for tile in nearest] == ["red"] * 5
    assert "Why?" in {toggle.label for toggle in app.toggle}


@pytest.mark.parametrize("picture", ["8", "99999", "x", "-1"])
def test_a_picture_of_another_cell_is_not_enlarged(open_page, run_id, picture):
    app = open_page("runs", run=run_id, view="mistakes", cell="1-0", picture=picture)

    assert "It is" not in plain(app)


@pytest.mark.parametrize("asked", ["", "0-1", "5-5"])
def test_hostile_names_of_classes_are_shown_as_they_are(open_page, ws, asked):
    run_id = a_run(ws, HOSTILE, {0: 1, 3: 2, 6: 3, 9: 4, 12: 5, 15: 0})

    app = open_page("runs", run=run_id, view="mistakes", cell=asked)

    assert set(app.dataframe[0].value["true"]) == set(HOSTILE)
    assert not [text for text in said(app).splitlines() if "<b>bold" in text or "**x**" in text]


def test_of_forty_classes_there_is_a_list_and_no_chart(open_page, ws):
    classes = tuple(f"class {number}" for number in range(40))
    run_id = a_run(ws, classes, {0: 1, 3: 2, 4: 2, 117: 0}, num=7)  # 40 images, one of each

    app = open_page("runs", run=run_id, view="mistakes", cell="0-1")

    assert not charts(app)
    table = app.dataframe[0].value
    assert table["true"].tolist()[:2] == ["class 0", "class 3"]
    assert [tile["caption"] for tile in tiles(app)] == ["class 0 → class 1"]


def test_a_class_that_is_never_named_and_no_mistake_at_all_are_fine(open_page, ws):
    never = a_run(ws, ("red", "green"), {0: 1, 1: 1, 2: 1})
    none = a_run(ws, ("red", "green"), {})

    assert len(tiles(open_page("runs", run=never, view="mistakes"))) == 3
    assert "No mistake among these images" in plain(open_page("runs", run=none, view="mistakes"))


def select(monkeypatch: pytest.MonkeyPatch, rows: list[str]) -> None:
    """Choose pictures, as a hand does in the browser, where AppTest has none."""
    monkeypatch.setattr(pictures, "gallery", lambda *_, **__: tuple(rows))


@pytest.mark.usefixtures("train_nowhere")
def test_what_is_left_out_makes_a_version_and_the_run_is_trained_again_on_it(
    open_page, ws, run_id, monkeypatch
):
    select(monkeypatch, ["4", "0"])
    app = open_page("runs", run=run_id, view="mistakes")
    assert "train-again" not in {button.key for button in app.button}

    app.button(key="leave-mistakes").click().run()

    config = runs.get(ws, run_id).config
    newest = datasets.latest(ws, config.dataset_id)
    assert (newest.version, newest.num_images) == (1, 58)
    assert "1 change since this run" in plain(app)
    app.button(key="train-again").click().run()
    [made] = [run for run in runs.all_runs(ws) if run.id != run_id]
    assert made.config == replace(config, dataset_version=1, cloned_from=run_id)
    assert made.state.state is State.QUEUED


def test_labels_are_kept_and_moved_and_the_pictures_say_so(open_page, ws, run_id, monkeypatch):
    select(monkeypatch, ["3"])
    app = open_page("runs", run=run_id, view="mistakes")

    app.button(key="keep-mistakes").click().run()
    app.selectbox(key="target-mistakes").set_value("red").run()
    select(monkeypatch, ["4"])
    app.button(key="move-mistakes").click().run()
    monkeypatch.undo()

    config = runs.get(ws, run_id).config
    changed = [i for i in datasets.images(ws, config.dataset_id, 2) if i.confirmed]
    assert [image.label for image in changed] == ["green"]
    monkeypatch.setenv("THAW_HOME", str(ws.root))
    later = open_page("runs", run=run_id, view="mistakes", cell="1-0")
    assert [tile["note"] for tile in tiles(later)] == ["now: red", "label kept"]
    assert "2 changes since this run" in plain(later)


def test_what_was_left_out_before_is_not_changed_again(open_page, ws, run_id, monkeypatch):
    config = runs.get(ws, run_id).config
    images = [i for i in datasets.images(ws, config.dataset_id) if i.split is Split.VALIDATION]
    curation.exclude(ws, config.dataset_id, [versions.key(images[0])])
    select(monkeypatch, ["0"])

    app = open_page("runs", run=run_id, view="mistakes")

    assert app.button(key="leave-mistakes").disabled
    assert "0 images chosen" in plain(app)


def after_changes(ws: Workspace, first: str) -> str:
    """Make the run that follows: a label of image 3 is changed, image 0 is left out."""
    config = runs.get(ws, first).config
    images = [i for i in datasets.images(ws, config.dataset_id) if i.split is Split.VALIDATION]
    curation.relabel(ws, config.dataset_id, [versions.key(images[3])], "red")
    curation.exclude(ws, config.dataset_id, [versions.key(images[0])])
    second = make_run(ws, config=replace(config, dataset_version=2, cloned_from=first))
    answer(ws, second, ("red", "green", "blue"))
    return second


def test_after_training_again_both_are_judged_on_what_both_versions_have(open_page, ws, run_id):
    second = after_changes(ws, run_id)

    app = open_page("runs", run=second)

    text = plain(app)
    # of images 1 to 8, the first is wrong about 2 and 4: what it took for red is red now
    assert "On the 8 validation images that both versions have, with the newest labels" in text
    assert "before 75% right" in text
    assert "now 100% right" in text
    assert "cannot show which is better: 2 were put right, 0 wrong" in text
    assert "1 of these validation labels was changed" in text
    assert "1 validation image is no longer there" in text
    assert "These scores are optimistic" in text


def test_a_run_whose_first_one_is_gone_is_compared_with_none(open_page, ws, run_id):
    second = after_changes(ws, run_id)
    runs.delete(ws, run_id)

    assert "both versions have" not in plain(open_page("runs", run=second))


def opened(ws: Workspace, run_id: str, wrong: Mapping[int, int]) -> None:
    """Leave what opening the test part leaves."""
    answer(ws, run_id, ("red", "green", "blue"), wrong, Split.TEST)
    score = TestScore(test=accuracy(8, 9, largest_class=3), openings=1)
    files.write_record(ws.run(run_id).test, score)


def test_mistakes_on_the_test_images_are_looked_at_once_opened_and_not_changed(
    open_page, ws, run_id
):
    answer(ws, run_id, ("red", "green", "blue"), {1: 2}, Split.TEST)
    closed = open_page("runs", run=run_id, view="mistakes", **{"mistakes-of": "test"})
    assert len(tiles(closed)) == 4  # of validation
    opened(ws, run_id, {1: 2})

    app = open_page("runs", run=run_id, view="mistakes", **{"mistakes-of": "test"}, picture="1")

    assert [tile["caption"] for tile in tiles(app)] == ["red → blue"]
    assert "Test images can be looked at here, not changed" in plain(app)
    keys = {button.key for button in app.button}
    assert not keys & {"leave-mistakes", "keep-mistakes", "leave-enlarged", "keep-enlarged"}


def test_a_run_that_learned_from_validation_shows_no_mistakes_but_those_of_its_test(
    open_page, ws, run_id
):
    config = runs.get(ws, run_id).config
    refit = make_run(ws, config=replace(config, train_on="train+validation", refit_of=run_id))

    before = open_page("runs", run=refit, view="mistakes")
    opened(ws, refit, {1: 2})
    after = open_page("runs", run=refit, view="mistakes")

    assert "mistakes" not in plain(before).lower()
    assert "Mistakes on the test images" in plain(after)
    assert [tile["caption"] for tile in tiles(after)] == ["red → blue"]


def test_a_run_whose_data_set_is_gone_keeps_its_matrix(open_page, ws, run_id):
    datasets.delete(ws, runs.get(ws, run_id).config.dataset_id)

    app = open_page("runs", run=run_id, view="mistakes")

    assert len(app.dataframe[0].value) == 6
    assert "so its pictures cannot be shown" in plain(app)


def test_images_of_the_same_pixels_are_shown_each(open_page, ws, run_id: str):
    dataset_id = runs.get(ws, run_id).config.dataset_id
    listing = ws.dataset(dataset_id).listing()
    images = list(datasets.images(ws, dataset_id))
    twin = replace(images[14], file="red/twin.png")
    files.write_records(listing, [*images, twin])
    answer(ws, run_id, ("red", "green", "blue"), {0: 1, 9: 1})

    app = open_page("runs", run=run_id, view="mistakes", cell="0-1")

    assert sorted(tile["alt"].partition(":")[0] for tile in tiles(app)) == [
        "red/14.png",
        "red/twin.png",
    ]
