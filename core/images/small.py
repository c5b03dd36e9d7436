"""Stored copies as a few pixels: enough to compare colours, not to be fed to a network."""

from pathlib import Path

import numpy as np
from PIL import Image


def read_small(copy: Path, side: int) -> np.ndarray:
    """Read a stored copy as (side, side, 3) uint8, RGB: the whole picture, averaged."""
    with Image.open(copy, formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (4 * side, 4 * side))  # of a JPEG only some coefficients are decoded
        return np.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BOX))
