"""Arguments that are explained in the reader's language, in lines that fit the terminal."""

import argparse
import re
import unicodedata
from collections.abc import Mapping
from functools import partial, reduce
from typing import Any, NoReturn

from core.errors import UserError
from core.records.choices import Entry, check
from core.words import Message, mark, render, say, translate

_WIDE = "\u2e80-\uffef"  # Chinese signs and their punctuation
# A line may end at a space or a wide sign, but not before a closing mark or after an opening one
_BREAK = re.compile(rf"(?<=\s)|(?<![（“])(?![，。；：、）”\s])(?:(?<=[{_WIDE}])|(?=[{_WIDE}]))")


class Parser(argparse.ArgumentParser):
    """Help in the reader's language; misuse raises a `UserError`, printed like every other."""

    def __init__(self, *, language: str, **options: Any) -> None:
        self._language = language
        super().__init__(
            add_help=False, formatter_class=partial(_Formatter, language=language), **options
        )
        self._positionals.title = translate(mark("arguments"), language)
        self._optionals.title = translate(mark("options"), language)
        self.add_argument("-h", "--help", action="help", help=mark("print this help"))

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        if "help" in options:
            text = options["help"]
            message = text if isinstance(text, Message) else say(text)
            # argparse fills in values where it finds a percent sign
            options["help"] = render(message, self._language).replace("%", "%%")
        return super().add_argument(*names, **options)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None:
            option = "/".join(action.option_strings) or str(action.metavar or action.dest)
            check(list(action.choices), value, say("value of {option}", option=option))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments. Raises `UserError`."""
        raise UserError(
            say("{message}.", message=message[:1].upper() + message[1:].rstrip(".")),
            expected=say("Used as: {usage}", usage=" ".join(self.format_usage().split()[1:])),
            mend=say("'{program} --help' explains every option.", program=self.prog),
        )


def listed(
    registry: Mapping[str, Entry], *, default: str, before: Message | None = None
) -> Message:
    """Say what each entry of a registry does, after what all are for."""
    parts = [before] if before else []
    for name, entry in registry.items():
        parts.append(say("{name}: {sentence}", name=name, sentence=say(entry.sentence)))
    parts.append(say("(default: {default})", default=default))
    return reduce(lambda a, b: say("{sentence} {next}", sentence=a, next=b), parts)


class _Formatter(argparse.HelpFormatter):
    """What argparse writes, its first word translated and its lines measured in columns."""

    def __init__(self, prog: str, *, language: str) -> None:
        super().__init__(prog)
        self._usage = translate(mark("usage:"), language)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", self._usage, 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` columns; a Chinese sign takes two."""
    lines = [""]
    for piece in _BREAK.split(" ".join(text.split())):
        if lines[-1] and _columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
