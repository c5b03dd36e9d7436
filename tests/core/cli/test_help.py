"""The help of the command line: nothing is left unexplained, in any language."""

import argparse
import unicodedata

import pytest

from core.cli import EXIT_MISUSED, main
from core.cli.parser import COMMANDS, build
from core.models.presets import PRESETS
from core.words import LANGUAGES

NAMES = [name for name, *_ in COMMANDS]
COLUMNS = 80


def commands_of(parser: argparse.ArgumentParser) -> argparse._SubParsersAction:
    return next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))


def chinese(text: str | None) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text or "")


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def helped(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_explained(language: str):
    commands = commands_of(build(language))

    assert commands.help
    said = {action.dest: action.help for action in commands._choices_actions}
    assert [name for name in NAMES if not said.get(name)] == []
    assert [name for name in NAMES if chinese(said[name]) != (language == "zh_CN")] == []
    assert {name: parser.description for name, parser in commands.choices.items()} == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_everything_a_command_takes_is_explained(name: str, language: str):
    taken = commands_of(build(language)).choices[name]._actions

    assert [action.dest for action in taken if not action.help] == []
    assert [a.dest for a in taken if chinese(a.help) != (language == "zh_CN")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", [[], *([name] for name in NAMES)], ids=" ".join)
def test_all_help_fits_the_terminal(
    words: list[str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("THAW_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))

    lines = helped(words, capsys).splitlines()

    assert [line for line in lines if columns(line) > COLUMNS] == []


def test_a_command_line_in_chinese_has_no_english_headings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("THAW_LANGUAGE", "zh_CN")

    lines = helped(["train"], capsys).splitlines()

    assert [line for line in lines if line and not line.startswith(" ") and not chinese(line)] == []


def test_the_help_of_a_training_names_the_default_of_every_preset(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("THAW_LANGUAGE", "en")

    said = " ".join(helped(["train"], capsys).split())

    assert "--batch-size N" in said
    assert "(default: 32)" in said
    epochs = [f"{name} {PRESETS[name].epochs}" for name in ("quick", "balanced", "thorough")]
    assert f"(default: {', '.join(epochs)})" in said


def test_misuse_in_chinese_shows_the_usage_and_points_to_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("THAW_LANGUAGE", "zh_CN")

    assert main(["train"]) == EXIT_MISUSED

    said = capsys.readouterr().err
    assert "python -m core train [-h]" in said
    assert "'python -m core train --help'" in said
    assert "usage" not in said
