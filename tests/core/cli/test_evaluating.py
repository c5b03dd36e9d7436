"""The command evaluate: what it prints of answers that a run left."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import cli, datasets, files, runs
from core.cli import evaluating
from core.errors import Problem
from core.images import pixels
from core.records import Prediction, Score, Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.words import say
from core.workspace import Workspace
from tests import builders


@pytest.fixture
def judged(tmp_path: Path) -> tuple[Workspace, str]:
    """A run whose model names every second validation image wrongly."""
    ws = Workspace(tmp_path / "ws")
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)
    run = runs.get(ws, run_id)
    assert run.card is not None
    images = [i for i in datasets.images(ws, run.config.dataset_id) if i.split is Split.VALIDATION]
    labels = np.array([run.card.labels.index(i.label) for i in images], np.int32)
    named = np.where(np.arange(len(images)) % 2, labels, 1 - labels)
    found = PartPredictions(
        contents=tuple(i.content for i in images),
        labels=labels,
        groups=tuple(i.group for i in images),
        logits=np.eye(2, dtype=np.float32)[named],
    )
    predictions.write(ws.run(run_id), Split.VALIDATION, found)
    return ws, run_id


def run(ws: Workspace, *words: str) -> int:
    return cli.main([*words, "--workspace", str(ws.root)])


def test_programs_get_all_of_it_with_the_names_that_images_came_with(
    judged: tuple[Workspace, str], capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged

    code = run(ws, "evaluate", run_id, "--json")

    told = json.loads(capsys.readouterr().out)
    known = {i.file for i in datasets.images(ws, runs.get(ws, run_id).config.dataset_id)}
    found = predictions.read(ws.run(run_id))
    assert found is not None
    assert code == 0
    assert (told["task"], told["part"], told["temperature"]) == (
        "classification",
        "validation",
        1.0,
    )
    assert list(told["baselines"]) == ["majority", "nearest_pixels", "colour"]
    assert all(one["low"] <= one["accuracy"] <= one["high"] for one in told["baselines"].values())
    assert len(told["mistakes"]) == (~found.right).sum()
    assert {one["file"] for one in told["mistakes"]} <= known
    assert np.sum(told["confusion"]["counts"]) == len(found.contents)
    assert [one["goal"] for one in told["thresholds"]] == [0.90, 0.95, 0.99]
    assert [one["confidence"] for one in told["thresholds"]] == [None] * 3  # too few images


def test_people_read_a_verdict_a_table_and_the_mistakes(
    judged: tuple[Workspace, str], capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged

    run(ws, "evaluate", run_id)

    said = capsys.readouterr().out
    assert " right: " in said
    assert "Balanced accuracy" in said
    assert "precision" in said
    assert "No confidence is found from which 90% are right." in said
    assert " → " in said


def test_a_folder_that_is_not_there_is_said_to_be_missing(
    judged: tuple[Workspace, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged

    assert run(ws, "evaluate", run_id, "--data", str(tmp_path / "missing")) == 2

    assert "is no folder, or is not there" in capsys.readouterr().err


def test_a_folder_without_the_classes_is_refused_with_their_names(
    judged: tuple[Workspace, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged
    builders.write_image(tmp_path / "other" / "photo.png")

    code = run(ws, "evaluate", run_id, "--data", str(tmp_path / "other"))

    assert code == 2
    assert "green, red" in capsys.readouterr().err


class Colours:
    """An engine that names the stronger of red and green."""

    def __init__(self, ws: Workspace) -> None:
        """Take what the engine takes."""

    def predict(self, run_id: str, images: Sequence[Path]) -> tuple[Prediction, ...]:
        return tuple(map(self._one, images))

    def close(self) -> None:
        """Nothing was started."""

    @staticmethod
    def _one(path: Path) -> Prediction:
        try:
            red, green, _ = np.asarray(Image.open(path)).mean(axis=(0, 1))
        except OSError:
            what = say("'{file}' cannot be read.", file=path.name)
            return Prediction(file=str(path), problem=Problem(what=what, expected=what, mend=what))
        label, other = ("red", "green") if red > green else ("green", "red")
        shares = (Score(label=label, probability=0.75), Score(label=other, probability=0.25))
        return Prediction(file=str(path), label=label, scores=shares)


@pytest.fixture
def field(
    judged: tuple[Workspace, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Workspace, str, Path]:
    """A folder with two new images, one of the data set, one that is broken, and three astray."""
    monkeypatch.setattr(evaluating, "Engine", Colours)
    ws, run_id = judged
    folder = tmp_path / "field"
    for seed, name in enumerate(
        ("RED/1.png", "site/Red/2.png", "blue/3.png", "blue/4.png", "5.png")
    ):
        builders.write_image(folder / name, seed=100 + seed)
    own_image(ws, run_id, folder / "red" / "own.png")
    (folder / "red" / "broken.png").write_bytes(b"no picture")
    (folder / "red" / "notes.txt").write_text("weather: fine")
    return ws, run_id, folder


def own_image(ws: Workspace, run_id: str, path: Path) -> None:
    """Write a picture that is in the run's data set under another name."""
    builders.write_image(path, seed=200)
    content = pixels.content_id(pixels.decode(path.read_bytes()).pixels)
    dataset_id = runs.get(ws, run_id).config.dataset_id
    first, *rest = datasets.images(ws, dataset_id)
    files.write_records(ws.dataset(dataset_id).listing(), [replace(first, content=content), *rest])


def test_a_folder_judges_by_new_images_and_tells_programs_what_it_left_out(
    field: tuple[Workspace, str, Path], capsys: pytest.CaptureFixture[str]
):
    ws, run_id, folder = field

    code = run(ws, "evaluate", run_id, "--data", str(folder), "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == 1  # one cannot be read
    assert (told["part"], told["accuracy"]["images"], told["accuracy"]["accuracy"]) == (
        "data",
        2,
        1,
    )
    assert told["own_images"] == 1
    assert {one["folder"]: one["images"] for one in told["not_judged"]} == {"": 1, "blue": 2}
    assert told["unreadable"] == [str(folder / "red" / "broken.png")]
    assert told["not_images"] == [str(folder / "red" / "notes.txt")]
    green = next(one for one in told["classes"] if one["name"] == "green")
    assert (green["precision"], green["recall"], green["f1"]) == (None, None, None)


def test_people_read_what_a_folder_left_out(
    field: tuple[Workspace, str, Path], capsys: pytest.CaptureFixture[str]
):
    ws, run_id, folder = field

    run(ws, "evaluate", run_id, "--data", str(folder))

    said = capsys.readouterr()
    assert "1 image of the run's own data set is not judged." in said.out
    assert "'blue' is called as no class: 2 images are not judged." in said.out
    assert "1 image lies in no sub-folder and is not judged." in said.out
    assert "broken.png' cannot be read." in said.err
    assert "notes.txt" in said.err
    assert any(line.split() == ["green", "0", "–", "–", "–"] for line in said.out.splitlines())


def test_a_folder_of_the_data_set_alone_judges_nothing(
    judged: tuple[Workspace, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged
    own_image(ws, run_id, tmp_path / "again" / "red" / "own.png")

    code = run(ws, "evaluate", run_id, "--data", str(tmp_path / "again"))

    assert code == 2
    said = capsys.readouterr().err
    assert "belongs to the run's own data set" in said
    assert "leave out --data" in said
