"""Images drawn by formula: fractals, shapes, textures, gradients and text, for distillation."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Pixels = NDArray[np.uint8]
Random = np.random.Generator

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?&%+-"


def draw(seed: int, size: int) -> Pixels:
    """Draw image number `seed`: (size, size, 3), uint8; the same seed gives the same image."""
    random = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    return np.ascontiguousarray(kind(random, size))


def noise(random: Random, size: int) -> Pixels:
    """Draw coloured noise whose spectrum falls as a power of the frequency, as photographs' do."""
    slope = random.uniform(0.6, 2.4)
    planes = np.stack([_power_noise(random, size, slope=slope) for _ in range(3)], axis=-1)
    share = random.uniform(0, 1)
    mixed = share * planes + (1 - share) * planes[..., :1]
    return _paint(random, mixed * random.uniform(0.12, 0.35) + random.uniform(0.3, 0.7, 3))


def gradient(random: Random, size: int) -> Pixels:
    """Draw a linear, radial or angular run through two to five colours."""
    u, v = _plane(random, size)
    fields = (u, np.hypot(u, v), np.arctan2(v, u) / math.pi, u * v, np.maximum(abs(u), abs(v)))
    field = fields[random.integers(len(fields))] * random.uniform(0.5, 4)
    return _paint(random, _colour_map(random, np.mod(field, 1.0)))


def waves(random: Random, size: int) -> Pixels:
    """Draw stripes, grids, rings or marble: periodic functions over a warped plane."""
    u, v = _plane(random, size)
    bend = random.uniform(0, 0.5)
    u = u + bend * _power_noise(random, size, slope=2.0)
    v = v + bend * _power_noise(random, size, slope=2.0)
    pitch = random.uniform(3, 40)
    first, second = np.sin(pitch * u), np.sin(pitch * random.uniform(0.3, 1.5) * v)
    fields = (first, first * second, np.maximum(first, second), np.sin(pitch * np.hypot(u, v)))
    field = fields[random.integers(len(fields))]
    if random.random() < 0.5:
        field = np.tanh(field * random.uniform(2, 12))
    return _paint(random, _colour_map(random, field * 0.5 + 0.5))


def fractal(random: Random, size: int) -> Pixels:
    """Draw an iterated function system (Kataoka et al. 2020), coloured by density."""
    field = np.log1p(_attractor(random, size))
    field = field / max(float(field.max()), 1e-6)
    back = BACKDROPS[random.integers(len(BACKDROPS))](random, size) / 255.0
    ink = _colour_map(random, field)
    cover = np.clip(field * random.uniform(1, 4), 0, 1)[..., None]
    return _paint(random, back * (1 - cover) + ink * cover)


def leaves(random: Random, size: int) -> Pixels:
    """Draw dead leaves: shapes of many sizes hiding one another, each with its own texture."""
    canvas = Image.fromarray(BACKDROPS[random.integers(len(BACKDROPS))](random, size))
    for _ in range(int(random.integers(4, 40))):
        cover = _shape_mask(random, size)
        texture = BACKDROPS[random.integers(len(BACKDROPS))](random, size)
        canvas.paste(Image.fromarray(_shade(random, texture)), (0, 0), cover)
    return np.asarray(canvas)


def shapes(random: Random, size: int) -> Pixels:
    """Draw flat and outlined polygons, ellipses, arcs and lines on a backdrop."""
    canvas = Image.fromarray(BACKDROPS[random.integers(len(BACKDROPS))](random, size))
    pen = ImageDraw.Draw(canvas)
    for _ in range(int(random.integers(2, 25))):
        _stroke(random, pen, size=size)
    return np.asarray(canvas)


def balls(random: Random, size: int) -> Pixels:
    """Draw lit spheres with a highlight and a shadow, in front of a backdrop."""
    image = BACKDROPS[random.integers(len(BACKDROPS))](random, size) / 255.0
    rows, columns = np.mgrid[0:size, 0:size] / size
    for _ in range(int(random.integers(1, 9))):
        x, y, radius = random.uniform(0, 1), random.uniform(0, 1), random.uniform(0.06, 0.4)
        stretch = random.uniform(0.6, 1.6)
        u, v = (columns - x) / radius, (rows - y) / radius * stretch
        fade = 1 - 0.6 * np.exp(-((u - 0.5) ** 2 + (v - 0.7) ** 2) * 2)[..., None]
        depth = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        light = np.clip(depth * 0.8 - 0.4 * u * random.uniform(-1, 1) - 0.3 * v, 0, 1)
        skin = BACKDROPS[random.integers(len(BACKDROPS))](random, size) / 255.0
        lit = skin * (0.25 + light[..., None]) + light[..., None] ** random.integers(8, 40)
        image = np.where((u * u + v * v < 1)[..., None], lit, image * fade)
    return _paint(random, image)


def text(random: Random, size: int) -> Pixels:
    """Draw lines of random letters at several sizes on a backdrop."""
    canvas = Image.fromarray(BACKDROPS[random.integers(len(BACKDROPS))](random, size))
    pen = ImageDraw.Draw(canvas)
    for _ in range(int(random.integers(1, 12))):
        letters = "".join(random.choice(list(LETTERS), size=int(random.integers(1, 14))))
        font = ImageFont.load_default(size=float(random.uniform(8, size / 2)))
        place = tuple(random.uniform(-0.2 * size, 0.9 * size, 2))
        pen.text(place, letters, fill=_colour(random), font=font)
    turn = float(random.choice([0, 0, 90, random.uniform(-30, 30)]))
    return np.asarray(canvas.rotate(turn, Image.Resampling.BILINEAR))


