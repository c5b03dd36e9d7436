"""Photographs that programs read in different ways, drawn from one picture, for the gate."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

_LARGE = (3000, 2000)
_ORIENTATION = 274  # a tag of EXIF
_QUARTER_TURN = 6


def draw(picture: Image.Image, folder: Path) -> tuple[Path, ...]:
    """Write the photographs into a folder. ``picture``: RGB."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        write(picture, folder / name)
    return tuple(folder / name for name in WRITERS)


def _large(picture: Image.Image, path: Path) -> None:
    picture.resize(_LARGE, Image.Resampling.BICUBIC).save(path, quality=90)


def _turned(picture: Image.Image, path: Path) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = _QUARTER_TURN
    picture.resize((400, 240)).save(path, quality=90, exif=exif)


def _transparent(picture: Image.Image, path: Path) -> None:
    alpha = Image.linear_gradient("L").resize(picture.size)
    clear = picture.copy()
    clear.putalpha(alpha)
    clear.save(path)


def _deep(picture: Image.Image, path: Path) -> None:
    grey = np.asarray(picture.convert("L"), np.uint16)
    Image.fromarray(grey * 257).save(path)


def _webp(picture: Image.Image, path: Path) -> None:
    picture.resize((640, 480)).save(path, quality=90)


def _heic(picture: Image.Image, path: Path) -> None:
    pillow_heif.register_heif_opener()
    picture.resize((640, 480)).save(path, quality=90)


WRITERS: Mapping[str, Callable[[Image.Image, Path], None]] = {
    "large.jpg": _large,
    "turned.jpg": _turned,
    "transparent.png": _transparent,
    "16-bit.png": _deep,
    "web.webp": _webp,
    "iphone.heic": _heic,
}
