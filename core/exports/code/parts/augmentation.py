"""Augmentation: view 0 is the image itself, any other follows from its pixels and the number"""

import math

import numpy as np
from PIL import Image, ImageEnhance

from core.exports.code.parts.examples import (
    BRIGHTNESS,
    COLOUR,
    CONTRAST,
    ERASED,
    ROTATION,
    SMALLEST_CROP,
    STRETCH,
)
from core.exports.code.parts.pictures import contents, x_train


def augment(image, content, view):
    """Crop, stretch, turn and recolour an image, (SIZE, SIZE, 3) uint8."""
    if view == 0:
        return image
    # if: resized
    SIZE = len(image)  # those of the teacher have a size of their own
    # end
    rng, margin, half = np.random.default_rng([0, view, content]), SIZE // 3, SIZE / 2
    zoom = math.sqrt(rng.uniform(SMALLEST_CROP, 1))
    ratio = math.exp(rng.uniform(-1, 1) * math.log1p(STRETCH) / 2)
    angle = math.radians(rng.uniform(-ROTATION, ROTATION))
    # if: flips
    mirror = -1 if rng.random() < 0.5 else 1
    # else
    mirror = 1  # left and right matter
    # end
    free = [max(0.0, 1 - zoom * r) * half for r in (ratio, 1 / ratio)]
    x, y = (half + margin + rng.uniform(-f, f) for f in free)
    a, b = mirror * zoom * ratio * math.cos(angle), -zoom / ratio * math.sin(angle)
    d, e = mirror * zoom * ratio * math.sin(angle), zoom / ratio * math.cos(angle)
    moved = Image.Transform.AFFINE, (a, b, x - (a + b) * half, d, e, y - (d + e) * half)
    padded = np.pad(image, ((margin, margin), (margin, margin), (0, 0)), "symmetric")
    view = Image.fromarray(padded).transform((SIZE, SIZE), *moved, Image.Resampling.BILINEAR)
    # if: brightness
    view = ImageEnhance.Brightness(view).enhance(1 + rng.uniform(-BRIGHTNESS, BRIGHTNESS))
    # end
    # if: contrast
    view = ImageEnhance.Contrast(view).enhance(1 + rng.uniform(-CONTRAST, CONTRAST))
    # end
    # if: colour
    view = ImageEnhance.Color(view).enhance(1 + rng.uniform(-COLOUR, COLOUR))
    # end
    # if: erased
    view, area = np.array(view), rng.uniform(0, ERASED) * SIZE * SIZE  # a grey patch
    ratio = math.exp(rng.uniform(-1, 1) * math.log(2))
    height, width = (min(SIZE, round(math.sqrt(area * r))) for r in (ratio, 1 / ratio))
    top, left = (int(rng.integers(0, SIZE - side + 1)) for side in (height, width))
    view[top : top + height, left : left + width] = 128
    # end
    return np.asarray(view)


def seen(rows, views):
    return np.array([augment(x_train[i], contents[i], view) for i, view in zip(rows, views)])
