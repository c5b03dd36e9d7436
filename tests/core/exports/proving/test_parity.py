"""What the gate lets through, on answers of which the right verdict is known."""

import numpy as np
import pytest

from core.exports.formats import TOLERANCE
from core.exports.proving import parity
from core.exports.proving.parity import AnswerPair

SURE = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
TORN = np.array([[0.5004, 0.4996]])  # less than 2e-3 apart: either class is right


def judged(given, *, expected=SURE, tolerance=TOLERANCE, labels=None, files=TORN):
    pixels = AnswerPair(expected=expected, given=np.array(given), names=["a", "b", "c"])
    read = AnswerPair(expected=TORN, given=np.array(files), names=["large.jpg"])
    return parity.judge(pixels, read, tolerance=tolerance, truths=labels, milliseconds=1.2345)


def test_the_same_answers_pass():
    found = judged(SURE + np.array([[1e-5, -1e-5]]))

    assert found.passed
    assert (found.images, found.files, found.agreement) == (3, 1, 1.0)
    assert found.max_difference == pytest.approx(1e-5)
    assert (found.accuracy, found.accuracy_change, found.milliseconds) == (None, None, 1.234)


def test_a_difference_beyond_the_tolerance_is_refused_and_the_worst_image_is_named():
    found = judged([[0.9, 0.1], [0.202, 0.798], [0.7, 0.3]])

    assert not found.passed
    assert found.worst == "b"
    assert found.max_difference == pytest.approx(2e-3)


def test_what_is_not_a_number_is_refused_in_every_format():
    for tolerance in (TOLERANCE, None):
        found = judged([[0.9, 0.1], [0.2, 0.8], [np.nan, 0.3]], tolerance=tolerance)

        assert not found.passed
        assert (found.worst, found.max_difference) == ("c", 1.0)


def test_a_file_that_is_read_otherwise_is_refused_by_its_name():
    found = judged(SURE, files=[[0.45, 0.55]])

    assert not found.passed
    assert found.worst == "large.jpg"


def test_two_classes_that_are_next_to_alike_may_change_places():
    assert judged(SURE, files=[[0.4998, 0.5002]]).passed


def test_files_that_another_program_decodes_need_only_be_near_but_pixels_the_same():
    def near(given, least: float = 0.98, pixels=SURE) -> bool:
        read = AnswerPair(expected=SURE, given=np.array(given), names=["x", "y", "z"])
        same = AnswerPair(expected=SURE, given=np.array(pixels), names=["a", "b", "c"])
        found = parity.judge(
            same,
            read,
            tolerance=TOLERANCE,
            truths=None,
            milliseconds=1.0,
            file_limits=(0.05, least),
        )
        return found.passed

    assert near(SURE + np.array([[0.04, -0.04]]))
    assert not near(SURE + np.array([[0.06, -0.06]]))
    assert not near([[0.9, 0.1], [0.2, 0.8], [np.nan, 0.3]])
    assert not near(SURE, pixels=SURE + np.array([[0.04, -0.04]]))
    assert not near(SURE[:, ::-1], least=0.0)


def test_of_files_that_need_only_be_near_as_many_must_agree_as_are_asked_for():
    expected, given = np.array([[0.52, 0.48], [0.9, 0.1]]), np.array([[0.49, 0.51], [0.9, 0.1]])
    read = AnswerPair(expected=expected, given=given, names=["x", "y"])

    for least, passed in ((0.5, True), (0.98, False)):
        found = parity.judge(
            AnswerPair(expected=SURE, given=SURE, names=["a", "b", "c"]),
            read,
            tolerance=TOLERANCE,
            truths=None,
            milliseconds=1.0,
            file_limits=(0.05, least),
        )
        assert found.passed is passed
        assert found.worst == "x"


def test_what_a_compressed_format_loses_is_told():
    given = np.array([[0.9, 0.1], [0.6, 0.4], [0.4, 0.6]])
    found = judged(given, tolerance=None, labels=np.array([0, 0, 0]))

    assert (found.agreement, found.max_difference) == (0.5, pytest.approx(0.4))
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.accuracy_change == 0.0  # one became right, one wrong
    assert found.change_low is not None
    assert found.change_high is not None
    assert -1 <= found.change_low < 0 < found.change_high <= 1


def test_one_number_of_a_sigmoid_stands_for_two_classes():
    np.testing.assert_allclose(parity.two_columns(np.array([[0.25]])), [[0.75, 0.25]])
    np.testing.assert_array_equal(parity.two_columns(SURE), SURE)


def many(given: list[int], expected: list[int], *, labels=None, groups=(), classes: int = 3):
    """Judge a compressed model that names these classes where ours names those."""
    sure = np.eye(classes) * 0.8 + 0.2 / classes
    names = [str(number) for number in range(len(given))]
    pixels = AnswerPair(
        expected=sure[expected], given=sure[given], names=names, groups=tuple(groups)
    )
    read = AnswerPair(expected=TORN, given=TORN, names=["large.jpg"])
    return parity.judge(
        pixels,
        read,
        tolerance=None,
        truths=None if labels is None else np.array(labels),
        milliseconds=1.0,
    )


VARIED = [0, 1, 2] * 20


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([0] * 60, VARIED),  # one class for everything
        ([1, 2, 0] * 20, VARIED),  # never the same
        ([0] * 60, [0] * 54 + [1] * 6),  # one class for everything, which is nearly right
        ([0, 1, 2] * 10 + [1] * 30, VARIED),  # half of it is noise
    ],
)
def test_a_compressed_model_that_has_collapsed_is_refused(given: list[int], expected: list[int]):
    assert not many(given, expected).passed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (VARIED, VARIED),
        ([*VARIED[:55], 0, 0, 0, 0, 0], VARIED),
        ([0, 1, 2], [0, 1, 2]),  # few images, and nothing speaks against it
        ([0] * 60, [0] * 60),  # the model itself names one class
        ([0] * 60, [0] * 59 + [1]),  # a single answer shows no collapse
    ],
)
def test_a_compressed_model_that_loses_little_passes(given: list[int], expected: list[int]):
    assert many(given, expected).passed


def test_a_compressed_model_that_surely_lost_half_of_what_was_right_is_refused():
    labels = [0] * 40 + [1] * 60
    expected = [0] * 40 + [2] * 60  # 40 right of 100
    found = many([1] * 25 + [0] * 15 + [2] * 60, expected, labels=labels)

    assert (found.accuracy, found.accuracy_change) == (0.15, pytest.approx(-0.25))
    assert found.kappa is not None
    assert found.kappa > parity.LEAST_KAPPA
    assert not found.passed


def test_images_of_a_group_are_one_witness_of_what_is_lost():
    broke = [1] * 12 + VARIED[12:]
    alone = many(broke, VARIED, labels=VARIED)
    bursts = many(broke, VARIED, labels=VARIED, groups=[str(n // 6) for n in range(60)])

    assert alone.accuracy_change == bursts.accuracy_change == pytest.approx(-8 / 60)
    assert bursts.change_low < alone.change_low < 0
    assert bursts.change_high > 0 > alone.change_high
    assert bursts.agreement_low < alone.agreement_low
