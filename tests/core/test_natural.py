"""The order in which classes are listed."""

import random

import pytest

from core import natural


@pytest.mark.parametrize(
    "names",
    [
        ["1", "2", "3", "10", "11", "100"],
        ["-10", "-2", "0", "0.25", "0.5", "1,5", "007", "30"],
        ["1 apple", "2 pears", "10 plums"],
        ["class1", "class2", "class10", "class10b"],
        ["n01", "n02", "n10"],
        ["7", "7up", "Birne", "apfel", "Äpfel", "苹果2", "苹果10"],
        ["IMG_2_b3", "IMG_2_b20", "IMG_10_a1"],
        ["１", "2", "10"],
    ],
)
def test_numbers_in_names_are_counted(names: list[str]) -> None:
    mixed = random.Random(0).sample(names, len(names))

    assert sorted(mixed, key=natural.sort_key) == names


def test_names_of_one_value_have_one_order() -> None:
    assert sorted(["01", "1", "001"], key=natural.sort_key) == ["001", "01", "1"]
    assert sorted(["a01", "a1"], key=natural.sort_key) == ["a01", "a1"]
