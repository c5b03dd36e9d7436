"""Records on disk: whole or not at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from core import files
from core.errors import Problem
from core.insights.searches import Search
from core.records import Accuracy, Phase, Progress, Stage, State, TrainConfig
from core.records.runs import RunState
from core.words import Message, nsay, say

MESSAGES = st.recursive(
    st.builds(lambda t, n: say(t, n=n), st.text(), st.integers()),
    lambda inner: st.builds(lambda t, m: nsay(t, t, num=2, inside=m), st.text(), inner),
    max_leaves=3,
)


@given(MESSAGES)
def test_a_message_survives_the_round_trip(message: Message):
    assert files.decode(Message, files.encode(message)) == message


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 10**9))
def test_numbers_survive_the_round_trip(number: float, images: int):
    record = Accuracy(accuracy=number, low=0, high=1, images=images, majority=0.5)

    assert files.decode(Accuracy, files.encode(record)) == record


def test_nested_records_and_missing_ones_survive(tmp_path: Path):
    problem = Problem(what=say("a"), expected=say("b"), mend=say("c"))
    for error in (None, problem):
        state = RunState(state=State.FAILED, changed_at=1.0, error=error)
        files.write_record(tmp_path / "s.json", state)

        assert files.read_record(tmp_path / "s.json", RunState) == state


@pytest.mark.parametrize("phase", [None, Phase.FINE_TUNE])
def test_one_of_a_few_words_or_none_survives(phase: Phase | None):
    progress = Progress(stage=Stage.TRAINING, done=0.5, phase=phase, eta_seconds=3)

    read = files.decode(Progress, files.encode(progress))

    assert (read, read.phase is phase) == (progress, True)


def test_an_older_build_reads_a_newer_file():
    text = files.encode(TrainConfig(dataset_id="d")).replace("{", '{"from_the_future": 1, ', 1)

    assert files.decode(TrainConfig, text) == TrainConfig(dataset_id="d")


def test_a_field_that_was_called_otherwise_is_read_from_files_of_then():
    issue = {"place": 3, "given": "a", "suggested": "b"}
    issue |= {"probability_given": 0.1, "probability_suggested": 0.9}
    found = {"stage": "done", "version": 0, "began_at": 0.0, "doubts": [["a/1.png", issue]]}

    [(key, read)] = files.decode(Search, json.dumps(found)).label_issues

    assert (key, read.index, read.suggested) == ("a/1.png", 3, "b")


def test_a_line_cut_off_by_a_crash_spoils_only_itself(tmp_path: Path):
    path = tmp_path / "log.jsonl"
    files.append_record(path, say("one"))
    with path.open("a") as file:
        file.write('{"text": "cut')

    files.append_record(path, say("two"))

    assert [str(m) for m in files.read_records(path, Message)] == ["one", "two"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "s.json"
    files.write_text(path, "old")

    with pytest.raises(UnicodeEncodeError):
        files.write_text(path, "\ud800")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_line_torn_inside_a_letter_spoils_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    files.append_record(path, say("one"))
    line = files.encode(say("größer")).encode()
    with path.open("ab") as file:
        file.write(line[: line.index("ö".encode()) + 1])
    files.append_record(path, say("three"))

    assert [str(line) for line in files.read_records(path, Message)] == ["one", "three"]
