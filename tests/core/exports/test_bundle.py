"""What is taken away works without Thaw."""

import ast
import inspect
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import UserError
from core.exports import bundle, predict, script
from core.images import pixels
from core.judging.statistics import accuracy
from core.models import presets
from core.records import JudgedOn, RunScore, TrainConfig
from tests import builders, run_records
from tests.corpus import drawing, images, tiffs

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
@pytest.mark.parametrize("case", images.too_deep(), ids=lambda case: case.name)
def test_the_script_refuses_numbers_that_thaw_refuses(seen_by_script, case):
    with pytest.raises(ValueError, match="no fixed black and white"):
        seen_by_script(case.data)


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_a_very_long_picture_as_thaw_does(seen_by_script):
    data = drawing.saved(Image.fromarray(np.zeros((65_501, 130), np.uint8)), "PNG")

    np.testing.assert_array_equal(
        seen_by_script(data), pixels.read_copy(pixels.copy_of(data), SIZE)
    )


def test_the_script_and_the_card_take_the_bands_that_training_took(tmp_path: Path, alone: dict):
    p = drawing.picture()
    (tmp_path / "satellite.tif").write_bytes(tiffs.tiff(tiffs.deep(np.dstack([p, p]))))
    config = presets.configure("colours", backbone="MobileNetV2", image_size=SIZE)
    card = builders.card("run", config)

    seen = alone["pixels"](tmp_path / "satellite.tif", SIZE, "first")

    np.testing.assert_array_equal(
        seen, pixels.read_copy(pixels.copy_of(drawing.saved(Image.fromarray(p), "PNG")), SIZE)
    )
    with pytest.raises(ValueError, match="6 bands"):
        alone["pixels"](tmp_path / "satellite.tif", SIZE)
    assert "first three" in bundle.card_text(replace(card, bands="first"), None)
    assert "first three" not in bundle.card_text(card, None)


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


def test_the_script_reads_the_formats_that_thaw_reads():
    assert predict.FORMATS == pixels.FORMATS


def test_the_card_says_what_the_validation_images_were_used_for():
    card = run_records.card("r", TrainConfig(dataset_id="d"))
    refit = run_records.card("r", TrainConfig(dataset_id="d", train_on="train+validation"))

    chosen = bundle.card_text(replace(card, picked=("phase",)), None)
    assert "between fine-tuning and the head alone; the interval allows for that." in chosen
    assert "best epoch, so the accuracy on" in bundle.card_text(
        replace(card, picked=("epoch",)), None
    )
    assert "Nothing was chosen by the validation images." in bundle.card_text(card, None)
    assert "none: the model learned from the validation images too" in bundle.card_text(refit, None)
    assert "95% interval" not in bundle.card_text(refit, None)


def test_the_card_names_the_images_that_its_score_stands_on():
    card = run_records.card("r", TrainConfig(dataset_id="d"))
    score = accuracy(20, 24, largest_class=12)

    told = {on: bundle.card_text(card, RunScore(judged_on=on, accuracy=score)) for on in JudgedOn}

    for text in told.values():
        assert "83% (95% interval 64% to 93%, 24 images)" in text
    assert "| accuracy by five folds of all but the test images |" in told[JudgedOn.FOLDS]
    assert "| validation accuracy |" in told[JudgedOn.VALIDATION]
    assert "| test accuracy |" in told[JudgedOn.TEST]


def test_the_card_claims_no_allowance_for_an_early_end_which_moves_nothing():
    card = run_records.card("r", TrainConfig(dataset_id="d"))

    ended = bundle.card_text(replace(card, picked=("end",)), None)
    assert "when training ended, which makes the accuracy no higher" in ended
    assert "the interval allows" not in ended
    both = bundle.card_text(replace(card, picked=("phase", "end")), None)
    assert "when training ended; the interval allows for that." in both


def test_the_card_says_of_a_head_that_was_kept_that_all_blocks_are_frozen():
    config = TrainConfig(dataset_id="d", freeze="block_12", fine_tune_epochs=2)
    head = run_records.card("r", config)

    assert "frozen up to: all |" in bundle.card_text(head, None)
    tuned = bundle.card_text(replace(head, kept_phase="fine_tune"), None)
    assert "frozen up to: block_12 |" in tuned


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
