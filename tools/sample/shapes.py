"""The subjects of the sample: a butterfly, a fish, a leaf and a shell, no two drawn alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]
Points = np.ndarray  # (n, 2), in the subject's own coordinates, from -1 to 1


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in a subject's own coordinates, wherever and however it lies in the picture."""

    layer: Image.Image  # RGBA
    turn: np.ndarray  # (2, 2): rotation, size and tilt, in pixels
    centre: np.ndarray  # (2,), in pixels
    colours: Sequence[Colour]  # main, second, dark, light

    def fill(self, points: Points, colour: int) -> None:
        """Fill a shape: (corners, 2) float."""
        ImageDraw.Draw(self.layer).polygon(self._pixels(points), fill=self.colours[colour])

    def line(self, points: Points, colour: int, width: float) -> None:
        """Draw a line through points: (points, 2) float; its width in the subject's unit, too."""
        pixels = max(1, round(width * self._size()))
        draw = ImageDraw.Draw(self.layer)
        draw.line(self._pixels(points), fill=self.colours[colour], width=pixels, joint="curve")

    def dot(self, centre: Points, radius: float, colour: int) -> None:
        """Fill a circle round a place: (2,) float."""
        self.fill(centre + radius * _circle(24), colour)

    def inside(self, outline: Points, shapes: Sequence[Points], colour: int) -> None:
        """Fill shapes, but only where they lie inside the outline: (corners, 2) float each."""
        within, pattern = self._mask([outline]), self._mask(shapes)
        self.layer.paste(self.colours[colour], mask=ImageChops.multiply(within, pattern))

    def _mask(self, shapes: Sequence[Points]) -> Image.Image:
        mask = Image.new("L", self.layer.size)
        draw = ImageDraw.Draw(mask)
        for shape in shapes:
            draw.polygon(self._pixels(shape), fill=255)
        return mask

    def _pixels(self, points: Points) -> list[tuple[float, float]]:
        return [(x, y) for x, y in (points @ self.turn.T + self.centre).tolist()]

    def _size(self) -> float:
        return float(np.sqrt(abs(np.linalg.det(self.turn))))


def leaf(pen: Pen, rng: np.random.Generator) -> None:
    """Draw a leaf with a midrib, veins and a plain, toothed or lobed edge."""
    width, belly = rng.uniform(0.28, 0.6), rng.uniform(0.7, 1.5)
    teeth, depth = int(rng.integers(5, 15)), rng.choice([0, 0.06, 0.12, 0.28])
    bend = rng.uniform(-0.35, 0.35)
    along = np.linspace(0, 1, 181)
    half = width * np.sin(np.pi * along**belly) ** rng.uniform(0.8, 1.2)
    half = half * (1 - depth * np.abs(np.sin(np.pi * teeth * along)))
    rib = np.stack([2 * along - 1, bend * (1 - (2 * along - 1) ** 2)], axis=1)
    edges = [rib + side * half[:, None] * np.array([0.0, 1.0]) for side in (1, -1)]
    outline = np.concatenate([edges[0], edges[1][::-1]])
    pen.line(np.array([rib[0], rib[0] - (rng.uniform(0.15, 0.4), bend / 2)]), 2, 0.05)
    pen.fill(outline, 0)
    pen.inside(outline, [np.concatenate([edges[0], rib[::-1]])], 1)
    for index in range(14, 165, int(rng.integers(12, 22))):
        for edge in edges:
            tip = edge[min(index + 14, 180)]
            pen.line(rib[index] + np.outer(np.linspace(0, 0.9, 6), tip - rib[index]), 3, 0.012)
    pen.line(rib, 3, 0.03)


def fish(pen: Pen, rng: np.random.Generator) -> None:
    """Draw a fish with fins, an eye and stripes, spots or nothing on its side."""
    height, swim = rng.uniform(0.25, 0.55), rng.uniform(-0.15, 0.15)
    along = np.linspace(0, 1, 61)
    half = height * np.sin(np.pi * along**0.75) ** rng.uniform(0.6, 1.0) + 0.05 * along
    spine = np.stack([0.95 - 1.5 * along, swim * np.sin(3 * along)], axis=1)
    up = np.array([0.0, 1.0])
    outline = np.concatenate([spine + half[:, None] * up, (spine - half[:, None] * up)[::-1]])
    root, fork = spine[-1], rng.uniform(0.25, 0.5)
    tail = [(0.12, 0.05), (-0.42, fork), (-0.25 + rng.uniform(-0.15, 0.1), 0), (-0.42, -fork)]
    pen.fill(root + np.array([*tail, (0.12, -0.05)]), 1)
    for side, far in ((-1, 1.0), (1, 0.6)):
        start, stop = rng.integers(14, 22), rng.integers(34, 48)
        lift = far * rng.uniform(0.15, 0.35) * np.sin(np.linspace(0.5, 3.1, stop - start))
        edge = spine[start:stop] + side * half[start:stop, None] * up
        pen.fill(np.concatenate([edge, (edge + side * lift[:, None] * up)[::-1]]), 1)
    pen.fill(outline, 0)
    pen.inside(outline, _markings(rng), 1)
    belly = np.concatenate([spine + 0.35 * half[:, None] * up, (spine + up)[::-1]])
    pen.inside(outline, [belly], 3) if rng.random() < 0.5 else None
    eye = spine[9] - (0, half[9] * 0.25)
    pen.dot(eye, 0.085, 3)
    pen.dot(eye, 0.05, 2)
    pen.line(np.array([spine[1] + (0, 0.06), spine[5] + (0, 0.08)]), 2, 0.02)


