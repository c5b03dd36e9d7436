"""What is taken away works without Thaw."""

import ast
import csv
import inspect
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import UserError
from core.exports import openers, predict, script
from core.images import pixels, refusals
from core.judging.numbers import written
from core.words import render
from tests import numbered
from tests.corpus import drawing, images, refused, tiffs

SIZE = 48


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Run the script as it is taken away, as far as it reads pictures: what it defines."""
    path = tmp_path_factory.mktemp("taken") / "predict.py"
    path.write_text(script.text(), encoding="utf-8")
    return runpy.run_path(str(path))


@pytest.fixture
def seen_by_script(tmp_path: Path, alone: dict) -> Callable[[bytes], np.ndarray]:
    """Give what the script would feed the model."""

    def seen(data: bytes) -> np.ndarray:
        (tmp_path / "photo").write_bytes(data)
        return alone["pixels"](tmp_path / "photo", SIZE)

    return seen


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_every_picture_as_thaw_does(seen_by_script):
    apart, num_seen = [], 0
    for case in images.all_cases():
        try:
            ours = pixels.read_copy(pixels.copy_of(case.data), SIZE)
        except UserError:
            continue
        num_seen += 1
        if not np.array_equal(seen_by_script(case.data), ours):
            apart.append(case.name)

    assert num_seen > 80
    assert not apart


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", refused.too_deep(), ids=lambda case: case.name)
def test_the_script_refuses_numbers_that_thaw_refuses(seen_by_script, case):
    with pytest.raises(ValueError, match="no fixed black and white"):
        seen_by_script(case.data)


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_a_very_long_picture_as_thaw_does(seen_by_script):
    data = drawing.saved(Image.fromarray(np.zeros((65_501, 130), np.uint8)), "PNG")

    np.testing.assert_array_equal(
        seen_by_script(data), pixels.read_copy(pixels.copy_of(data), SIZE)
    )


def test_the_script_takes_the_bands_that_training_took(tmp_path: Path, alone: dict):
    p = drawing.picture()
    (tmp_path / "satellite.tif").write_bytes(tiffs.tiff(tiffs.deep(np.dstack([p, p]))))

    seen = alone["pixels"](tmp_path / "satellite.tif", SIZE, "first")

    np.testing.assert_array_equal(
        seen, pixels.read_copy(pixels.copy_of(drawing.saved(Image.fromarray(p), "PNG")), SIZE)
    )
    with pytest.raises(ValueError, match="6 bands"):
        alone["pixels"](tmp_path / "satellite.tif", SIZE)


def test_the_script_refuses_what_thaw_refuses(tmp_path: Path, alone: dict):
    taken = []
    for case in images.all_cases():
        if case.pixels is None and "large" not in case.reason and case.name != "empty.jpg":
            (tmp_path / "file").write_bytes(case.data)
            try:
                alone["pixels"](tmp_path / "file", SIZE)
            except Exception:
                continue
            taken.append(case.name)

    assert not taken


def test_the_script_says_in_words_that_a_file_is_not_an_image(tmp_path: Path, alone: dict):
    (tmp_path / "notes.jpg").write_bytes(b"not an image")

    assert alone["why"](unreadable(alone, tmp_path / "notes.jpg")) == "it is not an image"
    (tmp_path / ".hidden").touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").touch()
    assert [*alone["photos"]([tmp_path])] == [tmp_path / "notes.jpg", tmp_path / "sub" / "a.png"]


def unreadable(alone: dict, path: Path) -> Exception:
    with pytest.raises(Exception) as caught:
        alone["pixels"](path, SIZE)
    return caught.value


def unlinted(text: str) -> str:
    """Give what ruff has to say of names in a script: unknown, unused, or bound twice."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F", "-q", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout


def test_the_script_needs_nothing_of_thaw_and_names_everything_it_uses():
    tree = ast.parse(script.text())
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]

    assert ast.get_docstring(tree) == inspect.cleandoc(predict.__doc__ or "")
    assert unlinted(script.text()) == ""
    assert not [node.module for node in nodes if (node.module or "").startswith("core")]
    assert script.text().count("def read(") == script.text().count("def layout_of(") == 1


def test_the_script_reads_the_formats_that_thaw_reads_and_as_large_ones():
    assert predict.FORMATS == pixels.FORMATS
    assert predict.MOST_PIXELS == refusals.MAX_PIXELS


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_the_script_refuses_pictures_that_are_too_large(tmp_path: Path, alone: dict):
    large = [case for case in images.all_cases() if "too large" in case.reason]

    for case in large:
        (tmp_path / case.name).write_bytes(case.data)
        told = alone["why"](unreadable(alone, tmp_path / case.name))
        assert told == "it has more than 50 million pixels", case.name
    assert len(large) > 3


