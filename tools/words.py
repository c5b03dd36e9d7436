"""Bring the translations up to date with the program: `python -m tools.words`.

Collects every literal text of the program, adds what is new to each language's thaw.po and drops
what is gone. New texts are left empty, for a person to translate, and are listed. The marks that
git leaves where two branches changed the same place are taken away: both sides' texts stay.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.lessons import reading
from core.locale import catalogues

ROOT = Path(__file__).parent.parent
SOURCES = ("app.py", "run.py", "core/**/*.py", "pages/**/*.py")
LESSONS = "core/lessons/texts"
FUNCTIONS = {"say": 1, "mark": 1, "t": 1, "nsay": 2, "nt": 2}  # and how many texts they take
LANGUAGES = ("zh_CN",)  # English is the language of the program's texts

Text = str | tuple[str, ...]
_DATES_AND_PEOPLE = re.compile(r'^"(POT|PO-|Last|Language-Team|Generated|Report)[^\n]*\n', re.M)
_MARKS_OF_GIT = re.compile(r"^(<{7}|\|{7}|={7}|>{7})( .*)?\n", re.M)
_ONE_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # the same every time, so that only texts differ


def main() -> int:
    """Update every language, and list what is left to translate."""
    for language in LANGUAGES:
        catalog = updated(language)
        text = io.BytesIO()
        write_po(text, catalog, width=98, include_lineno=False, sort_output=True)
        path = catalogues.source(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_DATES_AND_PEOPLE.sub("", text.getvalue().decode()), encoding="utf-8")
        print(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} to translate")
        for left in untranslated(catalog):
            print(f"  {shown(left)}")
    return 0


def updated(language: str) -> Catalog:
    """Give a language's catalogue with exactly the texts of the program."""
    known, now = read(language), empty(language)
    for path, text in texts():
        old = known.get(text[0] if isinstance(text, tuple) else text)
        now.add(text, old.string if old and old.id == text else "", [(path, None)])
    return now


def read(language: str) -> Catalog:
    """Read a language's catalogue."""
    path = catalogues.source(language)
    if not path.exists():
        return empty(language)
    text = _MARKS_OF_GIT.sub("", path.read_text(encoding="utf-8"))
    return read_po(io.BytesIO(text.encode()), locale=language, domain="thaw")


def empty(language: str) -> Catalog:
    """Start a catalogue."""
    return Catalog(
        locale=language,
        domain="thaw",
        project="Thaw",
        header_comment="# The texts of Thaw; made by tools/words.py, translated by hand.",
        creation_date=_ONE_DATE,
        revision_date=_ONE_DATE,
        fuzzy=False,
    )


def texts() -> Iterator[tuple[str, Text]]:
    """Give every text of the program and its lessons with the file it stands in."""
    yield from _of_sources()
    yield from _of_lessons()


def _of_sources() -> Iterator[tuple[str, Text]]:
    for path in sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)}):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            text = _text(node)
            if text:
                yield path.relative_to(ROOT).as_posix(), text


def _of_lessons() -> Iterator[tuple[str, Text]]:
    for path in sorted((ROOT / LESSONS).glob("*.yaml")):
        for text in reading.parsed(path).texts:
            yield path.relative_to(ROOT).as_posix(), text


def _text(node: ast.AST) -> Text | None:
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    literals = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    found = tuple(x for x in literals[: FUNCTIONS.get(name, 0)] if isinstance(x, str) and x)
    if not found or len(found) < FUNCTIONS[name]:
        return None
    return found if len(found) > 1 else found[0]


def untranslated(catalog: Catalog) -> list[Text]:
    """List what has no translation, or one that nobody has looked at."""
    return [m.id for m in catalog if m.id and (m.fuzzy or not all(_strings(m.string)))]


def mistranslated(catalog: Catalog) -> list[Text]:
    """List translations whose placeholders are not those of the text."""
    return [
        m.id
        for m in catalog
        if m.id and any(s and fields(s) != fields(_strings(m.id)[-1]) for s in _strings(m.string))
    ]


def fields(text: str) -> set[tuple[str, str | None]]:
    """Give the placeholders of a text with their formats."""
    return {(name, form) for _, name, form, _ in Formatter().parse(text) if name is not None}


def shown(text: Text) -> str:
    """Give a text for a list of texts; of one that counts, both forms."""
    return " | ".join(_strings(text))


def _strings(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


if __name__ == "__main__":
    sys.exit(main())
