"""The Predict page: images in, classes with bars out, errors as sentences."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from core import datasets, files
from core.errors import UserError
from core.exports import script
from core.ingest import marked, requests
from core.models import original
from core.records import ModelCard, Prediction, Score, TrainConfig
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.web import access
from pages._predict import answers, live
from pages._shared import charts, engine
from pages._shared.answered import original as beside
from pages.components import camera
from tests.builders import make_dataset, make_run, write_image
from tests.fake_engine import PROBLEM
from tests.pages.conftest import dotted_captions

FAKE = (sys.executable, str(Path(__file__).parents[1] / "fake_engine.py"))


@pytest.fixture(autouse=True)
def _fake_engine(monkeypatch: pytest.MonkeyPatch):
    """Ask a small process that answers like the engine."""
    monkeypatch.setattr(engine, "Engine", lambda ws: Engine(ws, EngineProcess("serve", ws, FAKE)))
    yield
    engine.engine.clear()


@pytest.fixture
def photo(tmp_path: Path) -> bytes:
    return write_image(tmp_path / "photo.png").read_bytes()


def tiles(app) -> list[dict]:
    """Give the tiles of the gallery."""
    [drawn] = [e for e in app.get("bidi_component") if e.proto.component_name == "thaw_gallery"]
    return list(json.loads(drawn.proto.json)["items"])


def test_without_a_model_the_page_invites_to_train(open_page):
    app = open_page("predict")

    assert "There is no trained model yet." in [title.value for title in app.subheader]


def test_an_image_gets_its_classes_with_bars_and_a_word_of_caution(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload("photo.png", photo).run()

    assert not app.exception
    assert [bar.value for bar in app.progress] == [75, 25]
    assert app.progress[0].text == "cat · 75%"
    assert any("That is not certainty" in caption for caption in dotted_captions(app))


def test_a_picture_that_is_like_nothing_learned_is_given_no_class(
    open_page, ws, photo, monkeypatch
):
    make_run(ws)
    scores = (Score(label="cat", probability=0.75), Score(label="dog", probability=0.25))
    answer = Prediction(file="", label="cat", scores=scores, unknown=True, similar=("gone",))
    monkeypatch.setattr(Engine, "predict", lambda self, run, images: (answer,) * len(images))
    app = open_page("predict")

    app.file_uploader(key="images").upload("photo.png", photo).run()

    assert not app.exception
    assert "### Not like anything it learned" in [text.value for text in app.markdown]
    assert "Of the classes it knows, cat is nearest." in [text.value for text in app.caption]
    assert app.progress[0].text == "cat · 75%"


@pytest.mark.parametrize("suffix", [".jfif", ".MPO", ".apng", ".hif"])
def test_pictures_of_every_suffix_that_is_read_can_be_tried(open_page, ws, photo, suffix):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload(f"photo{suffix}", photo).run()

    assert not app.exception
    assert app.progress


def test_an_image_is_explained_when_somebody_asks_why(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()

    why = next(toggle for toggle in app.toggle if toggle.label == "Why?")
    why.set_value(True).run()
    assert not app.exception
    assert len(app.get("image")) == 2
    assert "**green · 75%**" in [text.value for text in app.markdown]

    cover = next(toggle for toggle in app.toggle if toggle.label.startswith("Cover a part"))
    cover.set_value(True).run()
    app.slider[0].set_range(0, 50).run()
    assert not app.exception
    assert any("The likeliest is then other" in text.value for text in app.markdown)


def test_an_unreadable_file_is_a_sentence_and_the_others_are_answered(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload("broken.jpg", b"not a picture")
    app.file_uploader(key="images").upload("photo.png", photo).run()

    assert not app.exception
    assert len(app.error) == 1
    assert len(app.progress) == 2


def test_many_images_become_a_table(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload("one.png", photo)
    app.file_uploader(key="images").upload("two.png", photo).run()

    assert not app.exception
    assert list(app.dataframe[0].value["File"]) == ["one.png", "two.png"]
    [first, _] = tiles(app)
    assert (first["caption"], first["note"], first["share"]) == ("cat · 75%", "one.png", 0.75)
    assert first["src"].startswith("data:image/jpeg;base64,")
    assert not app.progress, "one bar each, which the tile holds"


@pytest.mark.parametrize(("share", "shown"), [(0.9208, 0.92), (0.9997, 0.99), (1.0, 1.0)])
def test_the_table_is_no_more_exact_than_the_bars(share, shown):
    assert charts.whole(share) == shown


def test_the_table_holds_nothing_that_a_spreadsheet_would_run():
    scores = (Score(label="@cat", probability=0.5),)
    said = Prediction(file="=HYPERLINK(1)", label="@cat", scores=scores)

    head, row = answers.csv_text([said], ["@cat"]).splitlines()

    assert head.startswith("\ufeffFile,Class,Confidence,")  # by which spreadsheets know UTF-8
    assert row == "'=HYPERLINK(1),'@cat,0.5,0.5,"


def test_of_many_classes_the_first_are_named_and_the_others_counted(open_page, ws):
    run_id = make_run(ws)
    path = ws.run(run_id).card
    labels = tuple(f"kind {num:02}" for num in range(40))
    files.write_record(path, replace(files.read_record(path, ModelCard), labels=labels))

    app = open_page("predict")

    shown = next(caption.value for caption in app.caption if "40 classes" in caption.value)
    assert "kind 07 and 32 more" in shown


def test_a_document_is_refused_in_a_sentence_of_ours(open_page, ws):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload("paper.pdf", b"%PDF-1.4 a document").run()

    assert not app.exception
    assert "of kind PDF" in app.error[0].proto.title


def test_pictures_kept_from_the_camera_are_answered_as_files_are(
    open_page, ws, photo, tmp_path, monkeypatch
):
    make_run(ws)
    other = write_image(tmp_path / "other.png", colour=1).read_bytes()
    taken = iter([photo, other, other, None])
    monkeypatch.setattr(live, "live_camera", lambda **_: next(taken))
    app = open_page("predict")

    app.segmented_control(key="pick-source").set_value("camera").run()
    assert app.progress[0].text == "cat · 75%"
    assert "photo 1" in [text.value for text in app.caption]
    app.run()
    assert list(app.dataframe[0].value["File"]) == ["photo 2", "photo 1"]
    app.run()
    assert len(tiles(app)) == 2, "the same picture once"

    app.button(key="forget").click().run()
    assert not app.dataframe
    assert not app.exception


def test_the_camera_of_a_page_asks_the_model_that_is_chosen(open_page, ws):
    run_id = make_run(ws)

    app = open_page("predict", run=run_id, source="camera")

    [drawn] = [e for e in app.get("bidi_component") if "live_camera" in e.proto.component_name]
    data = json.loads(drawn.proto.json)
    serializer = URLSafeTimedSerializer(access.secret(ws.root), salt="thaw-live")
    assert serializer.loads(data["ticket"])[0] == run_id
    assert data["url"] == "/api/live?lang=en"


def test_over_plain_http_in_a_network_the_page_says_why_the_camera_stays_shut(open_page, ws):
    make_run(ws)
    app = open_page("predict")
    app.context = {"url": "http://192.168.1.5:8501/predict"}

    app.segmented_control(key="pick-source").set_value("camera").run()

    drawn = [e.proto.component_name for e in app.get("bidi_component")]
    assert "thaw_live_camera" not in drawn
    assert any("https://" in caption.value for caption in app.caption)


def test_in_a_class_it_says_how_the_teacher_opens_the_camera(monkeypatch):
    monkeypatch.setenv("THAW_CLASSROOM", "1")

    assert "serve --classroom --https" in camera.insecure()


def test_the_model_can_be_taken_away_with_its_script(open_page, ws):
    make_run(ws)

    app = open_page("predict")

    assert app.link_button[0].url.startswith("/api/runs/")
    assert app.code[0].value == script.text().strip()


def test_images_stay_on_the_way_to_the_camera_and_to_another_page_and_back(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()

    app.segmented_control(key="pick-source").set_value("camera").run()
    assert not app.progress
    app.segmented_control(key="pick-source").set_value("files").run()
    assert app.progress[0].text == "cat · 75%"
    app.switch_page("home.py").run()
    app.switch_page("predict.py").run()
    assert app.progress[0].text == "cat · 75%"

    app.button(key="forget").click().run()
    assert not app.progress
    assert not app.exception


def test_a_marked_image_is_added_to_the_data_set_as_what_it_is(open_page, ws, photo, monkeypatch):
    asked: list[tuple] = []
    monkeypatch.setattr(marked, "add_to", lambda ws, *given: asked.append(given) or begin(ws))
    begin = requests.begin
    dataset = make_dataset(ws)
    make_run(ws)
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()
    assert "add-marked" not in [button.key for button in app.button]

    app.button(key="mark-right").click().run()
    assert "1 of 1 marked image right" in [text.value for text in app.markdown]
    app.selectbox(key="mark-1").set_value("green").run()
    assert "0 of 1 marked image right" in [text.value for text in app.markdown]
    app.button(key="add-marked").click().run()

    [(dataset_id, name, [picture])] = asked
    assert (dataset_id, name) == (dataset.id, dataset.name)
    assert (picture.file, picture.label, picture.data) == ("photo.png", "green", photo)
    assert not app.exception


def test_without_files_a_picture_that_it_did_not_learn_from_can_be_tried(
    open_page, ws, monkeypatch
):
    asked, predict = list[dict](), Engine.predict
    monkeypatch.setattr(
        Engine, "predict", lambda *given, **how: asked.append(how) or predict(*given, **how)
    )
    make_dataset(ws)
    make_run(ws)
    app = open_page("predict")

    app.button(key="ask-unseen").click().run()

    assert not app.exception
    assert app.progress[0].text == "cat · 75%"
    assert asked == [{"stored": True}], "as it was judged: once more through JPEG it differs"


def test_a_model_that_learned_from_validation_is_tried_on_the_test_part_once_that_is_open(
    open_page, ws
):
    dataset = make_dataset(ws)
    make_run(ws, config=TrainConfig(dataset_id=dataset.id, train_on="train+validation"))
    assert "ask-unseen" not in [button.key for button in open_page("predict").button]

    datasets.open_test(ws, dataset.id)

    assert "ask-unseen" in [button.key for button in open_page("predict").button]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_what_the_original_network_sees_is_asked_on_demand(open_page, ws, photo, monkeypatch, lang):
    make_run(ws)
    monkeypatch.setattr(original, "is_here", lambda backbone: True)
    monkeypatch.setattr(beside, "language", lambda: lang)
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()
    label = "What the original network sees"
    assert len(app.progress) == 2

    next(toggle for toggle in app.toggle if toggle.label == label).set_value(True).run()

    assert not app.exception
    assert [bar.value for bar in app.progress] == [75, 25, 50, 25]
    assert app.progress[2].text == "tabby cat · 50%"
    english = "ImageNet has these names in English only."
    said = any(english in caption.value.replace("\\", "") for caption in app.caption)
    assert said == (lang != "en")


def test_its_head_is_downloaded_when_somebody_wants_it_and_no_network_is_said(
    open_page, ws, photo, monkeypatch, tmp_path
):
    make_run(ws)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    asked: list[str] = []
    monkeypatch.setattr(
        original, "fetch_original", lambda backbone, report: refuse(asked, backbone.name)
    )
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()
    label = "What the original network sees"
    next(toggle for toggle in app.toggle if toggle.label == label).set_value(True).run()
    assert any("is not on this machine" in caption.value for caption in app.caption)
    assert not asked

    next(b for b in app.button if b.label == "Download 14 MB").click().run()

    assert asked == ["MobileNetV2"]
    assert "could not be downloaded with its head" in app.error[0].proto.title
    assert "No\\. Yes\\. Ask again\\." in [c.value for c in app.expander[0].caption]
    assert not app.exception


def refuse(asked: list[str], name: str) -> None:
    asked.append(name)
    raise UserError.of(PROBLEM)


def test_a_run_from_random_values_has_no_original_network(open_page, ws, photo):
    dataset = make_dataset(ws)
    make_run(ws, config=TrainConfig(dataset_id=dataset.id, weights="none"))
    app = open_page("predict")
    app.file_uploader(key="images").upload("photo.png", photo).run()
    label = "What the original network sees"

    next(toggle for toggle in app.toggle if toggle.label == label).set_value(True).run()

    assert "began with random values" in app.error[0].proto.title


def test_one_of_many_images_is_enlarged_with_its_reasons_and_marked(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")
    app.file_uploader(key="images").upload("one.png", photo)
    app.file_uploader(key="images").upload("two.png", photo).run()
    first, second = (tile["id"] for tile in tiles(app))
    assert [tile["full"] for tile in tiles(app)] == ["", ""], "nothing large travels unasked"
    app.session_state["enlarged"] = first

    app.run()
    assert [bar.text for bar in app.progress] == ["cat · 75%", "dog · 25%"]
    assert not app.get("slider"), "asked only on demand"
    next(toggle for toggle in app.toggle if toggle.label == "Why?").set_value(True).run()
    assert "**green · 75%**" in [text.value for text in app.markdown]
    app.button(key=f"mark-right-enlarged-{first}").click().run()
    assert [tile["mark"] for tile in tiles(app)] == ["✓ right", ""]
    app.button(key="step-:material/chevron_right:").click().run()
    assert app.session_state["enlarged"] == second
    assert not app.exception
