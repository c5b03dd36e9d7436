"""What translators work with, and what stops a release."""

from pathlib import Path

import pytest

from core.locale import catalogues
from tools import release, words


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Chinese texts, to be changed at will, and a program that says two things."""
    path = tmp_path / "thaw.po"
    said = [("a.py", "Stop"), ("b.py", ("{num} image", "{num} images"))]
    monkeypatch.setattr(catalogues, "source", lambda language: path)
    monkeypatch.setattr(words, "texts", lambda: iter(said))
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\nmsgid "Stop"\nmsgstr "停止"\n\n'
        'msgid "{num} image"\nmsgid_plural "{num} images"\nmsgstr[0] "{num} 张图片"\n',
        encoding="utf-8",
    )
    return path


def change(source: Path, old: str, new: str) -> None:
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new), encoding="utf-8")


def test_where_all_is_translated_a_release_may_be_made(source: Path):
    assert release.main() == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"停止"', '""', "to translate: Stop"),
        ('"{num} 张图片"', '""', "to translate: {num} image | {num} images"),
        ('msgid "Stop"', 'msgid "Halt"', "no longer used: Halt"),
        ("{num} 张", "{count} 张", "not the values of its text: {num} image | {num} images"),
    ],
)
def test_what_a_release_lacks_is_listed(source: Path, capsys, old: str, new: str, problem: str):
    change(source, old, new)

    code = release.main()

    assert code == 1
    assert f"  {problem}\n" in capsys.readouterr().out


def test_new_texts_are_added_and_listed_which_is_no_failure(source: Path, capsys):
    change(source, 'msgid "Stop"\nmsgstr "停止"\n', "")

    code = words.main()

    assert code == 0
    assert "2 texts, 1 to translate\n  Stop\n" in capsys.readouterr().out
    assert 'msgid "Stop"\nmsgstr ""\n' in source.read_text(encoding="utf-8")


def test_where_two_branches_added_texts_both_stay(source: Path, monkeypatch: pytest.MonkeyPatch):
    stop, start = ('msgid "Stop"\nmsgstr "停止"\n', 'msgid "Start"\nmsgstr "开始"\n')
    change(source, stop, f"<<<<<<< HEAD\n{stop}=======\n{start}>>>>>>> branch of mine\n")
    monkeypatch.setattr(words, "texts", lambda: iter([("a.py", "Start"), ("a.py", "Stop")]))

    words.main()

    merged = source.read_text(encoding="utf-8")
    assert stop in merged
    assert start in merged
    assert "HEAD" not in merged
