"""The Predict page: images in, classes with bars out, errors as sentences."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core import files
from core.records import ModelCard
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from pages._predict import answers
from pages._shared import charts, engine
from tests.builders import make_run, write_image
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


@pytest.mark.parametrize("suffix", [".jfif", ".MPO", ".apng", ".hif"])
def test_pictures_of_every_suffix_that_is_read_can_be_tried(open_page, ws, photo, suffix):
    make_run(ws)
    app = open_page("predict")

    app.file_uploader(key="images").upload(f"photo{suffix}", photo).run()

    assert not app.exception
    assert app.progress


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


@pytest.mark.parametrize(("share", "shown"), [(0.9208, 0.92), (0.9997, 0.99), (1.0, 1.0)])
def test_the_table_is_no_more_exact_than_the_bars(share, shown):
    assert charts.whole(share) == shown


def test_the_table_holds_nothing_that_a_spreadsheet_would_run():
    rows = [{"File": "=HYPERLINK(1)", "Class": "@cat", "How strongly": 0.5}]

    assert answers.csv_text(rows).splitlines()[1] == "'=HYPERLINK(1),'@cat,0.5"


def test_the_table_is_read_as_utf_8_by_a_spreadsheet_whatever_the_language():
    assert answers.csv_text([{"File": "grün.png"}]).startswith("\ufeff")


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


def test_a_photo_from_the_camera_is_answered(open_page, ws, photo):
    make_run(ws)
    app = open_page("predict")
    app.segmented_control(key="source").set_value("camera").run()

    app.camera_input(key="photo").upload("photo.jpg", photo).run()

    assert not app.exception
    assert app.progress[0].text == "cat · 75%"


def test_over_plain_http_in_a_network_the_page_says_why_the_camera_stays_shut(open_page, ws):
    make_run(ws)
    app = open_page("predict")
    app.context = {"url": "http://192.168.1.5:8501/predict"}

    app.segmented_control(key="source").set_value("camera").run()

    assert not app.camera_input
    assert any("https://" in caption.value for caption in app.caption)


def test_the_model_can_be_taken_away_with_its_script(open_page, ws):
    make_run(ws)

    app = open_page("predict")

    assert app.link_button[0].url.startswith("/api/runs/")
    assert "model.keras" in app.code[0].value