def test_of_several_models_the_one_is_opened_that_is_asked_for(tmp_path: Path):
    for name in ("model.keras", "model-int8.tflite", "model.onnx"):
        (tmp_path / name).touch()
    opened = {end: lambda path, threads, end=end: (end, Path(path).name) for end in openers.OPENERS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openers, "OPENERS", opened)

        assert openers.opened_model(tmp_path) == (".keras", "model.keras")
        named = openers.opened_model(tmp_path, name="model-int8.tflite")
        (tmp_path / "model.json").write_text('{"model": "model.onnx"}')
        assert openers.opened_model(tmp_path) == (".onnx", "model.onnx")

    assert named == (".tflite", "model-int8.tflite")
    with pytest.raises(SystemExit, match=r"no model 'model\.xml'"):
        openers.opened_model(tmp_path, name="model.xml")


def test_a_model_whose_library_is_missing_says_which(tmp_path: Path, monkeypatch):
    (tmp_path / "model.onnx").touch()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # as where it is not installed

    with pytest.raises(SystemExit, match=r"model.onnx needs another library: .*onnxruntime"):
        openers.opened_model(tmp_path)


def test_what_is_damaged_or_missing_is_said_in_a_sentence(tmp_path: Path, alone: dict):
    def damaged(path: str, threads: int) -> openers.Model:
        raise RuntimeError(f"{path}\nparsing failed")

    (tmp_path / "model.onnx").touch()
    (alone["HERE"] / "model.json").write_text("{")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openers, "OPENERS", {".onnx": damaged})
        with pytest.raises(SystemExit, match=r"^model.onnx cannot be opened, it may be damaged: "):
            openers.opened_model(tmp_path)
    with pytest.raises(SystemExit, match=r"^model.json is missing beside this script, or damaged"):
        alone["described"]()


def test_no_class_becomes_a_formula_in_the_table(tmp_path: Path, alone: dict):
    card = {"labels": ["=1+1", "b"], "config": {"image_size": SIZE, "output": "softmax"}}
    (alone["HERE"] / "model.json").write_text(json.dumps({**card, "bands": ""}))
    Image.new("RGB", (60, 60), "red").save(tmp_path / "a.png")
    given = {"probabilities": np.array([[0.75, 0.25]])}

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(alone["main"].__globals__, "opened_model", lambda *_, **__: lambda _: given)
        alone["main"]([str(tmp_path / "a.png"), "--csv", str(tmp_path / "out.csv")])

    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0][4:] == ["'=1+1", "b", "error"]
    assert rows[1][1:2] + rows[1][4:6] == ["'=1+1", "0.75", "0.25"]


def test_what_has_no_answer_is_told_by_the_exit_status(alone: dict, tmp_path: Path, capsys):
    card = {"labels": ["a", "b"], "config": {"image_size": SIZE, "output": "softmax"}, "bands": ""}
    (alone["HERE"] / "model.json").write_text(json.dumps(card))
    Image.new("RGB", (60, 60), "red").save(tmp_path / "a.png")
    (tmp_path / "empty").mkdir()
    given = {"probabilities": np.array([[0.75, 0.25]])}

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(alone["main"].__globals__, "opened_model", lambda *_, **__: lambda _: given)
        status = [alone["main"]([str(tmp_path / one)]) for one in ("a.png", "no.png")]
        with pytest.raises(SystemExit, match="There is no photo in these folders"):
            alone["main"]([str(tmp_path / "empty")])

    assert status == [0, 1]
    assert "no.png could not be read: there is no such file" in capsys.readouterr().err


