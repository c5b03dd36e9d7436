"""Every text of the program is there in every language, with all its values."""

import ast
from string import Formatter

import pytest

from core.words import LANGUAGES, nsay, render, say
from tools import words

OTHERS = words.LANGUAGES


def texts():
    return sorted({text for _, text in words.texts()}, key=str)


def test_every_language_that_can_be_chosen_is_translated():
    assert {"en", *OTHERS} == set(LANGUAGES)


def test_the_texts_are_found_with_their_plurals():
    assert "Did you mean '{name}'?" in texts()
    assert any(isinstance(text, tuple) and "{num}" in text[1] for text in texts())


def test_no_text_reaches_say_by_a_name_that_the_collector_does_not_follow():
    hidden = []
    for path in sorted({p for pattern in words.SOURCES for p in words.ROOT.glob(pattern)}):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        plain = {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        calls = [n for n in nodes if isinstance(n, ast.Call) and n.args]
        spoken = [n.args[0] for n in calls if getattr(n.func, "id", "") in words.FUNCTIONS]
        hidden += [f"{path.name}: {a.id}" for a in spoken if getattr(a, "id", "") in plain]

    assert hidden == [], "write the text itself into say(), or mark() it"


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_has_the_values_of_its_text(language):
    assert words.mistranslated(words.read(language)) == []


def test_one_and_many_hold_the_same_values_in_english():
    for text in texts():
        if isinstance(text, tuple):
            one, many = (words.fields(part) for part in text)
            assert one <= many, text
            assert ("num", "") in many, text


def test_every_value_of_a_text_has_a_name():
    for text in texts():
        for part in text if isinstance(text, tuple) else (text,):
            names = [name for _, name, _, _ in Formatter().parse(part) if name is not None]
            assert all(name.isidentifier() for name in names), part


@pytest.mark.parametrize("language", OTHERS)
def test_a_message_inside_a_message_is_rendered_in_the_readers_language(language):
    message = say("There is no {noun} called '{name}'.", noun=say("backbone"), name="VGG")

    assert "backbone" not in render(message, language)
    assert "VGG" in render(message, language)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("num", [0, 1, 5])
def test_counts_are_rendered_in_the_readers_language(language, num):
    message = nsay("{num} image", "{num} images", num=num)

    assert render(message, language) not in (render(message), f"{num} image")
    assert str(num) in render(message, language)
