"""Scores in words: a short form, and what stands behind it."""

from core.insights import score_texts
from core.judging.statistics import accuracy


def test_a_score_is_short_and_never_without_how_sure_it_is():
    assert str(score_texts.short(accuracy(7, 8, largest_class=4))) == "88% right (53% to 98%)"


def test_behind_a_score_stand_its_images_and_what_guessing_would_score():
    said = str(score_texts.behind(accuracy(7, 8, largest_class=4)))

    assert "stands on 8 images" in said
    assert "largest class would be right in 50%" in said
