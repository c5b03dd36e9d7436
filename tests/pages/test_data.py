"""The Data page: an invitation, the ways to bring images, and what a data set shows."""

import sys
from pathlib import Path

import pytest

from core import datasets, files, runs
from core.datasets import curation, versions
from core.ingest import requests
from core.records import FileReport, IngestStage, IngestState, State, Verdict
from core.runs import quick
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.web import uploads
from core.words import say
from core.workspace import Workspace
from pages._data.importing import upload
from pages._shared import engine
from tests import builders
from tests.corpus import zips


def labels(page) -> list[str]:
    return [button.label for button in page.button]


def test_an_empty_workspace_shows_how_to_bring_images(open_page):
    page = open_page("data")

    assert not page.metric
    [ways] = page.main.get("segmented_control")
    assert len(ways.options) == 4


def test_the_sample_is_drawn_and_read(ws: Workspace, open_page):
    page = open_page("data", way="sample")

    page.button[0].click().run()

    ingest_id = page.query_params["ingest"]
    assert not list(ws.staging.rglob("fish_*.jpg"))  # the page drew none: it may be left at once
    assert "Reading the images of 'Sample'" in page.subheader[0].value.replace("\\", "")
    dataset = _finish(ws, ingest_id)
    page.run()
    assert f'"dataset": "{dataset}"' in page.main.get("html")[0].proto.body  # for the browser


def test_a_model_is_one_press_away_and_is_watched_and_tried_right_here(
    ws: Workspace, open_page, train_nowhere, monkeypatch
):
    fake = (sys.executable, str(Path(__file__).parents[1] / "fake_engine.py"))
    monkeypatch.setattr(engine, "Engine", lambda ws: Engine(ws, EngineProcess("serve", ws, fake)))
    dataset = builders.make_dataset(ws, num=20)
    page = open_page("data", dataset=dataset.id)
    assert [b.label for b in page.button if b.proto.type == "primary"] == ["Train quick"]

    page.button(key="train-quick").click().run()
    run = quick.newest(ws, dataset.id)
    assert run is not None
    assert run.config.preset == "quick"
    assert [metric.label for metric in page.metric][:1] == ["Images"]  # no other page
    assert "Getting ready" in page.status[0].label

    files.write_record(ws.run(run.id).card, builders.card(run.id, run.config))
    runs.set_state(ws, run.id, State.DONE)
    page.run()
    engine.engine.clear()
    assert not page.status
    assert "Another picture" in labels(page)
    assert [bar.text for bar in page.progress] == ["cat · 75%", "dog · 25%"]

    curation.rename_class(ws, dataset.id, "red", "scarlet")
    page.run()
    assert "Another picture" not in labels(page)  # it learned from what the images were before


def test_an_address_of_a_model_begins_no_training(ws: Workspace, open_page, train_nowhere):
    dataset = builders.make_dataset(ws)

    open_page("data", dataset=dataset.id, quick=dataset.id)

    assert not runs.ids(ws)


def test_what_cannot_be_trained_is_said_where_it_was_asked_for(
    ws: Workspace, open_page, train_nowhere
):
    dataset = builders.make_dataset(ws, num=2)
    page = open_page("data", dataset=dataset.id)

    page.button(key="train-quick").click().run()

    assert "at least 4" in page.error[0].body
    assert not runs.ids(ws)


def test_names_that_a_zip_does_not_tell_are_chosen_from_a_preview(
    ws: Workspace, open_page, tmp_path
):
    archive = tmp_path / "animals.zip"
    archive.write_bytes(zips.in_encoding("gbk", ("猫/1.png", "小狗/2.png")))
    page = open_page("data", way="folder")
    page.text_input(key="path").set_value(str(archive))
    page.button[0].click().run()

    radio = page.radio(key="encoding")
    assert "猫/1" in radio.options[0].replace("\\", "")
    assert "ingest" not in page.query_params

    radio.set_value("big5").run()
    radio = page.radio(key="encoding")
    radio.set_value("gbk").run()
    page.button(key="encoded").click().run()

    dataset = datasets.get(ws, _finish(ws, page.query_params["ingest"]))
    assert {row.name for row in dataset.classes} == {"猫", "小狗"}
    assert not any("how its names" in str(warning) for warning in dataset.warnings)


@pytest.mark.parametrize("name", ["photos.zip", "photos.TAR.XZ", "photos.tar.bz2", "photos.tgz"])
def test_an_archive_that_arrived_alone_is_read_as_one(ws: Workspace, name):
    incoming = ws.ingest(requests.begin(ws, "")).incoming
    (incoming / "000000").write_bytes(b"\xfd7zXZ\0")
    files.append_record(
        incoming / "names.jsonl", uploads.StoredFile(file=name, stored="000000", num_bytes=6)
    )

    assert upload.archive(ws, incoming.parent.name) == incoming / "000000"


def _finish(ws: Workspace, ingest_id: str, stage: IngestStage = IngestStage.DONE) -> str:
    """Wait for the process of an ingest."""
    import time

    for _ in range(3000):
        state = requests.state(ws, ingest_id)
        if state.stage not in (IngestStage.RECEIVING, IngestStage.READING):
            assert state.stage is stage
            return state.dataset_id
        time.sleep(0.1)
    raise AssertionError("the ingest did not end")


