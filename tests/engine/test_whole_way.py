"""The whole way through the command line: photographs in, a tested prediction and a file out."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core import datasets, files
from core.records import Accuracy, Split
from core.runs.inference import Engine
from core.web import live
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
SMALL = ("--backbone", "MobileNet-0.25", "--weights", "none", "--image-size", "32")


def core(ws: Workspace, *words: str, code: int = 0) -> dict[str, Any]:
    """Ask from the folder that holds the workspace: paths may be relative to it."""
    command = [sys.executable, "-m", "core", *words, "--workspace", ws.root.name, "--json"]
    done = subprocess.run(
        command,
        cwd=ws.root.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, Any]]:
    """Train a small network from nothing on two colours: both phases."""
    folder = tmp_path_factory.mktemp("whole way")
    os.environ["THAW_LOCKS"] = str(folder / "locks")
    ws = Workspace(folder / "workspace")
    photos = builders.write_folder(folder / "photos", num=20)
    dataset = core(ws, "ingest", photos.name)["dataset_id"]
    budget = ("--epochs", "3", "--freeze", "block_12", "--fine-tune-epochs", "2", "--seed", "3")
    return ws, core(ws, "train", dataset, *SMALL, *budget)


@pytest.fixture(scope="module")
def answers(trained: tuple[Workspace, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ask once about every photo, a large one, and two files that cannot be read."""
    ws, run = trained
    folder = ws.root.parent
    builders.write_image(folder / "big.png", colour=1, seed=99, size=700)
    (folder / "note.jpg").write_text("no picture")
    photos = sorted(str(path.relative_to(folder)) for path in folder.glob("photos/*/*"))
    asked = [photos[0], "note.jpg", "gone.jpg", *photos[1:], "big.png"]

    rows = core(ws, "predict", run["run_id"], *asked, code=1)["predictions"]

    assert [row["file"] for row in rows] == asked
    return {row["file"]: row for row in rows}


@pytest.fixture(scope="module")
def engine(trained: tuple[Workspace, dict[str, Any]]) -> Iterator[Engine]:
    """A process that answers several questions, as the app keeps it."""
    engine = Engine(trained[0])
    yield engine
    engine.close()


def test_the_run_is_done_and_its_score_has_an_interval(trained: tuple[Workspace, dict[str, Any]]):
    _, run = trained

    score = run["validation"]
    assert run["state"] == "done"
    assert run["epochs"] == 5
    assert score["low"] <= score["accuracy"] <= score["high"]
    assert score["images"] == 6


def test_there_is_one_line_for_each_epoch_of_each_phase(trained: tuple[Workspace, dict[str, Any]]):
    ws, run = trained

    rows = files.read_rows(ws.run(run["run_id"]).metrics)

    epochs = [(row["phase"], row["epoch"]) for row in rows if "val_loss" in row]
    assert epochs == [("head", e) for e in (1, 2, 3)] + [("fine_tune", e) for e in (1, 2)]
    assert all("batch" in row for row in rows if "val_loss" not in row)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_nobody_else_can_read_what_was_written(trained: tuple[Workspace, dict[str, Any]]):
    ws, _ = trained

    assert [p for p in (ws.root, *ws.root.rglob("*")) if p.lstat().st_mode & 0o077] == []


def test_prediction_reproduces_the_score_of_the_run(
    trained: tuple[Workspace, dict[str, Any]], answers: dict[str, dict[str, Any]]
):
    ws, run = trained
    dataset = datasets.all_datasets(ws)[0]
    chosen = [i for i in datasets.images(ws, dataset.id) if i.split is Split.VALIDATION]

    rows = [answers[f"photos/{image.file}"] for image in chosen]

    right = [row["label"] == image.label for row, image in zip(rows, chosen, strict=True)]
    assert sum(right) / len(right) == pytest.approx(run["validation"]["accuracy"])
    assert all(sum(row["scores"].values()) == pytest.approx(1, abs=1e-5) for row in rows)


