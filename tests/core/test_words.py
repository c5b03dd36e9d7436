"""Messages and languages."""

import pytest

from core import files, words
from core.words import Message, enumeration, nsay, render, say


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


def test_a_list_has_the_comma_of_the_language_and_survives_being_stored():
    names = enumeration(["oak, red", "elm", say("'{name}'", name="ash")])
    stored = files.decode(Message, files.encode(say("Known are: {known}.", known=names)))

    assert render(stored) == "Known are: 'oak, red', elm, 'ash'."
    assert render(stored, "zh_CN") == "可用的有：“oak, red”、elm、“ash”。"
    assert render(enumeration([])) == ""


def test_a_name_in_a_list_is_never_translated():
    assert render(enumeration(["None"]), "zh_CN") == "None"


def test_a_list_of_a_thousand_things_can_be_rendered():
    assert render(enumeration(list(range(1000)))).endswith("998, 999")


def test_a_sentence_that_an_earlier_version_stored_is_said_as_today():
    old = nsay("{num} doubtful label was kept.", "{num} doubtful labels were kept.", num=2)

    assert render(old) == "2 labels that looked wrong were kept."
    assert render(old, "zh_CN") == "已保留 2 个可疑标签。"