def test_a_folder_on_this_computer_is_read(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours")
    page = open_page("data", way="folder")

    page.text_input(key="path").set_value(str(folder))
    page.button[0].click().run()

    dataset = datasets.get(ws, _finish(ws, page.query_params["ingest"]))
    assert [(row.name, row.count) for row in dataset.classes] == [("green", 8), ("red", 8)]


def test_a_path_that_was_wrong_is_there_to_be_mended(ws: Workspace, open_page):
    page = open_page("data", way="folder")
    page.text_input(key="path").set_value("/no/such/folder")
    page.button[0].click().run()
    ingest_id = page.query_params["ingest"]
    _finish(ws, ingest_id, IngestStage.FAILED)

    page.run()
    page.button(key="again").click().run()

    assert page.text_input(key="path").value == "/no/such/folder"


def test_an_ingest_that_failed_says_why_and_can_be_begun_again(ws: Workspace, open_page, tmp_path):
    ingest_id = requests.begin(ws, "nothing")
    problem = _problem()
    files.write_record(
        ws.ingest(ingest_id).state,
        IngestState(stage=IngestStage.FAILED, name="nothing", error=problem),
    )

    page = open_page("data", ingest=ingest_id)
    assert "A folder or archive" in page.error[0].value.replace("\\", "")
    page.button(key="again").click().run()

    assert "ingest" not in page.query_params
    assert not ws.ingest(ingest_id).path.exists()


def _problem():
    from core.errors import Problem

    return Problem(
        what=say("No image was found."),
        expected=say("A folder or archive with one sub-folder of images per class."),
        mend=say("Try again."),
    )


def test_a_link_to_an_ingest_that_is_gone_shows_the_page(open_page):
    page = open_page("data", ingest="20200101-000000-abcdef")

    assert "ingest" not in page.query_params


def test_a_data_set_shows_its_figures_and_its_split(ws: Workspace, open_page):
    builders.make_dataset(ws, num=20)

    page = open_page("data", part="classes")

    assert {metric.label: metric.value for metric in page.metric} == {
        "Images": "40",
        "Classes": "2",
        "Smallest class": "20",
        "Refused files": "0",
    }
    table = page.dataframe[0].value
    assert list(table["train"]) == [14, 14]
    assert list(table["test"]) == [3, 3]


def test_no_class_is_called_the_smallest_where_all_are_equal(ws: Workspace, open_page):
    builders.make_dataset(ws)
    assert open_page("data").metric[2].delta == ""

    folder = builders.make_dataset(ws, name="uneven")
    _leave_one_out(ws, folder.id)
    assert open_page("data").metric[2].delta


def _leave_one_out(ws: Workspace, dataset_id: str) -> None:
    image = datasets.images(ws, dataset_id)[0]
    curation.exclude(ws, dataset_id, [versions.key(image)])


def test_the_address_names_the_data_set(ws: Workspace, open_page):
    first = builders.make_dataset(ws, name="first")
    builders.make_dataset(ws, name="second")

    page = open_page("data", dataset=first.id)

    assert page.selectbox[0].value == first.id
    page.selectbox[0].select_index(0).run()
    assert page.query_params["dataset"] == page.selectbox[0].value != first.id


def test_an_address_that_names_nothing_shows_the_newest(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)

    assert open_page("data", dataset="../../etc").selectbox[0].value == dataset.id


def test_the_test_part_stays_closed(ws: Workspace, open_page):
    builders.make_dataset(ws, num=20)

    page = open_page("data", part="images")

    assert any("6 test images stay closed" in caption.value for caption in page.caption)


@pytest.mark.parametrize("kind", ["refused", "junk", "changed"])
def test_the_report_is_filtered(ws: Workspace, open_page, kind):
    dataset = builders.make_dataset(ws)
    rows = [
        FileReport(file="a.jpg", verdict=Verdict.ACCEPTED, label="red", content="0" * 32),
        FileReport(
            file="b.jpg", verdict=Verdict.ACCEPTED, label="red", changes=(say("turned upright"),)
        ),
        FileReport(file="c.txt", verdict=Verdict.REFUSED, reason=say("This is no image.")),
        FileReport(file=".DS_Store", verdict=Verdict.JUNK, reason=say("It was not sent.")),
    ]
    files.write_records(ws.dataset(dataset.id).report, rows)
    page = open_page("data", part="files")

    page.get_by_key("verdict").set_value(kind).run()

    said = ("This is no image.", "It was not sent.", "turned upright")
    table = (page.table if kind == "refused" else page.dataframe)[-1]
    assert len(table.value) == 1
    assert table.value.iloc[0, -1].replace("\\", "") in said


def test_a_data_set_is_renamed(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    page = open_page("data")

    page.text_input(key="new_name").set_value("My *colours*")
    page.button(key="rename").click().run()

    assert datasets.get(ws, dataset.id).name == "My *colours*"


def test_an_empty_name_is_refused_with_a_sentence(ws: Workspace, open_page):
    builders.make_dataset(ws)
    page = open_page("data")

    page.text_input(key="new_name").set_value("  ")
    page.button(key="rename").click().run()

    assert "Type a name" in page.error[0].value.replace("\\", "")


def test_deleting_asks_first(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    page = open_page("data")

    page.button(key="delete").click().run()

    assert "Keep it" in labels(page)
    assert datasets.ids(ws) == [dataset.id]


def test_class_by_class_begins_with_a_name(open_page):
    page = open_page("data", way="classes")
    assert any("Type the name of the class first" in caption.value for caption in page.caption)

    page.text_input(key="class_name").set_value("cat").run()

    assert not page.exception


def test_images_can_be_added_to_a_data_set(ws: Workspace, open_page):
    builders.make_dataset(ws)

    page = open_page("data", part="add")

    assert page.selectbox(key="add_into").options == ["As their folders say", "green", "red"]


def test_the_page_remembers_how_often_the_test_part_was_opened(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    datasets.open_test(ws, dataset.id, "a run")

    page = open_page("data", part="classes")

    assert any("opened 1 time" in caption.value for caption in page.caption)
