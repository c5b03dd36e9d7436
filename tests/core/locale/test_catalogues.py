"""Translations are compiled when they are needed, from what people edit."""

import os
from pathlib import Path

import pytest

from core.locale import catalogues
from core.words import LANGUAGES

HEAD = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'


def entry(text: str, translation: str) -> str:
    return f'msgid "{text}"\nmsgstr "{translation}"\n\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = catalogues.source("zh_CN", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + entry("Stop", "停止"), encoding="utf-8")
    return path


def translated(folder: Path, text: str = "Stop") -> str:
    return catalogues.load("zh_CN", folder).gettext(text)


def test_texts_are_compiled_at_first_use_and_read_afterwards(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = translated(tmp_path)
    monkeypatch.setattr(catalogues, "compiled", None)

    assert (first, translated(tmp_path)) == ("停止", "停止")
    assert sorted(p.name for p in source.parent.iterdir()) == ["thaw.mo", "thaw.po"]


def test_what_was_compiled_of_other_texts_is_compiled_anew(source: Path, tmp_path: Path):
    translated(tmp_path)
    made = source.with_suffix(".mo").stat().st_mtime

    source.write_text(HEAD + entry("Stop", "停下"), encoding="utf-8")
    os.utime(source, (made - 1e6, made - 1e6))  # an archive brings the time of its own making

    assert translated(tmp_path) == "停下"


@pytest.mark.parametrize(
    "kept", [b"", b"\xde\x12\x04\x95cut off", b"no catalogue at all, but long"]
)
def test_a_damaged_file_is_compiled_anew(source: Path, tmp_path: Path, kept: bytes):
    source.with_suffix(".mo").write_bytes(kept)

    assert translated(tmp_path) == "停止"


def test_where_nothing_can_be_written_texts_are_translated_all_the_same(
    source: Path, tmp_path: Path
):
    source.with_suffix(".mo").mkdir()  # refuses every write, also one of root

    assert translated(tmp_path) == "停止"
    assert [p.name for p in source.parent.glob(".*")] == []


def test_a_text_without_translation_stays_english_also_where_it_counts(
    source: Path, tmp_path: Path
):
    counting = 'msgid "{num} image"\nmsgid_plural "{num} images"\nmsgstr[0] ""\n\n'
    source.write_text(HEAD + entry("Stop", "") + counting, encoding="utf-8")

    found = catalogues.load("zh_CN", tmp_path)

    assert found.gettext("Stop") == "Stop"
    assert [found.ngettext("{num} image", "{num} images", n) for n in (1, 2)] == [
        "{num} image",
        "{num} images",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_that_can_be_chosen_has_its_texts(language: str):
    assert language == "en" or catalogues.load(language).gettext("Stop") != "Stop"
