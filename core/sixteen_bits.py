"""Pictures with 16 bits of brightness, of which 8 are kept."""

import numpy as np
from PIL import Image

from core.words import Message, mark, say

FLATTENED = mark(
    "16-bit brightness was scaled to 8 bits, and it uses little of its range: grey levels left: "
    "{num} of {all}"
)
_FEW_LEVELS = 32
_BITS_PER_SAMPLE = 258  # TIFF


def to_rgb(image: Image.Image) -> tuple[Image.Image, tuple[Message, ...]]:
    """Scale by 256 (by 16 where a TIFF says that it has 12 bits), and tell so."""
    bits = (16,)
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE) or bits
    shift = max(0, bits[0] - 8)
    values = np.asarray(image).astype(np.uint16)
    grey = (values >> shift).astype(np.uint8)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = 255
    return Image.fromarray(grey).convert("RGB"), (_scaled(values, shift),)


def _scaled(values: np.ndarray, shift: int) -> Message:
    """Tell how 16-bit brightness was scaled, and whether that left next to nothing of it."""
    seen = np.zeros(1 << 16, bool)
    for row in values:  # all at once would take eight bytes a pixel
        seen[row] = True
    before = np.flatnonzero(seen)
    left = len(np.unique(before >> shift))
    if left < _FEW_LEVELS and len(before) >= 4 * left:
        return say(FLATTENED, num=left, all=len(before))
    return say("16-bit brightness was scaled to 8 bits")
