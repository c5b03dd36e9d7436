"""Numbers as people read them."""

from dataclasses import replace

import pytest

from core.judging.numbers import answering, written
from core.records import LearnedTarget, Prediction, Target
from core.words import render


def target(deviation: float = 22.0, unit: str = "mm") -> Target:
    return Target(name="width", unit=unit, lowest=2, highest=90, mean=40, deviation=deviation)


@pytest.mark.parametrize(
    ("deviation", "number", "told"),
    [
        (22.0, 62.4988, "62.5 mm"),
        (0.05, 0.12345, "0.1235 mm"),
        (5000.0, 12345.6, "12346 mm"),
        (22.0, -0.001, "0.0 mm"),
        (0.0, 3.0, "3.00 mm"),
        (2e-8, 1.23456e-7, "1.235e-07 mm"),
        (2e-8, -1e-12, "0 mm"),
    ],
)
def test_a_number_has_as_many_digits_as_mean_something(deviation, number, told):
    assert render(written.amount(number, target(deviation))) == told


def test_units_stand_behind_a_space_but_for_percent():
    assert render(written.amount(12, target(unit=""))) == "12.0"
    assert render(written.amount(12, target(unit="%"))) == "12.0%"
    assert render(written.interval(1, 2, target())) == "1.0 to 2.0 mm"


@pytest.mark.parametrize("name", ["width (mm)", "width [mm]", "宽度（mm）"])
def test_a_unit_that_stands_in_the_name_is_not_said_twice(name):
    assert render(written.titled(replace(target(), name=name))) == name
    assert render(written.titled(target())) == "width (mm)"


def test_a_number_as_a_label_is_as_short_as_it_is():
    assert [written.plain(x) for x in (12.0, -0.0, 0.1, 1e-7)] == ["12", "0", "0.1", "1e-07"]
    assert written.plain(123456789012345.0) == "123456789012345"


def test_columns_and_sliders_write_what_the_texts_write():
    assert [written.layout(target(x)) for x in (22.0, 5000.0, 2e-8)] == ["%.1f", "%.0f", "%.2e"]


def test_all_is_only_said_of_all():
    assert [written.r2(x) for x in (0.999, 1.0, -0.001, -9.99)] == ["0.99", "1.00", "0.00", "-9.99"]


def test_an_answer_says_its_range_and_what_lies_beyond_what_was_learned():
    learned = LearnedTarget(
        name="width", unit="mm", mean=40, deviation=22, lowest=2, highest=90, half_range=5
    )
    near = Prediction(file="a.png", number=50, low=45, high=55)
    far = Prediction(file="a.png", number=150, low=145, high=155)
    edge = Prediction(file="a.png", number=94, low=89, high=99)

    assert render(answering.answer(near, learned)) == "50.0 mm (45.0 to 55.0 mm)"
    assert render(answering.answer(far, learned)) == "150.0 mm, beyond what it learned"
    assert answering.range_around(far, learned) is None
    assert answering.known_span(learned) == (-3, 95)
    assert [answering.span_of(x, learned) for x in (edge, far)] == [(89, 99), (None, None)]
    assert answering.beyond(edge, learned) is None
    assert answering.beyond(near, learned) is None
    assert "2.0 to 90.0 mm" in render(answering.beyond(far, learned))
