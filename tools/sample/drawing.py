"""The pictures of the sample, drawn by formula; ``python -m tools.sample.drawing`` packs them.

They go into `core/images/sample.zip`, small enough to lie in the tree: to draw them takes ten
seconds of a processor's time, which nobody should wait for.
"""

import colorsys
import io
import math
import zipfile

import numpy as np
from PIL import Image, ImageFilter

from core.images import sample
from tools.sample.shapes import SUBJECTS, Colour, Pen

IMAGES_PER_CLASS = 75
_SIZE, _FINER = 240, 2  # subjects are drawn twice as large: smooth edges
_PACKED, _QUALITY = 192, 72  # pixels of a side in the file, of WebP
_DAY = (2026, 1, 1, 0, 0, 0)  # of the entries, so that the same pictures make the same file


def main() -> None:
    """Draw all, and pack them; a picture has the same pixels each time."""
    with zipfile.ZipFile(sample.FILE, "w") as archive:
        for number, name in enumerate(SUBJECTS):
            for image in range(IMAGES_PER_CLASS):
                entry = zipfile.ZipInfo(f"{name}/{name}_{image + 1:03}.webp", _DAY)
                archive.writestr(
                    entry, _webp(draw(name, np.random.default_rng((0, number, image))))
                )
    print(f"{sample.FILE}: {sample.FILE.stat().st_size:,} bytes")


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    small = picture.resize((_PACKED, _PACKED), Image.Resampling.LANCZOS)
    small.save(file, "WEBP", quality=_QUALITY, method=6)
    return file.getvalue()


def draw(name: str, rng: np.random.Generator) -> Image.Image:
    """Draw one image of a class. Mode RGB.

    The colours of subject and background are drawn from the same range for every class, so that
    only the shape tells them apart.
    """
    picture = _background(rng)
    for _ in range(int(rng.integers(0, 5))):
        _litter(picture, rng)
    layer = Image.new("RGBA", (_SIZE * _FINER, _SIZE * _FINER))
    SUBJECTS[name](_pen(layer, rng), rng)
    _put(picture, _shaded(layer.convert("RGBa").reduce(_FINER).convert("RGBA"), rng), rng)
    return _photographed(picture, rng)


def _pen(layer: Image.Image, rng: np.random.Generator) -> Pen:
    size = layer.width * rng.uniform(0.2, 0.42)
    angle, tilt = rng.uniform(0, 2 * np.pi), rng.uniform(0.7, 1.0)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = layer.width * (0.5 + rng.uniform(-0.11, 0.11, 2))
    squeeze = np.diag(rng.permutation([1.0, tilt]))
    return Pen(layer, size * rotation @ squeeze, centre, _colours(rng))


def _colours(rng: np.random.Generator) -> list[Colour]:
    """Choose the main colour, a second one, a dark and a light one, that go together."""
    hue = rng.random()
    second = hue + rng.choice([0.04, -0.05, 0.1, 0.5])
    strong, light = rng.uniform(0.3, 0.85), rng.uniform(0.4, 0.7)
    return [
        _colour(hue, light, strong),
        _colour(second, light + rng.choice([-0.15, 0.15]), strong),
        _colour(hue + 0.02, 0.2, strong * 0.7),
        _colour(second, 0.88, strong * 0.6),
    ]


def _colour(hue: float, light: float, strong: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, light, strong)
    return round(255 * red), round(255 * green), round(255 * blue)


def _background(rng: np.random.Generator) -> Image.Image:
    """Lay soft patches of a few related colours, as if out of focus, with a little grain."""
    hue, light, strong = rng.random(), rng.uniform(0.25, 0.8), rng.uniform(0.1, 0.5)
    cells = int(rng.integers(3, 9))
    patches = [
        _colour(hue + rng.normal(0, 0.05), np.clip(light + rng.normal(0, 0.1), 0, 1), strong)
        for _ in range(cells * cells)
    ]
    small = np.array(patches, np.uint8).reshape(cells, cells, 3)
    picture = Image.fromarray(small).resize((_SIZE, _SIZE), Image.Resampling.BICUBIC)
    grain = rng.normal(0, rng.uniform(1, 8), (_SIZE // 2, _SIZE // 2, 1))
    return _clipped(np.asarray(picture, np.float32) + grain.repeat(2, axis=0).repeat(2, axis=1))


def _litter(picture: Image.Image, rng: np.random.Generator) -> None:
    """Lay a blurred pebble, twig or spot of light into the background."""
    layer = Image.new("RGBA", picture.size)
    pen = _pen(layer, rng)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radius = 1 + 0.15 * np.sin(rng.integers(2, 5) * angles + rng.uniform(0, 6))
    blob = np.stack([np.cos(angles), rng.uniform(0.05, 0.5) * np.sin(angles)], axis=1)
    pen.fill(0.6 * radius[:, None] * blob + rng.uniform(-2.2, 2.2, 2), int(rng.integers(4)))
    blur = rng.uniform(0.5, 6)
    if box := _around(layer, 4 * math.ceil(blur)):
        blurred = layer.crop(box).filter(ImageFilter.GaussianBlur(blur))
        picture.paste(blurred, box, blurred.getchannel("A"))


def _around(layer: Image.Image, margin: int) -> tuple[int, int, int, int] | None:
    """Give the box that holds all that was drawn, and some room around it, if anything was."""
    if (box := layer.getbbox()) is None:
        return None
    left, top, right, bottom = box
    return (
        max(0, left - margin),
        max(0, top - margin),
        min(layer.width, right + margin),
        min(layer.height, bottom + margin),
    )


def _shaded(layer: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Let light fall from one side."""
    across = np.linspace(-1, 1, layer.width)
    angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.4)
    light = 1 + depth * (np.cos(angle) * across[None, :] + np.sin(angle) * across[:, None])
    pixels = np.array(layer, np.float32)
    pixels[..., :3] *= light[..., None]
    return _clipped(pixels)


def _put(picture: Image.Image, layer: Image.Image, rng: np.random.Generator) -> None:
    """Put the subject on the background, with its shadow."""
    alpha = layer.getchannel("A")
    strength = rng.uniform(0.15, 0.55)
    shadow = alpha.filter(ImageFilter.GaussianBlur(rng.uniform(2, 6)))
    shadow = shadow.point(lambda a: int(a * strength))
    away = rng.integers(-7, 8, 2)
    picture.paste((10, 10, 20), (int(away[0]), int(away[1])), shadow)
    picture.paste(layer, mask=alpha)


def _photographed(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Add what a camera adds: a little blur, noise, and another exposure."""
    blurred = picture.filter(ImageFilter.GaussianBlur(abs(rng.normal(0, 0.9))))
    pixels = np.asarray(blurred, np.float32) * rng.uniform(0.7, 1.15)
    pixels += rng.normal(0, rng.uniform(0, 8), pixels.shape)
    return _clipped(pixels)


def _clipped(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))


if __name__ == "__main__":
    main()
