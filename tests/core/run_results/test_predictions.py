"""Answers on disk: what is written is read, and what is damaged is not there."""

from pathlib import Path

import numpy as np
import pytest

from core.judging.evaluation import calibration
from core.records import Split
from core.run_folder import RunFolder
from core.run_results import predictions
from core.run_results.predictions import PartPredictions

LOGITS = np.array([[2.0, 0.0], [0.0, 1.0], [0.5, 0.0]], np.float32)
FOUND = PartPredictions(
    contents=("a.png", "b.png", "c.png"),
    labels=np.array([0, 1, 1], np.int32),
    groups=("", "site 1", "site 1"),
    logits=LOGITS,
    temperature=2.0,
    before=-LOGITS,
)


def test_what_is_written_is_read_part_by_part(tmp_path: Path):
    folder = RunFolder(tmp_path)

    predictions.write(folder, Split.VALIDATION, FOUND)
    read = predictions.read(folder)

    assert read is not None
    assert (read.contents, read.groups, read.temperature) == (FOUND.contents, FOUND.groups, 2.0)
    assert read.predicted.tolist() == [0, 1, 0]
    assert read.right.tolist() == [True, True, False]
    assert read.before is not None
    assert np.array_equal(read.before, -LOGITS)
    assert read.last is None
    assert predictions.read(folder, Split.TEST) is None


def test_probabilities_are_those_at_the_temperature(tmp_path: Path):
    assert FOUND.probabilities[0] == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_not_there(tmp_path: Path, share: float):
    folder = RunFolder(tmp_path)
    predictions.write(folder, Split.VALIDATION, FOUND)
    whole = folder.predictions.read_bytes()

    folder.predictions.write_bytes(whole[: int(share * len(whole))])

    assert predictions.read(folder) is None


def test_an_unknown_part_has_no_answers(tmp_path: Path):
    with pytest.raises(KeyError):
        predictions.read(RunFolder(tmp_path), Split.TRAIN)


def test_logits_come_to_the_probabilities_they_were_made_from():
    rows = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]], np.float32)

    for temperature in (0.5, 1.0, 1.7):
        again = calibration.probabilities(calibration.logits(rows, temperature), temperature)

        assert again == pytest.approx(rows, abs=1e-6)
        assert np.array_equal(again.argmax(axis=1), rows.argmax(axis=1))
