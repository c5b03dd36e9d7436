"""The program of the gate, run on a model that is no model: a script that answers by arithmetic."""

import errno
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from core.errors import UserError
from core.exports.formats import EXPORT_FORMATS
from core.exports.proving import check, gate, proof
from core.exports.proving.trial import TrialImages
from core.records import Export, Prediction, Score, TrainConfig
from core.records.choices import ExportFormat
from core.runs.inference import Engine
from core.words import render
from tests import run_records

SCRIPT = """
import csv
from pathlib import Path

def opened_model(folder, threads=0):
    assert threads == 1
    return lambda images: {"probabilities": images.mean(axis=(1, 2))[:, :2] / 255}

def main(arguments):
    *paths, option, out = arguments
    rows = [["file", "label", "known", "similarity", "a", "b", "error"]]
    rows += [[path, "a", "yes", 0.5, 0.75, 0.25, ""] for path in paths]
    with open(out, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
"""
ONNX, INT8 = EXPORT_FORMATS["onnx"], EXPORT_FORMATS["litert-int8"]
CARD = replace(run_records.card("r", TrainConfig(dataset_id="d")), labels=("a", "b"))
SAID = Prediction(
    file="x.jpg",
    label="a",
    scores=(Score(label="a", probability=0.75), Score(label="b", probability=0.25)),
    similarity=0.5,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    (folder / "predict.py").write_text(SCRIPT)
    (folder / "files.json").write_text(json.dumps(["x.jpg"]))
    np.save(folder / "pixels.npy", np.full((3, 4, 4, 3), 51, np.uint8))
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", check.__file__, str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_answers_pixels_and_files_by_the_script(folder: Path):
    done = run(folder)

    assert done.returncode == 0, done.stderr
    with np.load(folder / "answers.npz") as found:
        np.testing.assert_allclose(found["probabilities"], np.full((3, 2), 0.2), rtol=1e-6)
        assert found["milliseconds"] > 0
    card = replace(run_records.card("r", TrainConfig(dataset_id="d")), labels=("b", "a"))
    answers = gate._of_files(folder / "answers.csv", card, [SAID], ["x.jpg"], ONNX)
    np.testing.assert_array_equal(answers.expected, [[0.25, 0.75]])


def test_it_refuses_to_run_where_tensorflow_or_keras_is(folder: Path):
    done = run(folder, "alone")

    assert done.returncode == 1
    assert "tensorflow is installed beside this runtime" in done.stderr


@pytest.mark.parametrize(
    ("row", "entry", "told"),
    [
        (
            ["x.jpg", "", "", "", "", "", "it is not an image"],
            ONNX,
            "could not read 'x.jpg': it is not an image.",
        ),
        (["x.jpg", "", "", "", "", "", "it is not an image"], INT8, "it is not an image."),
        (
            ["x.jpg", "a", "yes", "0.6", "1", "0", ""],
            ONNX,
            "like what it learned by 0.6, where Predict finds 0.5",
        ),
        (["x.jpg", "a", "yes", "0.6", "1", "0", ""], INT8, ""),
        (["x.jpg", "a", "yes", "0.5001", "1", "0", ""], ONNX, ""),
        (["x.jpg", "a", "", "", "1", "0", ""], ONNX, ""),
    ],
)
def test_a_file_that_predict_answers_must_be_read_and_as_like(row, entry, told: str):
    try:
        gate._check_row(row, SAID, CARD, entry)
        said = ""
    except gate.RefusedExportError as refused:
        said = str(refused)

    assert told in said
    assert bool(told) == bool(said)


def test_a_model_that_does_not_load_is_refused_with_the_reason(tmp_path: Path):
    (tmp_path / "predict.py").write_text("raise ValueError('Node has no input: conv1')")

    with pytest.raises(UserError, match="Node has no input: conv1"):
        gate._run_check(EXPORT_FORMATS["keras"], tmp_path)


class Fake:
    """Answers as Predict does of a run that says 'a' of every file."""

    def predict(self, run_id: str, images: Sequence[Path]) -> tuple[Prediction, ...]:
        return tuple(replace(SAID, file=str(image)) for image in images)


def tried(
    folder: Path,
    expected: np.ndarray,
    entry: ExportFormat,
    *,
    are_strange: bool = False,
    broken: int = -1,
):
    """Try a model that names 'a' for everything where ours gives these answers."""
    (folder / "predict.py").write_text(SCRIPT.replace("/ 255}", "/ 255 + [0.5, 0.0]}"))
    pixels = np.full((len(expected), 4, 4, 3), 51, np.float32)
    if broken >= 0:
        pixels[broken] = np.nan
    np.save(folder / "pixels.npy", pixels)
    np.savez(folder / "expected.npz", probabilities=expected)
    images = tuple(folder / f"{number}.png" for number in range(len(expected)))
    for image in images:
        Image.new("RGB", (8, 8)).save(image)
    names = tuple(image.name for image in images)
    chosen = TrialImages(
        images=images, names=names, truths=None, calibration=(), are_strange=are_strange
    )
    card = run_records.card("r", TrainConfig(dataset_id="d"))
    return gate.try_out(
        entry, folder, replace(card, labels=("a", "b")), chosen, cast(Engine, Fake())
    )


def test_a_compressed_model_that_names_one_class_for_all_is_refused_in_words(tmp_path: Path):
    expected = np.array([[0.7, 0.2], [0.2, 0.7]] * 10)
    smaller = replace(EXPORT_FORMATS["keras"], tolerance=None)

    with pytest.raises(gate.RefusedExportError) as refused:
        tried(tmp_path, expected, smaller)

    assert "useless: it gives the same class as Predict in only 78% of" in str(refused.value)


def test_a_run_whose_pictures_are_gone_is_tried_on_the_sample_and_that_is_said(tmp_path: Path):
    smaller = replace(EXPORT_FORMATS["keras"], tolerance=None)

    found = tried(tmp_path, np.array([[0.7, 0.2]] * 5), smaller, are_strange=True)

    made = Export(format="litert-int8", path="x", num_bytes=1, sha256="", parity=found)
    assert found.is_of_sample
    assert any("pictures of Thaw's sample" in render(one) for one in proof.sentences(made))


def test_an_answer_that_is_no_number_is_refused_with_its_image(tmp_path: Path):
    expected = np.array([[0.7, 0.2]] * 3)

    with pytest.raises(gate.RefusedExportError, match=r"its answer to '1\.png' is no number"):
        tried(tmp_path, expected, EXPORT_FORMATS["keras"], broken=1)


@pytest.mark.parametrize(
    "said", ["[Errno 28] No space left on device: 'answers.csv'", "4096 requested and 12 written"]
)
def test_a_full_disk_is_no_fault_of_the_model(tmp_path: Path, monkeypatch, said: str):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr=f"Traceback\nOSError: {said}\n")
    monkeypatch.setattr(gate.subprocess, "run", lambda *_, **__: failed)

    with pytest.raises(OSError, match="No space") as refused:
        tried(tmp_path, np.array([[0.7, 0.2]] * 3), EXPORT_FORMATS["keras"])

    assert refused.value.errno == errno.ENOSPC
    assert not isinstance(refused.value, UserError)
