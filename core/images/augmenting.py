"""Augmented views of an image: functions of (seed, view, content) on 8-bit pixels, nothing else.

View 0 is the image itself. The same view of the same image is the same pixels on every machine
and in every run, so its features can be kept. The recipe is the random resized crop of Szegedy et
al. (2014) with a rotation, in one bilinear step, then colour, then random erasing (Zhong et al.
2017).
"""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageEnhance

from core.images import pixels
from core.images.augmentations import AUGMENTATIONS, Augmentation
from core.records.choices import choose
from core.words import say

Pixels: TypeAlias = np.ndarray  # (size, size, 3) uint8


def augment(image: Pixels, kind: Augmentation, *, seed: int, view: int, content: str) -> Pixels:
    """Give one view of an image (size, size, 3) uint8; view 0 is the image itself, unchanged."""
    if view == 0 or kind.name == "none":
        return image
    rng = np.random.default_rng([seed, view, int(content[:15], 16)])
    moved = _move(image, kind, rng)
    return _erase(np.asarray(_recolour(moved, kind, rng)), kind, rng)


def chosen(name: str, *, flips: bool) -> Augmentation:
    """Look an augmentation up; without flips where left and right matter."""
    kind = choose(AUGMENTATIONS, name, say("augmentation"))
    return kind if flips else replace(kind, flips=False)


def preview(
    copy: Path, name: str, num: int, *, size: int = 160, flips: bool = True
) -> list[Pixels]:
    """Show what augmentation does to a stored copy: the image itself, then ``num`` views of it.

    (size, size, 3) uint8 each.
    """
    image, kind = pixels.read_copy(copy, size), chosen(name, flips=flips)
    content = pixels.content_id(image)
    views = range(num + 1 if kind.name != "none" else 1)
    return [augment(image, kind, seed=0, view=view, content=content) for view in views]


def _move(image: Pixels, kind: Augmentation, rng: np.random.Generator) -> Image.Image:
    """Crop, stretch, rotate and flip in one step; what lies outside is the mirrored image."""
    size = image.shape[0]
    margin = size // 3
    padded = np.pad(image, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    matrix = _affine(size, kind, rng, offset=margin)
    return Image.fromarray(padded).transform(
        (size, size), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )


def _affine(
    size: int, kind: Augmentation, rng: np.random.Generator, *, offset: int
) -> tuple[float, ...]:
    """Give the six numbers that map a pixel of the view to a pixel of the padded image."""
    zoom = math.sqrt(rng.uniform(kind.smallest_crop, 1))
    ratio = math.exp(rng.uniform(-1, 1) * math.log1p(kind.stretch) / 2)
    angle = math.radians(rng.uniform(-kind.rotation, kind.rotation))
    mirror = -1 if kind.flips and rng.random() < 0.5 else 1
    free_x, free_y = (max(0.0, 1 - zoom * r) * size / 2 for r in (ratio, 1 / ratio))
    middle = size / 2 + offset
    x, y = middle + rng.uniform(-free_x, free_x), middle + rng.uniform(-free_y, free_y)
    a, b = mirror * zoom * ratio * math.cos(angle), -zoom / ratio * math.sin(angle)
    d, e = mirror * zoom * ratio * math.sin(angle), zoom / ratio * math.cos(angle)
    half = size / 2
    return (a, b, x - (a + b) * half, d, e, y - (d + e) * half)


def _recolour(image: Image.Image, kind: Augmentation, rng: np.random.Generator) -> Image.Image:
    steps: tuple[tuple[Callable[[Image.Image], ImageEnhance._Enhance], float], ...] = (
        (ImageEnhance.Brightness, kind.brightness),
        (ImageEnhance.Contrast, kind.contrast),
        (ImageEnhance.Color, kind.colour),
    )
    for enhancer, most in steps:
        if most:
            image = enhancer(image).enhance(1 + rng.uniform(-most, most))
    return image


def _erase(image: Pixels, kind: Augmentation, rng: np.random.Generator) -> Pixels:
    """Cover a rectangle with mid-grey."""
    if not kind.erased:
        return image
    size = image.shape[0]
    area = rng.uniform(0, kind.erased) * size * size
    ratio = math.exp(rng.uniform(-1, 1) * math.log(2))
    height, width = (min(size, round(math.sqrt(area * r))) for r in (ratio, 1 / ratio))
    top, left = (int(rng.integers(0, size - side + 1)) for side in (height, width))
    covered = image.copy()
    covered[top : top + height, left : left + width] = 128
    return covered
