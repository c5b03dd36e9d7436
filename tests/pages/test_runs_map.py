"""The map of a finished run: the offer, how far it is, the chart, its table, and what is chosen."""

import json
import time
from dataclasses import replace

import pytest

from core import datasets, files, runs
from core.datasets import versions
from core.errors import Problem
from core.insights.mapping import jobs
from core.insights.mapping.jobs import MapStage, MapState
from core.judging.statistics import accuracy
from core.records import Split, TestScore, TrainConfig
from core.run_results import pooled
from core.words import say
from core.workspace import Workspace
from pages._runs.judged.embedding import chart, drawing
from tests import builders
from tests.pages.conftest import dotted_captions
from tests.pages.test_runs import said
from tests.pages.test_runs_mistakes import answer, plain, tiles


@pytest.fixture
def run_id(ws: Workspace) -> str:
    """A run of 40 images, 6 of them to validate on, of which it names two wrongly."""
    builders.make_dataset(ws, num=20, side=8)
    made = builders.make_run(ws)
    answer(ws, made, ("green", "red"), {0: 0, 4: 1})
    builders.write_features(ws, made)
    builders.write_map(ws, made)
    return made


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Name the runs whose map was asked for; no process starts."""
    asked = list[str]()
    detach = lambda *words, **_: asked.append(words[2])  # noqa: E731
    monkeypatch.setattr(jobs.engine_process, "detach", detach)
    return asked


def figure(app) -> dict:
    """Give the chart of the map."""
    [chart_of_map] = [e for e in app.get("plotly_chart") if "hovertext" in e.proto.spec]
    return json.loads(chart_of_map.proto.spec)


def names(app) -> list[str]:
    return [trace["name"] for trace in figure(app)["data"]]


def surround(monkeypatch: pytest.MonkeyPatch, rows: set[int]) -> None:
    """Choose points on the map, as a hand does in the browser, where AppTest has none."""
    monkeypatch.setattr(chart, "draw", lambda run, shown, there: rows & set(there))


def test_the_map_has_a_trace_for_each_class_and_rings_mistakes(open_page, run_id):
    app = open_page("runs", run=run_id, view="map")

    assert names(app) == ["green", "red", "named wrongly"]
    green, red, rings = figure(app)["data"]
    assert (green["marker"]["symbol"], green["marker"]["color"]) != (
        red["marker"]["symbol"],
        red["marker"]["color"],
    )
    assert len(green["hovertext"]) == len(red["hovertext"]) == 17
    assert "red/14.png<br>red → green" in red["hovertext"]
    assert "green/15.png<br>green → red" in green["hovertext"]
    assert "green/14.png<br>green ✓" in green["hovertext"]
    assert "green/0.png<br>green" in green["hovertext"]  # learned from: nothing to be right about
    assert sorted(row for [row] in rings["customdata"]) == [0, 4]


def test_it_says_how_to_read_it_and_how_far_to_believe_it(open_page, run_id):
    app = open_page("runs", run=run_id, view="map")

    [told] = [text for text in dotted_captions(app) if "side by side" in text]
    assert "How far groups lie apart, and how wide they are, means nothing." in told
    assert "Of the 5 nearest to each image, 75% are of its class on the map, and 88%" in told


def test_classes_and_parts_are_filtered_and_the_frame_stays(open_page, run_id):
    app = open_page("runs", run=run_id, view="map")
    frame = figure(app)["layout"]["xaxis"]["range"]

    app.multiselect(key="map-classes").set_value(["red"]).run()
    assert names(app) == ["red", "named wrongly"]
    app.button_group(key="map-parts").set_value([Split.TRAIN]).run()
    assert names(app) == ["red"]
    assert figure(app)["layout"]["xaxis"]["range"] == frame
    app.button_group(key="map-parts").set_value([]).run()
    assert len(app.dataframe[0].value) == 17  # none chosen: all


def test_the_table_has_every_image_those_amid_other_classes_first(open_page, run_id):
    app = open_page("runs", run=run_id, view="map")

    table = app.dataframe[0].value
    assert list(table.columns) == ["true", "named", "near", "part", "file"]
    assert len(table) == 34
    assert table["near"].is_monotonic_increasing
    first = table.iloc[0]
    assert (first["near"], first["named"], first["part"]) == (3, "green", "validation")
    assert set(table["named"]) == {"", "✓ right", "green", "red"}


def test_what_is_surrounded_is_shown_and_left_out_and_learned_ones_too(
    open_page, ws, run_id, monkeypatch
):
    surround(monkeypatch, {0, 30})
    monkeypatch.setattr("pages._runs.judged.embedding.chosen.gallery", lambda *_, **__: ())
    app = open_page("runs", run=run_id, view="map")
    assert "2 images chosen" in said(app)

    app.button(key="leave-map").click().run()

    newest = datasets.latest(ws, runs.get(ws, run_id).config.dataset_id)
    assert (newest.version, newest.num_images) == (1, 38)
    assert "1 change since this run" in said(app)


def test_of_what_is_surrounded_only_the_ticked_ones_are_changed(open_page, ws, run_id, monkeypatch):
    surround(monkeypatch, {0, 30})
    monkeypatch.setattr("pages._runs.judged.embedding.chosen.gallery", lambda *_, **__: ("30",))
    app = open_page("runs", run=run_id, view="map")

    app.selectbox(key="target-map").set_value("red").run()
    app.button(key="move-map").click().run()

    made = versions.latest_edit(ws, runs.get(ws, run_id).config.dataset_id)
    assert made is not None
    assert "1 image" in str(made[1].what)


def test_pictures_that_were_surrounded_say_what_the_model_makes_of_them(
    open_page, run_id, monkeypatch
):
    surround(monkeypatch, {0, 1, 10})

    shown = tiles(open_page("runs", run=run_id, view="map"))

    assert [tile["caption"] for tile in shown] == ["red → green", "red", "red"]
    assert [bool(tile["mark"]) for tile in shown] == [True, True, False]
    assert "learned from" in shown[2]["title"]


@pytest.mark.parametrize(
    ("row", "told"), [(0, "It is red, named green."), (10, "It is red, and the model learned")]
)
def test_a_point_that_is_pressed_opens_its_picture(open_page, run_id, row, told):
    app = open_page("runs", run=run_id, view="map", picture=str(row))

    assert told in plain(app).replace("**", "")
    assert f"{row + 1} of 34" in plain(app)
    assert "leave-enlarged" in {button.key for button in app.button}


@pytest.mark.parametrize("picture", ["34", "99999", "x", "-1"])
def test_a_picture_that_is_not_on_the_map_opens_nothing(open_page, run_id, picture):
    app = open_page("runs", run=run_id, view="map", picture=picture)

    assert "It is" not in plain(app)


def test_the_nearest_of_a_picture_that_was_learned_from_are_others(open_page, ws, run_id):
    app = open_page("runs", run=run_id, view="map", picture="30")

    galleries = [e for e in app.get("bidi_component") if "thaw_gallery" in e.proto.component_name]
    [items] = [json.loads(element.proto.json)["items"] for element in galleries]
    assert len(items) == 5
    found = pooled.read(ws.run(run_id))
    assert found is not None
    assert not {item["id"] for item in items} & {f"red/{found.contents[30]}"}
    assert all(found.contents[30] not in item["src"] for item in items)


def test_test_images_are_on_it_once_opened_but_not_changed(open_page, ws, run_id, monkeypatch):
    folder, config = ws.run(run_id), runs.get(ws, run_id).config
    answer(ws, run_id, ("green", "red"), {}, Split.TEST)
    images = [i for i in datasets.images(ws, config.dataset_id) if i.split is Split.TEST]
    pooled.write(folder, builders.features_of(images, ("green", "red")), test=True)
    score = accuracy(len(images), len(images), largest_class=3)
    files.write_record(folder.test, TestScore(test=score, openings=1))
    app = open_page("runs", run=run_id, view="map")
    assert "has changed since there was one" in said(app)
    builders.write_map(ws, run_id)
    surround(monkeypatch, {5, 6})

    app = open_page("runs", run=run_id, view="map")

    assert app.button_group(key="map-parts").value == [Split.VALIDATION, Split.TEST, Split.TRAIN]
    assert "1 test image among them is not changed from here." in said(app)
    assert "1 image chosen" in said(app)
    assert "leave-enlarged" not in {
        b.key for b in open_page("runs", run=run_id, view="map", picture="6").button
    }


def test_a_map_is_offered_with_its_usual_time_and_made_at_a_press(open_page, ws, run_id, started):
    ws.run(run_id).map.unlink()
    app = open_page("runs", run=run_id, view="map")
    assert "With 34 images that usually takes about 5 s" in said(app)

    app.button(key="map").click().run()

    assert started == [run_id]
    assert "The features are read…" in app.get("progress")[0].proto.text
    assert not app.get("plotly_chart")


def test_a_map_under_way_shows_its_time_and_can_be_cancelled(open_page, ws, run_id, started):
    ws.run(run_id).map.unlink()
    began = MapState(stage=MapStage.PLACING, began_at=time.time() - 7, num_images=1500)
    jobs.start(ws, run_id)
    files.write_record(ws.run(run_id).map_state, replace(began, num_images=0))
    app = open_page("runs", run=run_id, view="map")
    assert "7 seconds so far" in app.get("progress")[0].proto.text

    app.button(key="cancel-map").click().run()

    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.stage is MapStage.CANCELLED
    assert open_page("runs", run=run_id, view="map").button(key="map")


def test_why_there_is_no_map_is_told_and_it_can_be_tried_again(open_page, ws, run_id):
    ws.run(run_id).map.unlink()
    problem = Problem(what=say("No."), expected=say("Yes."), mend=say("Ask again."))
    failed = MapState(stage=MapStage.FAILED, began_at=0.0, error=problem)
    files.write_record(ws.run(run_id).map_state, failed)

    app = open_page("runs", run=run_id, view="map")

    assert "Ask again" in said(app)
    assert app.button(key="map")


def test_a_run_of_an_earlier_version_says_that_it_takes_a_look_first(open_page, ws, run_id):
    ws.run(run_id).map.unlink()
    ws.run(run_id).features.unlink()

    assert "looks at the images first" in said(open_page("runs", run=run_id, view="map"))


def test_a_run_that_learned_from_its_validation_images_has_a_map_below_its_score(open_page, ws):
    dataset = builders.make_dataset(ws, num=20, side=8)
    config = TrainConfig(dataset_id=dataset.id, train_on="train+validation")
    run_id = builders.make_run(ws, config=config)
    builders.write_features(ws, run_id)
    builders.write_map(ws, run_id)

    app = open_page("runs", run=run_id)

    assert names(app) == ["green", "red"]
    assert any("training images alone" in text for text in dotted_captions(app))
    assert "Map" in {element.value for element in app.subheader}


def test_without_its_data_set_the_map_is_there_and_its_pictures_are_not(open_page, ws, run_id):
    datasets.delete(ws, runs.get(ws, run_id).config.dataset_id)

    app = open_page("runs", run=run_id, view="map", picture="0")

    assert names(app) == ["green", "red", "named wrongly"]
    assert "its pictures cannot be shown" in said(app)
    assert "It is" not in plain(app)


def test_hostile_names_are_shown_as_they_are(open_page, ws):
    hostile = ("<b>bold</b>", "<a href='javascript:x'>y</a>")
    dataset = builders.make_dataset(ws, num=20, classes=hostile, side=8)
    run_id = builders.make_run(ws, config=TrainConfig(dataset_id=dataset.id))
    answer(ws, run_id, hostile, {0: 1})
    builders.write_features(ws, run_id)
    builders.write_map(ws, run_id)

    app = open_page("runs", run=run_id, view="map")

    assert names(app)[0] == "&lt;b&gt;bold&lt;/b&gt;"
    spec = json.dumps(figure(app)["data"])
    assert "<b>" not in spec
    assert "<a " not in spec


def test_seventy_classes_have_marks_of_their_own(open_page, ws):
    marks = {tuple(drawing.mark(number).values()) for number in range(70)}

    assert len(marks) == 70


def test_the_legend_of_many_classes_leaves_the_map_its_room(open_page, run_id):
    layout = figure(open_page("runs", run=run_id, view="map"))["layout"]

    assert layout["legend"]["maxheight"] < layout["height"] / 3


def test_many_points_are_painted_and_few_are_drawn(open_page, run_id, monkeypatch):
    kinds = {trace["type"] for trace in figure(open_page("runs", run=run_id, view="map"))["data"]}
    monkeypatch.setattr(drawing, "MOST_DRAWN", 33)
    more = {trace["type"] for trace in figure(open_page("runs", run=run_id, view="map"))["data"]}

    assert (kinds, more) == ({"scatter"}, {"scattergl"})
