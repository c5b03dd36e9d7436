"""Questions that only the user can answer: asked, waited for, else guessed and said."""

import threading
from dataclasses import replace

import pytest

from core.ingest import asking, progress, requests
from core.ingest.decoding.reading import IngestStopped
from core.ingest.progress import Teller
from core.records import Answer, Choice, IngestStage, Question
from core.records.imports import Options
from core.words import say
from core.workspace import Workspace

GROUPS = Question(
    option="group_by",
    what=say("Do these belong together?"),
    choices=(
        Choice(value="folder", title=say("Yes")),
        Choice(value="none", title=say("No")),
    ),
    guess="none",
    note=say("They were taken apart; --group-by says otherwise."),
)
ENCODING = replace(
    GROUPS,
    option="encoding",
    choices=(Choice(value="gbk", title=say("Chinese")),),
    guess="gbk",
    note=say("Read as Chinese."),
)


def find(options: Options) -> list[Question]:
    """Ask for the encoding only where files belong together."""
    return [GROUPS, ENCODING] if options.group_by == "folder" else [GROUPS]


@pytest.fixture
def staged(ws: Workspace):
    return ws.ingest(requests.begin(ws, "photos"))


def asked_on_page(staged, report, **how):
    return asking.on_page(staged, Teller(staged, "photos", report), poll=0.01, **how)


def test_where_nobody_answers_the_guess_is_taken_and_said():
    options, notes = asking.settle(Options(), find)

    assert options.group_by == "none"
    assert notes == (GROUPS.note,)


def test_what_was_told_is_neither_asked_nor_said():
    options, notes = asking.settle(Options(group_by="prefix"), find)

    assert (options, notes) == (Options(group_by="prefix"), ())


def test_the_answers_of_the_page_are_waited_for_and_bring_up_further_questions(staged):
    def report(state):
        if state.stage is IngestStage.ASKING:
            told.append([question.option for question in state.questions])
            question = state.questions[0]
            given = Answer(option=question.option, value=question.choices[0].value)
            threading.Timer(0.03, asking.record_answers, [staged, [given]]).start()

    told: list[list[str]] = []
    options, notes = asking.settle(Options(), find, asked_on_page(staged, report))

    assert told == [["group_by"], ["encoding"]]
    assert (options.group_by, options.encoding, notes) == ("folder", "gbk", ())


def test_an_answer_that_is_no_choice_counts_as_the_guess(staged):
    asking.record_answers(staged, [Answer(option="group_by", value="../../etc")])

    options, _ = asking.settle(Options(), find, asked_on_page(staged, lambda state: None))

    assert options.group_by == "none"


@pytest.mark.parametrize("stopped", [True, False])
def test_waiting_ends_with_a_stop_or_when_nobody_comes(staged, stopped):
    if stopped:
        staged.stop.touch()

    with pytest.raises(IngestStopped):
        asking.settle(Options(), find, asked_on_page(staged, lambda s: None, patience=0.02))


def test_a_question_whose_process_died_is_an_interrupted_import(ws, staged):
    Teller(staged, "photos", lambda state: None).ask((GROUPS,))

    state = progress.read_state(ws, staged.path.name)

    assert state.stage is IngestStage.FAILED
    assert state.questions == ()
    assert "interrupted" in str(state.error.what)


def test_images_that_are_added_are_read_as_the_data_set_was():
    remembered = Options(group_by="folder", seed=3).remembered()

    assert Options().as_before(remembered).group_by == "folder"
    assert Options(group_by="prefix").as_before(remembered).group_by == "prefix"
