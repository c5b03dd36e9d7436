"""The check of a finished model, and when it complains."""

import pytest

from core.engine.prediction import checking
from core.judging import statistics

pytestmark = pytest.mark.engine


def complaint(correct: int, images: int, trained: float) -> str:
    checked = statistics.accuracy(correct, images, largest_class=1)
    message = checking.complaint(checked, trained)
    return "" if message is None else str(message)


def test_one_image_apart_is_rounding():
    assert complaint(30, 40, 31 / 40) == ""


def test_two_images_of_few_are_an_error():
    said = complaint(30, 40, 32 / 40)

    assert said.startswith("Error: the saved model names 30 of 40 validation images rightly")
    assert "it was 32" in said


def test_of_many_images_two_in_a_thousand_may_differ():
    assert complaint(1500, 2000, 1504 / 2000) == ""
    assert complaint(1500, 2000, 1505 / 2000) != ""
