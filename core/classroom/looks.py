"""What a name looks like to whoever reads it: two that look the same are the same."""

import unicodedata

from core import names
from core.words import LANGUAGES, mark, translate

# Letters of Greek and Cyrillic, small, that look like Latin ones, or their capitals do.
_ALIKE = str.maketrans(
    "αβεζηικμνορτυχавеѕіјкмнорԛтԝухѵһԁɡʟӏı",
    "abezhikmnoptyxabesijkmhopqtwyxvhdglli",
)
_UNSEEN = {0x034F, 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)}


def of(name: str) -> str:
    """Give what names have in common that look the same: in width, script, case, unseen signs."""
    wide = unicodedata.normalize("NFKC", name)
    seen = (
        sign for sign in wide if unicodedata.category(sign) != "Cf" and ord(sign) not in _UNSEEN
    )
    return " ".join(names.key("".join(seen)).translate(_ALIKE).split())


RESERVED = frozenset(of(translate(mark("Teacher"), language)) for language in LANGUAGES)
