"""Messages and languages."""

import pytest

from core import words
from core.words import nsay, render, say


def test_a_count_decides_between_one_and_many():
    def images(num: int) -> words.Message:
        return nsay("{num} image", "{num} images", num=num)

    assert [render(images(n)) for n in (0, 1, 2)] == ["0 images", "1 image", "2 images"]


def test_braces_in_a_value_are_left_alone():
    assert render(say("The class {name}", name="{x} {0} %s")) == "The class {x} {0} %s"


def test_a_message_inside_a_message_is_rendered_with_it():
    assert render(say("The run is {state}.", state=say("done"))) == "The run is done."


@pytest.mark.parametrize(
    ("asked", "language"),
    [("zh-CN", "zh_CN"), ("zh_TW.UTF-8", "zh_CN"), ("de", "en"), (None, "en"), ("", "en")],
)
def test_a_locale_becomes_a_language_there_is(asked: str | None, language: str):
    assert words.closest_language(asked) == language


def test_chinese_sentences_stand_without_a_space_between():
    assert words.join(("One.", "Two."), "en") == "One. Two."
    assert words.join(("一。", "二。"), "zh_CN") == "一。二。"


def test_a_text_without_translation_stays_english():
    assert words.translate("no such text", "zh_CN") == "no such text"
