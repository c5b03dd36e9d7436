"""Which files the command predict asks about, and in which order."""

import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from core import cli
from core.cli import predicting
from core.cli.console import Console
from core.errors import Problem, UserError
from core.models import downloads, original
from core.records import Prediction
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.words import say
from core.workspace import Workspace
from tests import builders

FAKE = (sys.executable, str(Path(__file__).parents[2] / "fake_engine.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    for name in ("10.jpg", "2.JPG", "b/1.heic", "a/old.tif", "Ünder.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    builders.write_image(root / "a" / "without.png").rename(root / "a" / "without")
    for junk in ("Thumbs.db", ".hidden.jpg", "__MACOSX/2.jpg", ".git/3.jpg", "b/._1.heic"):
        (root / junk).parent.mkdir(exist_ok=True)
        (root / junk).write_bytes(b"x")
    (root / "notes.txt").write_text("nothing")
    return root


def test_a_folder_is_all_its_images_in_the_order_in_which_people_count(folder: Path):
    found = predicting.find_images([folder])

    names = [path.relative_to(folder).as_posix() for path in found.images]
    assert names == ["2.JPG", "10.jpg", "a/old.tif", "a/without", "b/1.heic", "Ünder.png"]
    assert [path.name for path in found.others] == ["notes.txt"]


def test_files_that_are_named_are_asked_about_whatever_they_are(folder: Path):
    asked = [folder / "notes.txt", folder / "b", Path("missing.jpg")]

    found = predicting.find_images(asked)

    assert found.images == (folder / "notes.txt", folder / "b" / "1.heic", Path("missing.jpg"))


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
def test_a_pipe_and_a_loop_of_links_hold_nothing_up(folder: Path):
    os.mkfifo(folder / "pipe.jpg")
    (folder / "again").symlink_to(folder)

    found = predicting.find_images([folder])

    assert len(found.images) == 6
    assert [path.name for path in found.others] == ["notes.txt", "pipe.jpg"]


def test_a_folder_without_images_is_refused_by_name(tmp_path: Path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(UserError, match=r"no image in '.*empty'"):
        predicting.find_images([tmp_path / "empty"])


@pytest.fixture
def engine(ws: Workspace) -> Iterator[Engine]:
    engine = Engine(ws, EngineProcess("serve", ws, FAKE))
    yield engine
    engine.close()


def test_many_images_are_asked_about_a_few_at_a_time_and_answered_in_order(
    ws: Workspace, engine: Engine
):
    run_id = builders.make_run(ws)
    asked = [Path(f"{number}.jpg") for number in range(2 * predicting.AT_ONCE + 3)]
    drawn: list[Path] = []
    answers = predicting.answers(engine, run_id, (drawn.append(p) or p for p in asked))

    first = next(answers)

    assert first.file == "0.jpg"
    assert len(drawn) == predicting.AT_ONCE
    assert [first.file, *(p.file for p in answers)] == [str(path) for path in asked]


def test_an_image_that_cannot_be_read_is_named_with_its_folder(capsys: pytest.CaptureFixture[str]):
    what = say("'{file}': {what}", file="1.jpg", what=say("The file is empty (0 bytes)."))
    problem = Problem(what=what, expected=say("Yes."), mend=say("Ask again."))

    predicting.show(
        Prediction(file="photos/b/1.jpg", problem=problem), Console(as_json=False, language="en")
    )

    assert capsys.readouterr().err.startswith("error: 'photos/b/1.jpg': The file is empty")


def test_files_that_are_no_images_are_named(capsys: pytest.CaptureFixture[str]):
    others = [Path(f"notes{number}.txt") for number in range(25)]

    predicting.name_others(others, Console(as_json=False, language="en"))

    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["25 files are no images:", "  notes0.txt"]
    assert lines[-1] == "  …"


@pytest.fixture
def asked(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the words of a command that asks a small process which answers like the engine."""
    fake = lambda ws: Engine(ws, EngineProcess("serve", ws, FAKE))  # noqa: E731
    monkeypatch.setattr(predicting, "Engine", fake)
    builders.make_dataset(ws)
    return ["predict", builders.make_run(ws), "--workspace", str(ws.root), "--json"]


def test_answers_say_how_strongly_the_model_leans_to_the_class(asked, capsys):
    assert cli.main([*asked, "1.jpg"]) == 0

    [answer] = json.loads(capsys.readouterr().out)["predictions"]
    scores = {"cat": 0.75, "dog": 0.25}
    told = {"file": "1.jpg", "label": "cat", "confidence": 0.75, "scores": scores}
    assert answer == {**told, "unknown": None, "similarity": None, "similar": []}


def test_a_picture_that_is_like_nothing_learned_is_given_no_class(capsys):
    answer = Prediction(file="1.jpg", label="cat", unknown=True)

    predicting.show(answer, Console(as_json=False, language="en"))

    assert capsys.readouterr().out == "1.jpg  not like anything it learned (nearest: cat)\n"


def test_what_the_network_named_before_is_said_as_well_once_its_head_is_here(
    asked, capsys, monkeypatch
):
    fetched: list[str] = []
    monkeypatch.setattr(
        original, "fetch_original", lambda backbone, _: fetched.append(backbone.name)
    )

    assert cli.main([*asked, "1.jpg", "2.jpg", "--original"]) == 0

    answers = json.loads(capsys.readouterr().out)["predictions"]
    named = [{"name": "tabby_cat", "probability": 0.5}, {"name": "tub", "probability": 0.25}]
    assert [(row["label"], row["original"]) for row in answers] == [("cat", named)] * 2
    assert fetched == ["MobileNetV2"]

    assert cli.main([*(word for word in asked if word != "--json"), "1.jpg", "--original"]) == 0
    told = "1.jpg  cat  75%\n    the original network: tabby cat 50%, tub 25%\n"
    assert capsys.readouterr().out == told


def test_where_its_head_cannot_be_had_nothing_is_asked(asked, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(downloads, "get", refuse)

    assert cli.main([*asked, "1.jpg", "--original"]) == 2

    error = json.loads(capsys.readouterr().out)["error"]
    assert "could not be downloaded" in error["what"]
    assert "the model itself does not need this file" in error["mend"]


def refuse(*_: object, **__: object) -> None:
    raise requests.ConnectionError("no network")


def test_answers_are_written_to_a_table_as_well(asked, capsys, tmp_path: Path):
    out = tmp_path / "new folder" / "answers.csv"

    assert cli.main([*asked, "=cmd().jpg", "a/1.jpg", "b/1.jpg", "--csv", str(out)]) == 0

    assert json.loads(capsys.readouterr().out)["table"] == str(out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head[:3] == ["File", "Class", "Confidence"]
    assert [row[:3] for row in rows] == [
        [name, "cat", "0.75"] for name in ("'=cmd().jpg", "a/1.jpg", "b/1.jpg")
    ]


def test_no_table_is_left_where_the_model_gave_up_in_the_middle(asked, tmp_path: Path):
    names = [f"{number}.jpg" for number in range(predicting.AT_ONCE)]

    assert cli.main([*asked, *names, "bad.jpg", "--csv", str(tmp_path / "a.xlsx")]) == 2

    assert list(tmp_path.glob("*a.xlsx*")) == []


def test_a_folder_is_no_name_for_a_table(asked, capsys, tmp_path: Path):
    assert cli.main([*asked, "1.jpg", "--csv", str(tmp_path)]) == 2

    assert "is a folder" in json.loads(capsys.readouterr().out)["error"]["what"]
