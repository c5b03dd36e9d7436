"""The Data page asks what only the user can know."""

import pytest
from filelock import FileLock

from core import files
from core.ingest import requests
from core.ingest.progress import Teller
from core.records import Answer
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