BACKDROPS: tuple[Callable[[Random, int], Pixels], ...] = (noise, gradient, waves, noise)
KINDS: tuple[Callable[[Random, int], Pixels], ...] = (
    leaves,
    fractal,
    shapes,
    balls,
    leaves,
    text,
    waves,
    noise,
    leaves,
    gradient,
)


def _paint(random: Random, image: NDArray[np.float64]) -> Pixels:
    """Turn (size, size, 3) floats in 0..1 into bytes, with a little sensor noise on half."""
    grain = random.uniform(0, 0.06) * (random.random() < 0.5)
    grainy = image + grain * random.standard_normal(image.shape)
    return (np.clip(grainy, 0, 1) * 255).astype(np.uint8)


def _plane(random: Random, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give two coordinates in about -1..1, turned and moved at random."""
    rows, columns = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j] - random.uniform(-0.5, 0.5)
    angle = random.uniform(0, 2 * math.pi)
    u = columns * math.cos(angle) + rows * math.sin(angle)
    return u, rows * math.cos(angle) - columns * math.sin(angle)


def _power_noise(random: Random, size: int, *, slope: float) -> NDArray[np.float64]:
    """Give (size, size) noise of mean 0 and variance 1 with amplitude 1 / frequency ** slope."""
    spectrum = np.fft.rfft2(random.standard_normal((size, size)))
    rows, columns = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    frequency = np.maximum(np.hypot(rows, columns), 1 / size)
    field = np.fft.irfft2(spectrum / frequency**slope, s=(size, size))
    return (field - field.mean()) / max(float(field.std()), 1e-9)


def _colour(random: Random) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in random.integers(0, 256, 3))
    return red, green, blue


def _colour_map(random: Random, field: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colour a field in 0..1 by interpolation between two to five colours."""
    stops = random.uniform(0, 1, (int(random.integers(2, 6)), 3))
    if random.random() < 0.4:
        stops = np.clip(stops.mean() + (stops - stops.mean()) * [0.3, 0.25, 0.2], 0, 1)
    knots = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(field, knots, stops[:, part]) for part in range(3)], axis=-1)


def _attractor(random: Random, size: int) -> NDArray[np.float64]:
    """Count the visits of many points under two to seven random affine maps."""
    number = int(random.integers(2, 8))
    maps = random.uniform(-1, 1, (number, 2, 2))
    maps *= (
        random.uniform(0.4, 0.9, (number, 1, 1)) / np.linalg.norm(maps, 2, (1, 2))[:, None, None]
    )
    shifts = random.uniform(-1, 1, (number, 2))
    weights = np.abs(np.linalg.det(maps)) + 0.02
    points, visited = random.uniform(-1, 1, (600, 2)), []
    for step in range(90):
        choice = random.choice(number, len(points), p=weights / weights.sum())
        points = np.einsum("nij,nj->ni", maps[choice], points) + shifts[choice]
        visited += [points] if step > 12 else []
    cloud = np.concatenate(visited)
    low, high = np.percentile(cloud, [1, 99], axis=0)
    spread = np.maximum(high - low, 1e-6)
    rows, columns = ((cloud - low) / spread).T
    window = [[-0.1, 1.1], [-0.1, 1.1]]
    return np.histogram2d(rows, columns, bins=size, range=window)[0]


def _shape_mask(random: Random, size: int) -> Image.Image:
    """Give a mask of one polygon or ellipse whose size follows a power law, edges soft or hard."""
    mask = Image.new("L", (size, size))
    pen, radius = ImageDraw.Draw(mask), size * 0.05 / random.uniform(0.08, 1)
    x, y = random.uniform(0, size, 2)
    if random.random() < 0.4:
        wide, high = radius * random.uniform(0.4, 1, 2)
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=255)
    else:
        angles = np.sort(random.uniform(0, 2 * math.pi, int(random.integers(3, 9))))
        reach = radius * random.uniform(0.5, 1.3, len(angles))
        corners = zip(x + reach * np.cos(angles), y + reach * np.sin(angles), strict=True)
        pen.polygon([(float(a), float(b)) for a, b in corners], fill=255)
    return mask.filter(ImageFilter.GaussianBlur(float(random.choice([0.5, 0.5, 1, 4]))))


def _shade(random: Random, texture: Pixels) -> Pixels:
    """Light a texture from one side."""
    u, _ = _plane(random, len(texture))
    lit = texture * (1 + random.uniform(0, 0.5) * u)[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


def _stroke(random: Random, pen: ImageDraw.ImageDraw, *, size: int) -> None:
    """Draw one shape or line."""
    corners = [(float(x), float(y)) for x, y in random.uniform(-0.1, 1.1, (6, 2)) * size]
    (left, top), (right, bottom) = np.sort(np.array(corners[:2]), axis=0)
    box = (float(left), float(top), float(right), float(bottom))
    colour, width = _colour(random), int(random.integers(1, 12))
    kind, filled = random.integers(5), random.random() < 0.6
    if kind == 0:
        pen.ellipse(box, fill=colour if filled else None, outline=_colour(random), width=width)
    elif kind == 1:
        pen.rectangle(box, fill=colour if filled else None, outline=_colour(random), width=width)
    elif kind == 2:
        pen.polygon(corners[: int(random.integers(3, 7))], fill=colour)
    elif kind == 3:
        pen.arc(box, float(random.uniform(0, 180)), 300.0, fill=colour, width=width)
    else:
        pen.line(corners[: int(random.integers(2, 6))], fill=colour, width=width)
