"""The Data page asks what only the user can know."""

from dataclasses import replace

import pytest
from filelock import FileLock

from core import datasets, files
from core.ingest import requests
from core.ingest.progress import Teller
from core.records import Answer, Split
from tests import builders
from tests.core.ingest.test_asking import GROUPS


@pytest.fixture
def asking(ws):
    """An import that waits for an answer, with its process alive."""
    staged = ws.ingest(requests.begin(ws, "photos"))
    with FileLock(staged.lock):
        Teller(staged, "photos", lambda state: None).ask((GROUPS,))
        yield staged


def test_a_question_is_shown_with_its_guess_and_the_answer_is_written_down(asking, open_page):
    page = open_page("data", ingest=asking.path.name)
    [radio] = page.radio
    guess = radio.value

    radio.set_value("folder")
    next(b for b in page.button if b.label == "Go on").click().run()

    assert guess == "none"
    assert radio.options == ["Yes", "No"]
    assert files.read_records(asking.answers, Answer) == (
        Answer(option="group_by", value="folder"),
    )


def test_stop_at_a_question_stops_the_import(asking, open_page):
    page = open_page("data", ingest=asking.path.name)

    next(b for b in page.button if b.label == "Stop").click().run()

    assert asking.stop.exists()


def test_an_import_that_waits_for_an_answer_is_offered_on_the_page(asking, open_page):
    page = open_page("data")

    assert any("waits for an answer" in text.value for text in page.markdown)


def test_what_groups_share_is_explained_with_their_number(ws, open_page):
    dataset = builders.make_dataset(ws)
    folder = ws.dataset(dataset.id)
    grouped = [
        replace(image, group=f"{n // 2}", file=f"{n // 2}_jpg.rf.{n:032}.jpg", split=Split.TRAIN)
        for n, image in enumerate(datasets.images(ws, dataset.id))
    ]
    files.write_records(folder.listing(), grouped)
    read_as = (Answer(option="group_by", value="column:lesion_id"),)
    files.write_record(folder.record, replace(dataset, read_as=read_as))

    page = open_page("data", dataset=dataset.id, part="classes")

    assert any(
        "8 groups of images stay in one part each: images with the same 'lesion\\_id'; versions of "
        "one photo that Roboflow made; copies of one photo and bursts of the webcam." in c.value
        for c in page.caption
    )
