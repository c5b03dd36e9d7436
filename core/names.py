"""Names that came from elsewhere: untrusted, cleaned for showing, and never used as paths."""

import re
import unicodedata
from collections.abc import Sequence

from core.errors import UserError
from core.words import Message, say

MAX_NAME = 200  # characters of one part of a path
MAX_PARTS = 32
_JUNK_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir", "__pycache__"}
_JUNK_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
_DRIVE = re.compile(r"[A-Za-z]:")
_KEPT_FORMAT = "\u200c\u200d"  # joiners: parts of emoji and of Indic and Persian words
BURST = re.compile(r"cam_([A-Za-z0-9]+)_\d+(?:\.\w+)?$")
_PREFIX = re.compile(r"^(.*?)[ _.-]*\(?\d+\)?$")


def split(name: str) -> tuple[str, ...]:
    """Take a path inside a folder or archive apart. Raises `UserError` when it leaves that."""
    plain = name.replace("\\", "/")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in parts:
        raise _unsafe(name)
    if not parts or len(parts) > MAX_PARTS or max(map(len, parts)) > MAX_NAME or "\0" in plain:
        raise _unsafe(name)
    cleaned = tuple(clean(part) or "_" for part in parts)
    if not {".", ".."}.isdisjoint(cleaned):  # hidden behind invisible characters
        raise _unsafe(name)
    return cleaned


def clean(text: str) -> str:
    """Make one spelling of a name: NFC, no control characters, no spaces at the ends."""
    if text.isascii() and text.isprintable():
        return text.strip()
    whole = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be stored
    shown = (" " if c in "\t\r\n" else c for c in unicodedata.normalize("NFC", whole))
    kept = (c for c in shown if c in _KEPT_FORMAT or unicodedata.category(c) not in _CONTROL)
    return " ".join("".join(kept).split(" ")).strip()


_CONTROL = ("Cc", "Cf", "Cs", "Zl", "Zp")


def key(name: str) -> str:
    """Give what two spellings of one class have in common."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_junk(parts: Sequence[str]) -> bool:
    """Tell files that systems leave behind: hidden ones, caches, resource forks."""
    folders, file = parts[:-1], parts[-1]
    if any(part.startswith(".") for part in parts):
        return True
    return file.lower() in _JUNK_FILES or any(part.lower() in _JUNK_FOLDERS for part in folders)


def burst(file: str) -> str:
    """Give the time stamp that frames of one webcam burst share; empty for other files."""
    found = BURST.search(file)
    return found[1] if found else ""


def prefix(file: str) -> str:
    """Give a file name without its suffix and its last number: ``ward3_007.jpg`` -> ``ward3``."""
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    found = _PREFIX.match(stem)
    return found[1] if found else stem


def _unsafe(name: str) -> UserError:
    return UserError(
        say(
            "The name '{name}' does not stay inside its folder, or is too long.", name=_short(name)
        ),
        expected=say("Names are paths such as 'cats/1.jpg', without '..', drive or leading '/'."),
        mend=say("Rename the file and pack the archive again."),
    )


def _short(name: str) -> str:
    shown = clean(name)
    return shown if len(shown) <= 120 else shown[:117] + "..."


def shown(name: str) -> str:
    """Give a name that could not be taken apart in a form that can be shown."""
    return clean(name.replace("\\", "/"))[:500] or "?"


def reason(error: UserError) -> Message:
    """Make the one sentence of a report from an error: what happened and what to do."""
    return say("{what} {mend}", what=error.problem.what, mend=error.problem.mend)
