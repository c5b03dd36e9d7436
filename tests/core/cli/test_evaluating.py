"""The command evaluate: what it prints of answers that a run left."""

import json
from pathlib import Path

import numpy as np
import pytest

from core import cli, datasets, runs
from core.records import Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
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


def test_people_read_a_verdict_a_table_and_the_mistakes(
    judged: tuple[Workspace, str], capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged

    run(ws, "evaluate", run_id)

    said = capsys.readouterr().out
    assert " right: " in said
    assert "Balanced accuracy" in said
    assert "precision" in said
    assert " → " in said


def test_a_folder_without_the_classes_is_refused_with_their_names(
    judged: tuple[Workspace, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ws, run_id = judged
    builders.write_image(tmp_path / "other" / "photo.png")

    code = run(ws, "evaluate", run_id, "--data", str(tmp_path / "other"))

    assert code == 2
    assert "green, red" in capsys.readouterr().err
