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
    """Give words with their terms, the longest first: of several that fit the first is taken.

    Those of other scripts stand before: one that begins in Latin letters is longer than these.
    """
    words = [
        (word.strip(), term.name)
        for term in TERMS.values()
        for word in translate(term.words, language).split("|")
    ]
    return tuple(sorted(words, key=lambda pair: (pair[0].isascii(), -len(pair[0]))))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """Give a group for each word; Chinese has no spaces between words, others are whole words.

    What a letter is stands in it as rarely as can be: each time takes milliseconds to compile.
    """
    words = [word for word, _ in _words(language)]
    others = [f"({re.escape(word)})" for word in words if not word.isascii()]
    latin = "|".join(f"({re.escape(word)})" for word in words if word.isascii())
    whole = f"(?<!{_LETTER})(?i:{latin})(?!{_LETTER})"
    return re.compile("|".join((*others, whole)))
