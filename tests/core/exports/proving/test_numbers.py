"""The gate for models of numbers: differences in shares of how far numbers spread."""

import numpy as np

from core.exports.proving import parity
from core.exports.proving.parity import AnswerPair


def judged(given: np.ndarray, *, tolerance: float | None) -> object:
    expected = np.linspace(-2, 2, 30)[:, None]
    names = [f"{n}.png" for n in range(30)]
    pair = AnswerPair(expected=expected, given=expected + given, names=names)
    return parity.judge(pair, pair, tolerance=tolerance, labels=None, milliseconds=1.0)


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
