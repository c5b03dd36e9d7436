"""The gate for models of numbers: differences in shares of how far numbers spread."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from core.exports.formats import EXPORT_FORMATS
from core.exports.proving import answered, gate, parity, proof
from core.exports.proving.parity import AnswerPair
from core.exports.proving.trial import TrialImages
from core.records import Export, Parity, Prediction, TrainConfig
from core.records.choices import ExportFormat
from core.runs.inference import Engine
from tests import builders, numbered, run_records

ONNX = EXPORT_FORMATS["onnx"]
CARD = replace(
    run_records.card("r", TrainConfig(dataset_id="d", task="regression")),
    labels=(),
    target=replace(numbered.TARGET, half_range=5.0),
)
SAID = Prediction(file="a.png", label="", scores=(), number=30.0, low=25.0, high=35.0)


def judged(given: np.ndarray, *, tolerance: float | None) -> object:
    expected = np.linspace(-2, 2, 30)[:, None]
    names = [f"{n}.png" for n in range(30)]
    pair = AnswerPair(expected=expected, given=expected + given, names=names)
    return parity.judge(pair, pair, tolerance=tolerance, truths=None, milliseconds=1.0)


def test_numbers_that_are_near_pass_and_others_do_not():
    near = judged(np.full((30, 1), 1e-5), tolerance=1e-4)
    far = judged(np.full((30, 1), 1e-3), tolerance=1e-4)

    assert near.passed
    assert near.is_number
    assert not far.passed
    assert far.max_difference > 9e-4


def test_a_compressed_model_of_numbers_that_has_collapsed_is_refused():
    rough = judged(np.full((30, 1), 0.05), tolerance=None)
    collapsed = judged(-np.linspace(-2, 2, 30)[:, None], tolerance=None)

    assert rough.passed
    assert not collapsed.passed


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["a.png", "30", "25", "35", "no", ""], ""),
        (["a.png", "30", "", "", "no", ""], "its range for 'a.png' is 0 wide, where that of"),
        (["a.png", "30", "20", "40", "no", ""], "is 20 wide, where that of Predict is 10"),
        (["a.png", "", "", "", "", "it is not an image"], "could not read 'a.png'"),
    ],
)
def test_a_number_has_the_range_that_predict_gives(row: list[str], told: str):
    try:
        gate._check_row(row, SAID, CARD, ONNX)
        said = ""
    except gate.RefusedExportError as refused:
        said = str(refused)

    assert told in said
    assert bool(told) == bool(said)


class Fake:
    """Reads 30 mm off every file."""

    def predict(self, run_id: str, images: Sequence[Path]) -> tuple[Prediction, ...]:
        return tuple(replace(SAID, file=str(image)) for image in images)


def tried(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    entry: ExportFormat,
    given: np.ndarray,
    truths: np.ndarray | None = None,
    groups: Sequence[str] = (),
):
    """Try a model that gives these numbers where ours gives 30 mm, with rows as the script's."""
    image = builders.write_image(folder / "a.png", colour=0)
    kept = {"number": given, "milliseconds": np.array(1.0)}

    def run(entry: ExportFormat, folder: Path) -> None:
        np.savez(folder / "answers.npz", **kept)
        lines = [f"{path},30,25,35,no," for path in json.loads((folder / "files.json").read_text())]
        (folder / "answers.csv").write_text(
            "\n".join(["file,number,low,high,beyond,error", *lines])
        )

    monkeypatch.setattr(gate, "_run_check", run)
    np.savez(folder / "expected.npz", number=np.full((len(given), 1), 30.0))
    chosen = TrialImages(
        images=(image,) * len(given),
        names=("a.png",) * len(given),
        truths=truths,
        calibration=(),
        groups=tuple(groups),
    )
    return gate.try_out(entry, folder, CARD, chosen, cast(Engine, Fake()))


def test_what_is_off_is_told_in_shares_of_how_far_numbers_spread(tmp_path, monkeypatch):
    near = tried(tmp_path, monkeypatch, ONNX, np.full((4, 1), 30.001))
    with pytest.raises(gate.RefusedExportError) as apart:
        tried(tmp_path, monkeypatch, ONNX, np.full((4, 1), 30.17))
    with pytest.raises(gate.RefusedExportError) as useless:
        tried(tmp_path, monkeypatch, EXPORT_FORMATS["litert-int8"], np.full((4, 1), 38.5))

    assert near.mean_difference == pytest.approx(0.001 / 17)
    assert "answers 'a.png' otherwise than Predict; its number is off by 0.01 of" in str(
        apart.value
    )
    assert "No number is off by more than 0.001" in str(apart.value)
    assert "on average its numbers are off from Predict by 50% of" in str(useless.value)
    assert "class" not in f"{apart.value} {useless.value}"


def test_every_task_is_compared_by_an_output_of_its_own():
    assert answered.of(CARD).output == "number"
    assert answered.of(run_records.card("r", TrainConfig(dataset_id="d"))).output == "probabilities"


def test_what_compression_costs_is_told_of_images_it_did_not_learn_from(tmp_path, monkeypatch):
    int8, rng = EXPORT_FORMATS["litert-int8"], np.random.default_rng(0)
    truths = 30 + rng.normal(0, 1.7, 60)
    broke = 30 + np.repeat(rng.normal(0, 3.4, 10), 6)[:, None]

    found = tried(tmp_path, monkeypatch, int8, broke, truths)
    bursts = tried(tmp_path, monkeypatch, int8, broke, truths, [str(n // 6) for n in range(60)])
    few = tried(tmp_path, monkeypatch, int8, broke[:1], truths[:1])

    here, there = np.abs(30 - truths).mean() / 17, np.abs(broke[:, 0] - truths).mean() / 17
    assert found.error == pytest.approx(there)
    assert found.error_change == pytest.approx(there - here)
    assert found.change_low < found.error_change < found.change_high
    assert bursts.change_high - bursts.change_low > 1.3 * (found.change_high - found.change_low)
    assert few.error is not None
    assert few.error_change is None
    [told] = [s for s in proof.sentences(made(found)) if "did not learn from" in str(s)]
    assert str(told).startswith("On 60 images that it did not learn from, it is off by 20% of how")
    assert not [s for s in proof.sentences(made(few)) if "did not learn from" in str(s)]


def made(found: Parity) -> Export:
    return Export(format="litert-int8", path="m", num_bytes=1, sha256="", parity=found)
