"""Names in archives without a word on their encoding: UTF-8, else GBK, Shift-JIS or CP437."""

from collections.abc import Sequence

from core.ingest import names
from core.words import Message, say

_LEGACY = ("gbk", "cp932", "cp437")


def decode_all(raw: Sequence[str | bytes]) -> list[str]:
    """Decode names; those that are text already stay. All others share one encoding."""
    encoding = guess(_untold(raw))
    return [n if isinstance(n, str) else n.decode(encoding, "replace") for n in raw]


def warn_of_guess(raw: Sequence[str | bytes]) -> tuple[Message, ...]:
    """Show how names were read whose encoding had to be guessed."""
    untold = _untold(raw)
    encoding = guess(untold)
    if encoding == "utf-8":
        return ()
    sample = next(name for name in untold if not name.isascii()).decode(encoding, "replace")
    return (
        say(
            "The archive does not say how its names are written; as {encoding} one is '{name}'. "
            "If that is wrong, pack it again with UTF-8 names.",
            encoding=encoding.upper(),
            name=names.shown(sample),
        ),
    )


def _untold(raw: Sequence[str | bytes]) -> list[bytes]:
    return [name for name in raw if isinstance(name, bytes)]


def guess(raw: Sequence[bytes]) -> str:
    """Guess the one encoding of several names: UTF-8 if it fits, else the likeliest of three."""
    odd = [name for name in raw if not name.isascii()]
    if not odd or all(_fits(name, "utf-8") for name in odd):
        return "utf-8"
    fitting = [e for e in _LEGACY if all(_fits(name, e) for name in odd)]
    return max(fitting, key=lambda encoding: _likelihood(odd, encoding))


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
    if encoding == "cp437":
        return "\xc0" <= character <= "\xff" and len(character.encode(encoding)) == 1
    if encoding == "cp932" and "\u3041" <= character <= "\u30ff":  # kana
        return True
    first, *rest = character.encode(encoding)
    low, high = (0xB0, 0xD7) if encoding == "gbk" else (0x88, 0x97)  # level 1 of each standard
    return bool(rest) and low <= first <= high and (encoding != "gbk" or rest[0] >= 0xA1)
