"""Cells as numbers, however people write them."""

import pytest

from core.ingest.lists import numbers
from core.words import render


def read(*cells: str) -> list[float | None]:
    return list(numbers.read_cells(cells).numbers)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("3", "-4", "+5", "−6", "1e3", ".5", "2.5E-1"), [3, -4, 5, -6, 1000, 0.5, 0.25]),
        (("3,5", "12,75", "7"), [3.5, 12.75, 7]),
        (("1,234.5", "12,000", "7.25"), [1234.5, 12000, 7.25]),
        (("1.234,5", "12.000", "7,25"), [1234.5, 12000, 7.25]),
        (("1 234", "12’000", "5"), [1234, 12000, 5]),
        (("1,234,567", "1,000"), [1234567, 1000]),
        (("0,125", "1,250"), [0.125, 1.25]),
        (("12 mm", "7.5mm", "3"), [12, 7.5, 3]),
        (("$12", "$ 3.50"), [12, 3.5]),
        (("１２", "３．５"), [12, 3.5]),
    ],
)
def test_numbers_are_read_as_they_are_meant(cells, found):
    assert read(*cells) == pytest.approx(found)


def test_a_unit_is_found_and_another_one_is_refused_in_a_sentence():
    found = numbers.read_cells(("12 mm", "3 mm", "1.2 cm"))

    assert found.unit == "mm"
    assert found.numbers == (12, 3, None)
    assert render(found.reasons[2]) == "'1.2 cm' has another unit than most: 'mm'."


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "It has no number."),
        ("NaN", "It has no number."),
        ("n/a", "It has no number."),
        ("inf", "'inf' is not a finite number."),
        ("1e400", "'1e400' is not a finite number."),
        ("1e300", "'1e300' is too large: 15 digits at most. Write it in a larger unit."),
        ("-1e16", "'-1e16' is too large: 15 digits at most. Write it in a larger unit."),
        (
            "2e-10",
            "'2e-10' is too near 0: 8 zeros after the point at most. Write it in a smaller unit.",
        ),
        ("about 5", "'about 5' is not a number."),
        ("3-4", "'3-4' is not a number."),
        ("12:30", "'12:30' is not a number."),
        ("2024-01-02", "'2024-01-02' is not a number."),
        ("1.2.3", "'1.2.3' could be read in two ways."),
    ],
)
def test_what_is_no_number_says_why(cell, said):
    found = numbers.read_cells((cell, "7.5"))

    assert found.numbers[0] is None
    assert render(found.reasons[0]) == said


def test_a_comma_that_could_be_either_is_said():
    found = numbers.read_cells(("1,234", "12"))

    assert found.numbers[0] == 1234
    assert "'1,234' was read as 1234" in render(found.note)
    assert numbers.read_cells(("1,234", "1.5")).note is None
