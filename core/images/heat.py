"""A picture with heat over it: what speaks for a class is lit, the rest is dim and grey.

The lit is lighter as well as warmer, and lines go round what is at least half as hot as the
hottest, so that nobody has to tell colours apart.
"""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.records import PicturePart

SHORTEST, LONGEST = 320, 1024  # pixels of the drawn picture: of its shorter and its longer side
_AMBER = np.array([255.0, 176.0, 0.0])
_DIM, _LIT = 0.5, 0.45  # of the grey picture, where there is no heat and where there is the most
_HALF = 0.5  # of the hottest: where the line goes
_LINE = 2  # pixels
_SCALE = 14  # height of the scale below


def png(picture: NDArray, heat: Sequence[Sequence[float]], box: PicturePart | None = None) -> bytes:
    """Draw heat over a picture (height, width, 3) uint8, and a scale below; with a box a frame.

    ``heat`` covers the whole picture, rows from the top; what is below zero is no heat.
    """
    image = _sized(picture)
    hot = _spread(heat, image.size)
    lit = _light(np.asarray(image.convert("L"), np.float64), hot)
    lit[_edge(hot >= _HALF)] = 255
    drawn = Image.fromarray(lit)
    if box is not None:
        _frame(drawn, box)
    whole = Image.new("RGB", (drawn.width, drawn.height + 2 * _LINE + _SCALE), "white")
    whole.paste(drawn)
    whole.paste(_scale(drawn.width), (0, drawn.height + 2 * _LINE))
    buffer = BytesIO()
    whole.save(buffer, "PNG")
    return buffer.getvalue()


def _sized(picture: NDArray) -> Image.Image:
    """Bring a picture to a size at which heat can be seen."""
    image = Image.fromarray(picture)
    times = max(1.0, SHORTEST / min(image.size))
    times = min(times, LONGEST / max(image.size))
    size = (max(1, round(image.width * times)), max(1, round(image.height * times)))
    return image.resize(size, Image.Resampling.BICUBIC)


def _spread(heat: Sequence[Sequence[float]], size: tuple[int, int]) -> NDArray[np.float64]:
    """Bring heat to the size of a picture, and to 0..1."""
    hot = np.maximum(np.asarray(heat, np.float32), 0)
    fine = Image.fromarray(hot).resize(size, Image.Resampling.BICUBIC)
    wide = np.maximum(np.asarray(fine, np.float64), 0)
    return np.asarray(wide / wide.max() if wide.max() > 0 else wide)


def _light(grey: NDArray[np.float64], hot: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Mix the dim picture and the lit one: (height, width) each."""
    share, dim = hot[..., None], grey[..., None]
    lit = _LIT * dim + (1 - _LIT) * _AMBER
    return np.asarray(np.round(_DIM * dim * (1 - share) + lit * share), np.uint8)


def _edge(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find what lies inside within a line's width of the outside."""
    near = np.zeros_like(inside)
    for axis in (0, 1):
        for step in (-_LINE, _LINE):
            near |= inside & ~np.roll(inside, step, axis)
    near[[*range(_LINE), *range(-_LINE, 0)]] = False  # rolled over from the other side
    near[:, [*range(_LINE), *range(-_LINE, 0)]] = False
    return near


def _frame(image: Image.Image, box: PicturePart) -> None:
    """Frame a part, dark and light, so that it is seen on anything."""
    across, down = image.width - 1, image.height - 1
    edges = (box.left * across, box.top * down, box.right * across, box.bottom * down)
    for width, colour in ((3 * _LINE, "black"), (_LINE, "white")):
        ImageDraw.Draw(image).rectangle(edges, outline=colour, width=width)


def _scale(width: int) -> Image.Image:
    """Draw what no heat and all heat look like, and what is between."""
    hot = np.linspace(0, 1, width)[None].repeat(_SCALE, axis=0)
    return Image.fromarray(_light(np.full(hot.shape, 128.0), hot))
