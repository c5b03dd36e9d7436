"""The pictures on which an export is tried."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from core import files, runs
from core.exports.formats import EXPORT_FORMATS
from core.exports.proving import odd_files, trial
from core.images import pixels
from core.records import ModelCard
from core.workspace import Workspace
from tests import builders


def made(ws: Workspace) -> ModelCard:
    builders.make_dataset(ws, num=20)
    return files.read_record(ws.run(builders.make_run(ws)).card, ModelCard)


def test_held_out_images_are_tried_and_training_images_calibrate(ws: Workspace, tmp_path: Path):
    found = trial.choose_images(ws, made(ws), tmp_path)

    assert found.truths is not None
    assert len(found.images) == len(found.names) == len(found.truths) == 6
    assert len(found.calibration) == 28
    assert not set(found.images) & set(found.calibration)
    assert all(path.exists() for path in (*found.images, *found.calibration))


def test_a_run_that_learned_from_all_is_tried_without_a_claim_of_accuracy(ws, tmp_path: Path):
    card = made(ws)
    card = replace(card, config=replace(card.config, train_on="train+validation"))

    assert trial.choose_images(ws, card, tmp_path).truths is None


def test_a_run_whose_images_are_gone_is_tried_on_the_sample(ws: Workspace, tmp_path: Path):
    card = made(ws)
    ws.dataset(card.config.dataset_id).path.rename(tmp_path / "gone")

    found = trial.choose_images(ws, card, tmp_path / "sample")

    assert found.truths is None
    assert len(found.images) > 10
    assert {pixels.read_copy(path, 32).shape for path in found.images} == {(32, 32, 3)}
    assert found.calibration == found.images
    assert runs.get(ws, card.run_id).card is not None


def test_ranges_are_taken_from_held_out_images_where_those_learned_from_are_gone(ws, tmp_path):
    card = made(ws)
    for path in trial.choose_images(ws, card, tmp_path).calibration:
        path.unlink()

    found = trial.choose_images(ws, card, tmp_path)

    assert found.truths is not None
    assert set(found.calibration) == set(found.images)
    assert not found.are_strange


def test_the_odd_files_are_what_they_are_called(tmp_path: Path):
    picture = Image.fromarray(np.arange(48 * 48 * 3, dtype=np.uint8).reshape(48, 48, 3))

    paths = {path.name: path for path in odd_files.draw(picture, tmp_path)}

    with Image.open(paths["large.jpg"]) as large:
        assert large.size == (3000, 2000)
    with Image.open(paths["turned.jpg"]) as turned:
        assert turned.getexif()[274] == 6
    with Image.open(paths["transparent.png"]) as clear:
        assert clear.mode == "RGBA"
        assert clear.getextrema()[3] == (2, 253)
    with Image.open(paths["16-bit.png"]) as deep:
        assert deep.mode.startswith("I;16")
    with Image.open(paths["iphone.heic"]) as heic:
        assert heic.format == "HEIF"


def test_what_a_format_does_not_read_is_not_asked_of_it(ws: Workspace, tmp_path: Path):
    found = trial.choose_images(ws, made(ws), tmp_path / "sample")
    page, onnx = EXPORT_FORMATS["browser"], EXPORT_FORMATS["onnx"]

    names = {entry.name: found.files(tmp_path, entry)[1] for entry in (page, onnx)}

    assert set(names["onnx"]) - set(names["browser"]) == {"iphone.heic"}
    assert {"web.webp", "turned.jpg", "16-bit.png"} < set(names["browser"])
