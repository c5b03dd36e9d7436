"""Words a person reads: message ids with their values, rendered in the reader's language.

What is stored (errors, reports, log sentences) is a `Message`: the English text is the message id,
as gettext has it, and the values stand beside it. Page and command line render it when it is read.
"""

import gettext
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.locale import catalogues

LANGUAGES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}
_COMMAS = frozenset(",，、")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A sentence and its values; with a plural, the value called ``num`` decides which is used."""

    text: str
    plural: str = ""
    values: tuple[tuple[str, "str | int | float | Message"], ...] = ()

    def __str__(self) -> str:
        return render(self)


Value = str | int | float | Message  # a message inside a message is rendered with it


def say(text: str, /, **values: Value) -> Message:
    """Make a message; ``{name}`` in the text stands for the value of that name."""
    return Message(text=text, values=tuple(values.items()))


def nsay(one: str, many: str, /, **values: Value) -> Message:
    """Make a message that counts; the value ``num`` is the count."""
    return Message(text=one, plural=many, values=tuple(values.items()))


def enumeration(items: Sequence[Value]) -> Message:
    """Make one message of several things, with the comma of the reader's language between them.

    A name that has a comma itself stands in quotes. It is built as a tree, so that a thousand
    classes nest ten deep.
    """
    if len(items) < 2:
        return _item(items[0]) if items else say("")
    half = len(items) // 2
    return say(
        "{first}, {second}", first=enumeration(items[:half]), second=enumeration(items[half:])
    )


def _item(item: Value) -> Message:
    has_comma = isinstance(item, str) and not _COMMAS.isdisjoint(item)
    return say("'{name}'", name=item) if has_comma else say("{item}", item=item)


def mark(text: str) -> str:
    """Mark a text of a data table for translation, and leave it as it is."""
    return text


def render(message: Message, language: str = "en") -> str:
    """Turn a message into a sentence of that language."""
    values = {
        name: render(value, language) if isinstance(value, Message) else value
        for name, value in message.values
    }
    one, many = _FORMER.get(message.text, (message.text, message.plural))
    if many:
        text = _catalogue(language).ngettext(one, many, int(values["num"]))
    else:
        text = translate(one, language)
    return text.format(**values) if values else text


_FORMER: Mapping[str, tuple[str, str]] = {  # what earlier versions stored, and how it is said now
    "{num} doubtful label was kept.": (
        "{num} label that looked wrong was kept.",
        "{num} labels that looked wrong were kept.",
    ),
}


def join(sentences: Iterable[str], language: str) -> str:
    """Put sentences one after the other, as that language does: Chinese has no space between."""
    return ("" if language == "zh_CN" else " ").join(sentences)


def translate(text: str, language: str = "en") -> str:
    """Look a text up; a text the language lacks stays English."""
    return _catalogue(language).gettext(text) if text else ""


def closest_language(asked: str | None) -> str:
    """Map a locale such as ``zh-Hans-CN`` or ``de_DE.UTF-8`` to a language Thaw speaks."""
    return "zh_CN" if (asked or "").lower().startswith("zh") else "en"


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    return catalogues.load(language)
