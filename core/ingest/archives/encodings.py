"""Names in archives, and tables, without a word on their encoding: UTF-8, else a likely one."""

import os
import sys
from collections.abc import Iterable, Sequence

from core import names
from core.errors import UserError
from core.words import Message, enumeration, say

_LEGACY = ("gbk", "cp932", "cp437", "cp1252")  # of names in a ZIP
_WINDOWS = ("gbk", "cp932", "cp1252")  # of what systems themselves write: folders, TAR, tables
_SHARED = ("gbk", "cp932")  # of all names or none: a short one may look like UTF-8 by chance
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OFFERED = ("gbk", "big5", "cp932", "euc_kr", "cp437", "cp1252", "cp1251")
_SHOWN = 3  # names of each reading


def decode_all(
    raw: Sequence[str | bytes], encoding: str = "", *, of_system: bool = False
) -> list[str]:
    """Decode names; those that are text already stay. All others share one encoding.

    Where it is guessed to be one of single bytes, as Latin-1 is, names that are UTF-8 stay UTF-8.
    ``of_system``: a file system gave them, or TAR, which writes them as it found them.
    """
    known = encoding or guess(_untold(raw), _WINDOWS if of_system else _LEGACY)
    mixed = not encoding and known not in _SHARED

    def decoded(name: bytes) -> str:
        is_utf8 = mixed and _fits(name, "utf-8")
        return name.decode("utf-8" if is_utf8 else known, "replace")

    return [name if isinstance(name, str) else decoded(name) for name in raw]


def on_disk(
    listed: Iterable[str], encoding: str = ""
) -> tuple[dict[str, str], tuple[Message, ...]]:
    """Give names of files as text, by how Python has them, and tell of a guess.

    What is UTF-8 is not read in another ``encoding``, which is that of archives as well.
    """
    odd = sorted({name for name in listed if not name.isascii()})
    raw = [_raw(name, keep=bool(encoding)) for name in odd]
    shown = dict(zip(odd, decode_all(raw, encoding, of_system=True), strict=True))
    told = encoding or guess(_untold(raw), _WINDOWS) == "utf-8"
    return shown, () if told else (_not_utf8(_untold(raw)),)


def readable(name: str) -> str:
    """Give one name of a file as text, by itself."""
    return on_disk([name])[0].get(name, name)


def _raw(name: str, *, keep: bool) -> str | bytes:
    """Give the bytes of a name as they are on disk; with ``keep`` only where it is not UTF-8."""
    if sys.getfilesystemencoding() != "utf-8":
        return name
    data = os.fsencode(name)
    return name if keep and _fits(data, "utf-8") else data


def _not_utf8(raw: Sequence[bytes]) -> Message:
    encoding = guess(raw, _WINDOWS)
    return say(
        "Some names are not written in UTF-8; as {encoding} one is '{name}'. If that is wrong, "
        "bring them in again and say how the names are written (--names).",
        encoding=encoding.upper(),
        name=_sample(raw, encoding),
    )


def _sample(raw: Sequence[bytes], encoding: str) -> str:
    odd = next(name for name in raw if not _fits(name, "utf-8"))
    return names.shown(odd.decode(encoding, "replace"))


def readings(raw: Sequence[str | bytes]) -> dict[str, tuple[str, ...]]:
    """Give a few names as each encoding reads them, the likeliest first; nothing if it is plain."""
    odd = sorted({name for name in _untold(raw) if not name.isascii()})
    likeliest = guess(odd)
    if likeliest == "utf-8":
        return {}
    fitting = [e for e in _OFFERED if e != likeliest and all(_fits(name, e) for name in odd)]
    return {
        encoding: tuple(names.shown(name.decode(encoding, "replace")) for name in odd[:_SHOWN])
        for encoding in (likeliest, *fitting)
    }


def check(encoding: str) -> None:
    """Refuse the name of an encoding that does not exist, or is none of texts.

    Raises `UserError`.
    """
    try:
        bytes(range(128, 256)).decode(encoding, "replace")
    except (LookupError, UnicodeError, ValueError):
        raise UserError(
            say("There is no text encoding called '{name}'.", name=names.shown(encoding)),
            expected=say(
                "One of {names}, or another that Python knows.", names=enumeration(_OFFERED)
            ),
            mend=say("Leave it out to have the encoding guessed."),
        ) from None


def warn_of_guess(raw: Sequence[str | bytes], *, of_system: bool = False) -> tuple[Message, ...]:
    """Show how names were read whose encoding had to be guessed."""
    untold = _untold(raw)
    encoding = guess(untold, _WINDOWS if of_system else _LEGACY)
    if encoding == "utf-8":
        return ()
    return (
        say(
            "The archive does not say how its names are written; as {encoding} one is '{name}'. "
            "If that is wrong, bring it in again and say how its names are written.",
            encoding=encoding.upper(),
            name=_sample(untold, encoding),
        ),
    )


def _untold(raw: Sequence[str | bytes]) -> list[bytes]:
    return [name for name in raw if isinstance(name, bytes)]


def decode_text(data: bytes) -> str:
    """Decode a whole text."""
    return data.decode(guess_text(data), "replace")


def guess_text(data: bytes) -> str:
    """Guess the encoding of a text: by the mark it begins with, else as that of names."""
    mark = next((encoding for start, encoding in _MARKS if data.startswith(start)), "")
    return mark or guess([data], _WINDOWS)


def guess(raw: Sequence[bytes], legacy: Sequence[str] = _LEGACY) -> str:
    """Guess the one encoding of several names: UTF-8 if it fits, else the likeliest."""
    odd = [name for name in raw if not name.isascii()]
    other = [name for name in odd if not _fits(name, "utf-8")]
    if not other:
        return "utf-8"
    fitting = [e for e in legacy if all(_fits(n, e) for n in (odd if e in _SHARED else other))]
    return max(fitting or ["latin-1"], key=lambda encoding: _likelihood(other, encoding))


def _fits(name: bytes, encoding: str) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _likelihood(odd_names: Sequence[bytes], encoding: str) -> float:
    """Give the share of the non-ASCII bytes that decode to common characters."""
    text = "".join(name.decode(encoding) for name in odd_names)
    odd = [c for c in text if not c.isascii()]
    common = sum(len(c.encode(encoding)) for c in odd if _is_common(c, encoding))
    return common / max(1, sum(len(c.encode(encoding)) for c in odd))


def _is_common(character: str, encoding: str) -> bool:
    if encoding in ("cp437", "cp1252", "latin-1"):
        return "\xc0" <= character <= "\xff" and len(character.encode(encoding)) == 1
    if encoding == "cp932" and "\u3041" <= character <= "\u30ff":  # kana
        return True
    first, *rest = character.encode(encoding)
    low, high = (0xB0, 0xD7) if encoding == "gbk" else (0x88, 0x97)  # level 1 of each standard
    return bool(rest) and low <= first <= high and (encoding != "gbk" or rest[0] >= 0xA1)
