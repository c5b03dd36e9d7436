"""Pictures with more than 8 bits of brightness, of which 8 are kept."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageFile, PngImagePlugin

from core.words import Message, mark, say

FLATTENED = mark(
    "16-bit brightness was scaled to 8 bits, and it uses little of its range: grey levels left: "
    "{num} of {all}"
)
_FEW_LEVELS = 32
_LOW_BYTES = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L", "LA;16B": "RGBA"}  # raw modes


def to_rgb(image: Image.Image) -> tuple[Image.Image, tuple[Message, ...]]:
    """Scale grey by 256, and tell so. Mode I;16 becomes RGB."""
    values = np.asarray(image).astype(np.uint16)
    grey = (values >> 8).astype(np.uint8)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = 255
    return Image.fromarray(grey).convert("RGB"), (scaled(levels_of(values), 8),)


def levels_of(rows: Iterable[np.ndarray]) -> np.ndarray:
    """Tell which of the 65,536 brightnesses there are.

    ``rows``: any shape, uint16; gives (65536,) bool.
    """
    seen = np.zeros(1 << 16, bool)
    for row in rows:  # all at once would take eight bytes a pixel
        seen[row] = True
    return seen


def scaled(levels: np.ndarray, shift: int) -> Message:
    """Tell that brightness was scaled to 8 bits, and whether that left next to nothing of it.

    What counts is the range from the darkest to the brightest, and which levels there are in it.
    ``levels``: (brightnesses,) bool; ``shift``: how many bits are lost.
    """
    there = np.flatnonzero(levels)
    ends = there[[0, -1]]
    for before, left in (
        (np.ptp(ends) + 1, np.ptp(ends >> shift) + 1),
        (len(there), len(np.unique(there >> shift))),
    ):
        if (left < _FEW_LEVELS and before >= 4 * left) or (before, left) == (2, 1):
            return say(FLATTENED, num=int(left), all=int(before))
    return say("16-bit brightness was scaled to 8 bits")


def raw_mode(image: Image.Image) -> str:
    """Give how the 16-bit colours of a PNG are packed, before it is loaded; else nothing.

    Any mode.
    """
    if not isinstance(image, PngImagePlugin.PngImageFile) or not image.tile:
        return ""
    packed = image.tile[0].args
    return packed if isinstance(packed, str) and packed in _LOW_BYTES else ""


def of_colours(image: Image.Image, again: ImageFile.ImageFile, packed: str) -> tuple[Message, ...]:
    """Tell how 16-bit colours were scaled; ``again`` is the same picture, not loaded yet.

    Pillow keeps the upper byte only. Where few of these differ, the lower is looked at, too.
    ``image`` has the mode RGB, RGBA or LA.
    """
    counted = np.array(image.histogram()[:768]).reshape(3, 256)
    if np.count_nonzero(counted.any(axis=0)) >= _FEW_LEVELS:
        return (say("16-bit brightness was scaled to 8 bits"),)
    again.tile = [again.tile[0]._replace(args=_LOW_BYTES[packed])]
    upper, lower = np.asarray(image)[..., :3], np.asarray(again)[..., :3]
    if packed == "LA;16B":  # four bytes a pixel: brightness, its lower byte, and transparency
        upper, lower = upper[..., :1], lower[..., 1:2]
    rows = (u.astype(np.uint16) << 8 | low for u, low in zip(upper, lower, strict=True))
    return (scaled(levels_of(rows), 8),)
