"""The program of the gate, run on a model that is no model: a script that answers by arithmetic."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import UserError
from core.exports.formats import EXPORT_FORMATS
from core.exports.proving import check, gate
from core.records import Prediction, Score

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
    answers = gate._of_files(folder / "answers.csv", ["b", "a"], [SAID], ["x.jpg"], ONNX)
    np.testing.assert_array_equal(answers.expected, [[0.25, 0.75]])


def test_it_refuses_to_run_where_tensorflow_or_keras_is(folder: Path):
    done = run(folder, "alone")

    assert done.returncode == 1
    assert "tensorflow is installed beside this runtime" in done.stderr


@pytest.mark.parametrize(
    ("row", "entry", "told"),
    [
        (["x.jpg", "", "", "", "", "", "it is not an image"], ONNX, "x.jpg: it is not an image"),
        (["x.jpg", "", "", "", "", "", "it is not an image"], INT8, "x.jpg: it is not an image"),
        (["x.jpg", "a", "yes", "0.6", "1", "0", ""], ONNX, "similarity 0.6 instead of 0.5"),
        (["x.jpg", "a", "yes", "0.6", "1", "0", ""], INT8, ""),
        (["x.jpg", "a", "yes", "0.5001", "1", "0", ""], ONNX, ""),
        (["x.jpg", "a", "", "", "1", "0", ""], ONNX, ""),
    ],
)
def test_a_file_that_predict_answers_must_be_read_and_as_like(row, entry, told: str):
    try:
        gate._check_row(row, SAID, "x.jpg", entry)
        said = ""
    except gate.RefusedExportError as refused:
        said = str(refused)

    assert told in said
    assert bool(told) == bool(said)


def test_a_model_that_does_not_load_is_refused_with_the_reason(tmp_path: Path):
    (tmp_path / "predict.py").write_text("raise ValueError('Node has no input: conv1')")

    with pytest.raises(UserError, match="Node has no input: conv1"):
        gate._run_check(EXPORT_FORMATS["keras"], tmp_path)