def test_a_name_that_no_terminal_can_show_ends_nothing(tmp_path: Path):
    taken, photos = tmp_path / "taken", tmp_path / "photos"
    photos.mkdir(parents=True)
    taken.mkdir()
    (taken / "predict.py").write_text(script.text(), encoding="utf-8")
    card = {"labels": ["猫", "b"], "config": {"image_size": SIZE, "output": "softmax"}, "bands": ""}
    (taken / "model.json").write_text(json.dumps(card))
    Image.new("RGB", (60, 60), "red").save(tmp_path / "a.png")
    try:
        shutil.copy(tmp_path / "a.png", os.fsencode(photos) + b"/caf\xe9.png")
    except OSError:
        pytest.skip("this disk takes names of Unicode alone")
    shutil.copy(tmp_path / "a.png", photos / "z.png")
    code = (
        "import runpy, numpy; s = runpy.run_path('predict.py'); "
        "s['main'].__globals__['opened_model'] = lambda *_, **__: lambda _: "
        "{'probabilities': numpy.array([[.9998, .0002]])}; "
        "s['main'](['../photos', '--csv', 'out.csv'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=taken,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},  # as Windows has it in a pipe
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode("cp1252").splitlines()
    assert [line.rsplit(" ", 2)[1:] for line in lines] == [["\\u732b", ">99.9%"]] * 2
    rows = list(csv.reader((taken / "out.csv").read_text("utf-8-sig").splitlines()))
    assert [Path(row[0]).name for row in rows[1:]] == ["caf\\udce9.png", "z.png"]
    assert rows[1][1] == "猫"


def test_all_is_only_said_of_all(alone: dict):
    assert [alone["percent"](share) for share in (1.0, 0.9998, 0.9994, 0.0)] == [
        "100.0%",
        ">99.9%",
        "99.9%",
        "0.0%",
    ]


def test_the_script_says_of_a_picture_that_it_is_unlike_anything_learned(
    alone: dict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rule = {"directions": np.eye(2, dtype=np.float32), "threshold": np.array(0.9)}
    np.savez(alone["HERE"] / "unknown.npz", **rule)
    card = {"labels": ["a", "b"], "config": {"image_size": SIZE, "output": "sigmoid"}, "bands": ""}
    Image.new("RGB", (60, 60), "red").save(tmp_path / "=red.png")

    def row(*features: float) -> list:
        given = {"probabilities": np.array([[0.25]]), "features": np.array([features])}
        return alone["answer"](lambda images: given, card, tmp_path / "=red.png")

    known, unknown = row(2.0, 0.0), row(1.0, 1.0)

    assert known[1:] == ["a", "yes", 1.0, 0.75, 0.25, ""]
    assert unknown[1:3] == ["a", "no"]
    assert unknown[3] == pytest.approx(0.7071, abs=1e-4)
    assert (
        capsys.readouterr()
        .out.splitlines()[1]
        .endswith("=red.png unlike anything it learned from: a 75.0%")
    )
    assert alone["safe"](Path("=red.png")) == "'=red.png"
    assert alone["safe"]("") == ""


@pytest.mark.parametrize(
    ("number", "half", "unit", "line", "cells"),
    [
        (31.26, 5.5, "mm", "31.3 mm (25.8 to 36.8 mm)", [31.26, 25.76, 36.76, "no"]),
        (31.26, None, "%", "31.3%", [31.26, "", "", "no"]),
        (-0.04, None, "", "0.0\n", [-0.04, "", "", "no"]),
        (64.0, 1.0, "", "64.0 (63.0 to 65.0)\n", [64.0, 63.0, 65.0, "no"]),  # near enough
        (66.0, 1.0, "", "66.0 beyond all numbers it learned from", [66.0, "", "", "yes"]),
        (-9.0, None, "", "-9.0 beyond all numbers it learned from", [-9.0, "", "", "yes"]),
    ],
)
def test_the_script_says_a_number_with_its_range_and_whether_it_guesses(
    alone: dict, tmp_path: Path, capsys, number: float, half: float | None, unit, line: str, cells
):
    target = {"unit": unit, "known": [-5, 65], "half_range": half, "decimals": 1}
    card = {"config": {"image_size": SIZE, "task": "regression"}, "bands": "", "target": target}
    Image.new("RGB", (60, 60), "red").save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"none")

    read, broken = (
        alone["answer"](lambda images: {"number": np.array([[number]])}, card, tmp_path / name)
        for name in ("a.png", "b.png")
    )

    assert capsys.readouterr().out.startswith(f"{tmp_path / 'a.png'} {line}")
    assert read[1:] == [*(pytest.approx(x) if isinstance(x, float) else x for x in cells), ""]
    assert broken[1:] == ["", "", "", "", "it is not an image"]
    head = f"number ({unit})" if unit else "number"
    assert alone["answering"](card).columns(card) == [head, "low", "high", "beyond"]


def test_what_needs_many_decimals_is_written_as_thaw_does(alone: dict):
    for number, deviation in (
        (3.14159e-8, 1.7e-8),
        (0.0, 1.7e-8),
        (-1e-12, 1.7e-8),
        (3.2e-4, 1e-5),
    ):
        target = replace(numbered.TARGET, deviation=deviation)
        told = {"unit": "mm", "decimals": written.digits(deviation)}

        assert alone["in_unit"](told, number) == render(written.amount(number, target))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"number": np.array([[np.nan]])}, "the model has no answer to it"),
        ({"probabilities": np.array([[0.5, 0.5]])}, "the model is not the one that model.json"),
    ],
)
def test_what_is_no_answer_is_not_told_as_one(alone: dict, tmp_path: Path, capsys, given, told):
    target = {"unit": "", "known": [0, 60], "half_range": 1.0, "decimals": 1}
    card = {"config": {"image_size": SIZE, "task": "regression"}, "bands": "", "target": target}
    Image.new("RGB", (60, 60), "red").save(tmp_path / "a.png")

    row = alone["answer"](lambda images: given, card, tmp_path / "a.png")

    assert row[1:5] == [""] * 4
    assert told in row[5]
    assert capsys.readouterr().out == ""
