"""The command compare: two runs on the same images."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from core import cli, datasets, runs
from core.models.setting_texts import SETTINGS
from core.records import ImageRecord, Split, TrainConfig
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests import builders


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Workspace, str, str, list[ImageRecord]]:
    """Two runs: the first names every image wrongly, the second all but the last."""
    ws = Workspace(tmp_path / "ws")
    dataset = builders.make_dataset(ws, num=40, side=4)
    images = [i for i in datasets.images(ws, dataset.id) if i.split is Split.VALIDATION]
    config = TrainConfig(dataset_id=dataset.id, epochs=3)
    ids = [builders.make_run(ws, config=replace(config, dropout=rate)) for rate in (0.2, 0.4)]
    labels = np.array([i.label == "red" for i in images], np.int32)
    last = np.arange(len(images)) == len(images) - 1
    for run_id, wrong in zip(ids, (labels >= 0, last), strict=True):
        found = PartPredictions(
            contents=tuple(i.content for i in images),
            labels=labels,
            groups=("",) * len(images),
            logits=np.eye(2, dtype=np.float32)[np.where(wrong, 1 - labels, labels)],
        )
        predictions.write(ws.run(run_id), Split.VALIDATION, found)
    return ws, *ids, images


def run(ws: Workspace, *words: str) -> int:
    return cli.main([*words, "--workspace", str(ws.root)])


def test_programs_get_settings_images_and_p(pair, capsys: pytest.CaptureFixture[str]):
    ws, first, second, images = pair

    code = run(ws, "compare", first, second, "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["settings"] == [{"name": "dropout", "label": "Dropout", "a": 0.2, "b": 0.4}]
    assert sorted(told["fixed"]) == sorted(image.file for image in images[:-1])
    assert told["broke"] == []
    assert told["p_value"] == pytest.approx(2 * 0.5 ** (len(images) - 1))
    assert told["images"] == len(images)


def test_a_person_reads_what_differs_and_which_is_better(pair, capsys):
    ws, first, second, _ = pair

    run(ws, "compare", first, second)

    told = capsys.readouterr().out
    assert "Dropout (dropout): A 0.2, B 0.4" in told
    assert "B is better by more than chance explains (exact McNemar test" in told
    assert "red: A green, B red" in told


def test_runs_on_other_images_are_told_apart_by_their_settings_alone(pair, capsys):
    ws, first, *_ = pair
    builders.make_dataset(ws, name="others")
    other = builders.make_run(ws, config=TrainConfig(dataset_id="others-0001"))

    run(ws, "compare", first, other, "--json")

    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["p_value"], told["fixed"], told["broke"]) == (None, [], [])
    assert "dataset_id" in [setting["name"] for setting in told["settings"]]
    assert "learned from different data sets" in said.err


def test_a_run_without_a_model_is_no_run_to_compare(pair, capsys):
    ws, first, *_ = pair

    code = run(ws, "compare", first, runs.create(ws, TrainConfig(dataset_id="colours-0000")))

    assert code == 2
    assert "error:" in capsys.readouterr().err


def test_every_setting_that_can_differ_has_a_name_for_people():
    names = {field.name for field in fields(TrainConfig)}
    of_a_study = {"most_images", "fold", "study", "protocol"}

    assert names - {"cloned_from", "refit_of"} - of_a_study <= SETTINGS.keys()
