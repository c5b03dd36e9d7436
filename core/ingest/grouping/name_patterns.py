"""Patterns of file names that say which images belong together, such as ``patient*_``."""

import re
from dataclasses import dataclass
from itertools import takewhile

from core import names
from core.errors import UserError
from core.words import Message, say

_PIECES = re.compile(r"[*{}]|[^*{}]+")
_SEPARATOR = re.compile(r"[\s_.()-]")
_CHANGED = {
    *("aug", "augmented", "augmentation", "flip", "flipped", "hflip", "vflip", "fliph", "flipv"),
    *("fliplr", "flipud", "mirror", "mirrored", "rot", "rotate", "rotated", "rotation", "crop"),
    *("cropped", "bright", "brightness", "dark", "blur", "blurred", "noise", "noisy", "shift"),
    *("shifted", "zoom", "zoomed", "shear", "sheared", "orig", "original", "contrast", "gamma"),
    *("translate", "translated", "transposed", "jitter", "gespiegelt", "gedreht", "翻转", "旋转"),
}
_VERSION = re.compile(r"(.+?)(?:_(?:jpe?g|png|bmp|webp|tiff?|gif|heic|avif))?\.rf\.[0-9a-z]{8,}\Z")


def stem(file: str) -> str:
    """Give the name of a file without its folders and its suffix, in small letters."""
    return names.key(file.rpartition("/")[2].rpartition(".")[0] or file.rpartition("/")[2])


def source_of(file: str) -> str:
    """Give the photograph that a file is a version of, as Roboflow names it; else nothing.

    ``cat_12_jpg.rf.d41d8cd98f00b204e9800998ecf8427e.jpg`` -> ``cat_12``
    """
    found = _VERSION.match(stem(file))
    return found[1] if found else ""


def original_of(file: str) -> str:
    """Give a name without what programs that augment add to it: ``12_rot_90`` -> ``12``."""
    words = _SEPARATOR.split(stem(file))
    while num := _num_said(words):
        words = words[:-num]
    return " ".join(words)


def is_changed(file: str) -> bool:
    """Tell whether a name says that a program changed the picture."""
    return _num_said(_SEPARATOR.split(stem(file))) > 0


def _num_said(words: list[str]) -> int:
    """Count the words at the end that say how a picture was changed: one, or two with a number."""
    if len(words) > 1 and words[-1].rstrip("0123456789") in _CHANGED:
        return 1
    return 2 * (len(words) > 2 and words[-1].isdecimal() and words[-2] in _CHANGED)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text with stars; what it matches from the start of a name is what images share.

    A star is any text up to what follows it; at the end, up to the next separator. Where a part
    stands in braces, only that counts: ``*_{patient*}``. It reads a name once, whatever it says.
    """

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """Take a pattern apart. Raises `UserError` where it is none."""
        pieces = tuple(_PIECES.findall(names.key(text)))
        braces = "".join(piece for piece in pieces if piece in ("{", "}"))
        if "*" not in pieces or braces not in ("", "{}") or "**" in text:
            raise _no_pattern(text)
        return cls(pieces)

    def shared(self, file: str) -> str:
        """Give the part of a name that counts; nothing where the pattern does not fit."""
        name, position, start, stop = stem(file), 0, 0, None
        for number, piece in enumerate(self.pieces):
            if piece == "{":
                start = position
            elif piece == "}":
                stop = position
            else:
                position = self._after(name, position, number)
                if position < 0:
                    return ""
        return name[start:stop] if stop is not None else name[start:position]

    def _after(self, name: str, position: int, number: int) -> int:
        """Give where a piece ends that begins at this position; -1 where it does not fit."""
        piece = self.pieces[number]
        if piece != "*":
            return position + len(piece) if name.startswith(piece, position) else -1
        rest = (p for p in self.pieces[number + 1 :] if p not in ("{", "}"))
        follows = "".join(takewhile(lambda p: p != "*", rest))
        if follows:
            return name.find(follows, position + 1)
        end = _SEPARATOR.search(name, position)
        stop = end.start() if end else len(name)
        return stop if stop > position else -1


def _no_pattern(text: str) -> UserError:
    return UserError(
        say("'{text}' is not a pattern of file names.", text=text),
        expected=form(),
        mend=say("Write it as the names of your files begin, with a star for what differs."),
    )


def form() -> Message:
    """Say what a pattern looks like."""
    return say(
        "A pattern such as {one}, where a star stands for any text; or {two}, where only what is "
        "in braces counts.",
        one="patient*_",
        two="*_{patient*}",
    )
