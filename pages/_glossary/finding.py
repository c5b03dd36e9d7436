"""Which words of a text stand in the glossary."""

import re
from collections.abc import Iterator
from functools import cache

from core.words import translate
from pages._glossary.terms import TERMS

_LETTER = r"[^\W\u4e00-\u9fff]"  # a Chinese character beside a word is no part of it


def pieces(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Cut a text up: each piece with the name of its term, or none.

    A term is named where it first stands, as a whole word.
    """
    end, named = 0, set[str]()
    for found in _pattern(language).finditer(text):
        _, name = _words(language)[(found.lastindex or 1) - 1]
        if name in named:
            continue
        named.add(name)
        yield text[end : found.start()], ""
        yield found[0], name
        end = found.end()
    yield text[end:], ""


@cache
def _words(language: str) -> tuple[tuple[str, str], ...]:
    """Give words with their terms, the longest first: of several that fit the first is taken."""
    words = [
        (word.strip(), term.name)
        for term in TERMS.values()
        for word in translate(term.words, language).split("|")
    ]
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile("|".join(f"({_one(word)})" for word, _ in _words(language)), re.IGNORECASE)


def _one(word: str) -> str:
    """Give the pattern of a whole word; Chinese has no spaces between words."""
    return f"(?<!{_LETTER}){re.escape(word)}(?!{_LETTER})" if word.isascii() else re.escape(word)