def _markings(rng: np.random.Generator) -> list[Points]:
    kind = rng.integers(0, 3)
    if kind == 0:
        width = rng.uniform(0.05, 0.12)
        box = np.array([(-width, -1), (width, -1), (width * 0.4, 1), (-width * 1.6, 1)])
        return [box + np.array([x, 0.0]) for x in np.arange(-0.4, 0.6, width * 3.4)]
    if kind == 1:
        centres = rng.uniform((-0.6, -0.5), (0.6, 0.5), (22, 2))
        return [centre + rng.uniform(0.03, 0.08) * _circle(14) for centre in centres]
    return []


def butterfly(pen: Pen, rng: np.random.Generator) -> None:
    """Draw a butterfly with two pairs of wings, bordered and spotted."""
    upper = _wing(rng, length=(0.85, 1.05), lift=(0.55, 1.0), width=(0.36, 0.5))
    lower = _wing(rng, length=(0.6, 0.8), lift=(-0.95, -0.5), width=(0.3, 0.45))
    spots = rng.uniform(0.35, 0.8, (int(rng.integers(0, 4)), 1))
    radius = rng.uniform(0.05, 0.1)
    for side in (1, -1):
        for wing in (lower, upper):
            outline = wing * (side, 1)
            pen.fill(outline, 2)
            pen.fill(outline * 0.88 + outline.mean(axis=0) * 0.06, 0)
            pen.inside(outline, [outline * rng.uniform(0.5, 0.65)], 1)
            for spot in spots * outline[len(outline) // 2] * 0.9:
                pen.dot(spot, radius, 3)
    body = np.array([0.055, 0.5]) * _circle(30) + (0, rng.uniform(-0.05, 0.05))
    for side in (1, -1):
        curl = np.linspace(0, 1, 8)
        feeler = np.stack([side * (0.04 + 0.3 * curl**1.6), -0.42 - 0.38 * curl**0.8], axis=1)
        pen.line(feeler, 2, 0.018)
        pen.dot(feeler[-1], 0.03, 2)
    pen.fill(body, 2)


def _wing(
    rng: np.random.Generator,
    *,
    length: tuple[float, float],
    lift: tuple[float, float],
    width: tuple[float, float],
) -> Points:
    """Outline a wing that grows from the middle to the right; y points down."""
    along = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    far = rng.uniform(*length) * (1 - np.cos(along)) / 2
    wave = 1 + rng.choice([0, 0.05]) * np.cos(rng.integers(8, 14) * along)
    near = rng.uniform(*width) * np.sin(along) * (0.55 + 0.45 * far) * wave
    angle = -rng.uniform(*lift)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.stack([far * wave, near], axis=1) @ turn


def shell(pen: Pen, rng: np.random.Generator) -> None:
    """Draw a scallop shell with its ribs, growth bands and two ears."""
    ribs, spread = int(rng.integers(7, 14)), rng.uniform(0.7, 1.15)
    tall = rng.uniform(1.1, 1.6)
    angles = np.linspace(-spread, spread, 241)
    edge = tall * (1 - rng.uniform(0.12, 0.35) * (angles / spread) ** 2)
    edge = edge + 0.045 * np.abs(np.sin(ribs * np.pi * (angles + spread) / (2 * spread)))
    hinge = np.array([0.0, tall / 2])
    ray = np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    outline = np.concatenate([[hinge], hinge + edge[:, None] * ray])
    ear = rng.uniform(0.25, 0.42)
    pen.fill(
        hinge + np.array([(-ear, 0.06), (ear, 0.06), (ear * 0.9, -0.3), (-ear * 0.9, -0.3)]), 1
    )
    pen.fill(outline, 0)
    for share in rng.uniform(0.3, 0.95, int(rng.integers(1, 5))):
        thick = rng.uniform(0.03, 0.1)
        band = [hinge + (share + d) * edge[:, None] * ray for d in (0, -thick)]
        pen.inside(outline, [np.concatenate([band[0], band[1][::-1]])], 1)
    for rib in range(ribs + 1):
        index = round(rib * 240 / ribs)
        colour = 2 if rib % 2 else 3
        pen.line(
            np.array([hinge + 0.12 * ray[index], hinge + edge[index] * ray[index]]), colour, 0.02
        )
    pen.dot(hinge, 0.1, 1)


def _circle(corners: int) -> Points:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


SUBJECTS: Mapping[str, Callable[[Pen, np.random.Generator], None]] = {
    "butterfly": butterfly,
    "fish": fish,
    "leaf": leaf,
    "shell": shell,
}