def test_a_file_that_cannot_be_read_leaves_the_others_their_answers(
    trained: tuple[Workspace, dict[str, Any]], answers: dict[str, dict[str, Any]], engine: Engine
):
    ws, run = trained
    good = [name for name in answers if name.startswith("photos/")][:2]

    alone = engine.predict(run["run_id"], [ws.root.parent / name for name in good])

    scores = [{score.label: score.probability for score in said.scores} for said in alone]
    assert [answers[name]["scores"] for name in good] == scores
    assert [answers[name]["label"] for name in good] == [said.label for said in alone]
    assert "'note.jpg': " in answers["note.jpg"]["error"]["what"]
    assert "'gone.jpg' could not be opened" in answers["gone.jpg"]["error"]["what"]


def test_a_frame_of_the_camera_is_answered_as_the_same_picture_in_a_file(
    trained: tuple[Workspace, dict[str, Any]], engine: Engine
):
    ws, run = trained
    photo = ws.root.parent / "frame.jpg"  # wider than high, and larger than what is stored
    shades = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(shades).resize((800, 600), Image.Resampling.BICUBIC).save(photo, quality=92)
    route = live.LiveRoute("key", lambda request: engine, language=lambda _: "en")
    client = TestClient(Starlette(routes=[Route("/live", route.answer, methods=["POST"])]))
    headers = {"x-live-ticket": live.permit(run["run_id"], "me", "key")}

    shown = client.post("/live", content=photo.read_bytes(), headers=headers).json()

    [said] = engine.predict(run["run_id"], [photo])
    bars = [(bar["label"], bar["share"]) for bar in shown["bars"]]
    assert bars == [(score.label, score.probability) for score in said.scores]
    assert (shown["label"], shown["unknown"]) == (said.label, bool(said.unknown))


def test_a_bundle_is_tried_as_a_whole_and_holds_what_its_readme_names(
    trained: tuple[Workspace, dict[str, Any]], tmp_path: Path
):
    ws, run = trained
    words = ("--format", "keras-zip", "--models", "keras", "--out", str(tmp_path / "m.zip"))

    made = core(ws, "export", run["run_id"], *words)

    with zipfile.ZipFile(tmp_path / "m.zip") as archive:
        names = set(archive.namelist())
        readme = archive.read("README.md").decode()
        told = json.loads(archive.read("model.json"))
    assert (made["format"], made["parity"]["passed"]) == ("bundle", True)
    assert [part["path"] for part in made["parts"]] == [told["model"]] == ["model.keras"]
    assert names.issuperset(re.findall(r"^\| `([^`]+)` \|", readme, re.M))
    assert {"model.keras", "predict.py", "serve.py", "model_card.md", "README.zh_CN.md"} <= names


def test_the_keras_file_is_exported_whole(
    trained: tuple[Workspace, dict[str, Any]], tmp_path: Path
):
    ws, run = trained
    out = tmp_path / "model.keras"

    done = core(ws, "export", run["run_id"], "--format", "keras", "--out", str(out))

    assert done["num_bytes"] == out.stat().st_size
    assert len(done["sha256"]) == 64


def test_the_keras_file_was_tried_before_it_was_given(
    trained: tuple[Workspace, dict[str, Any]], tmp_path: Path
):
    ws, run = trained

    parity = core(ws, "export", run["run_id"], "--out", str(tmp_path / "m"))["parity"]

    assert parity["passed"]
    assert parity["agreement"] == 1.0
    assert parity["max_difference"] <= 1e-3
    assert parity["files"] > parity["images"] > 0
    assert parity["accuracy"] == run["validation"]["accuracy"]


def test_the_card_is_a_record_with_the_score(trained: tuple[Workspace, dict[str, Any]]):
    ws, run = trained

    card = json.loads(ws.run(run["run_id"]).card.read_text())

    assert files.build(Accuracy, card["validation"]).accuracy == run["validation"]["accuracy"]
    assert sorted(card["labels"]) == ["green", "red"]


def test_every_opening_of_the_test_part_is_counted(
    trained: tuple[Workspace, dict[str, Any]], engine: Engine
):
    ws, run = trained

    first, second = core(ws, "test", run["run_id"]), engine.test(run["run_id"])

    assert (first["openings"], second.openings) == (1, 2)
    assert first["test"] == asdict(second.test)
    assert first["test"]["low"] <= first["test"]["accuracy"] <= first["test"]["high"]
    assert first["test"]["images"] == 6
