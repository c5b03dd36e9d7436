"""Where the command line speaks: one JSON object on standard output, all else beside it."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from core.errors import UserError
from core.words import Message, closest_language, join, render


class Console:
    """Standard output and standard error in the reader's language."""

    def __init__(self, *, as_json: bool, language: str | None = None) -> None:
        self.as_json = as_json
        self.language = language or reader_language(os.environ)
        self.goes_on = False  # also when nobody reads any more what is printed
        self._open_line = False

    def say(self, message: Message) -> None:
        """Print a sentence for people."""
        self._end_line()
        self._print(render(message, self.language), sys.stderr if self.as_json else sys.stdout)

    def progress(self, text: str) -> None:
        """Overwrite the progress line of a terminal; elsewhere print nothing."""
        if sys.stderr.isatty():
            self._print(f"\r\x1b[2K{text}", sys.stderr, end="")
            self._open_line = True

    def note(self, text: str) -> None:
        """Print a line beside the result."""
        self._end_line()
        self._print(text, sys.stderr)

    def result(self, values: Mapping[str, Any]) -> None:
        """Print the one JSON object of a command, when programs read."""
        self._end_line()
        if self.as_json:
            self._print(json.dumps(values, ensure_ascii=False), sys.stdout)

    def error(self, error: UserError) -> None:
        """Print ``error: ...`` in one line, and the three sentences as JSON for programs."""
        self.complain(error)
        self.result({"error": error.render(self.language)})

    def complain(self, error: UserError) -> None:
        """Print ``error: ...`` in one line beside the result."""
        line = join(error.render(self.language).values(), self.language)
        self.note(f"error: {one_line(line)}")

    def _end_line(self) -> None:
        if self._open_line:
            self._print("", sys.stderr)
            self._open_line = False

    def _print(self, text: str, stream: TextIO, end: str = "\n") -> None:
        try:
            print(text, file=stream, end=end, flush=True)
        except BrokenPipeError:
            if not self.goes_on:
                raise
            let_go()


def let_go() -> None:
    """Send what would go to a reader who has gone to nowhere, so that nothing fails any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def reader_language(environment: Mapping[str, str]) -> str:
    """Take the language from ``THAW_LANGUAGE`` or the locale of the terminal."""
    names = ("THAW_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return closest_language(next((environment[n] for n in names if environment.get(n)), None))


def one_line(text: str) -> str:
    """Show control characters of untrusted names instead of sending them to a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
