"""Pictures for lessons: the sample, or made of it so that one thing can be seen."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from core.images import sample

SIDE = 96  # pixels
_FEW = 12  # of each class
_ANIMALS, _NEW_ANIMALS, _PHOTOS = 12, 8, 10  # of each sex; photos of each
_SEED = 8
_COLOURS = ("#d95f02", "#1b9e77", "#7570b3", "#e7298a")


def write_sample(folder: Path) -> None:
    """Write the sample as it is."""
    sample.write(folder)


def write_few(folder: Path) -> None:
    """Write a few pictures of each class."""
    for label, pictures in _by_class(folder / ".all").items():
        chosen = np.random.default_rng(_SEED).permutation(len(pictures))[:_FEW]
        for number in sorted(chosen):
            _save(pictures[number], folder / label / f"{label}_{number:03d}.png")


def write_framed(folder: Path) -> None:
    """Write pictures with a frame whose colour gives the class away, but in the test part."""
    for index, (label, pictures) in enumerate(_by_class(folder / ".all").items()):
        for number, picture in enumerate(pictures):
            part = "test" if number % 5 == 0 else "validation" if number % 5 == 1 else "train"
            colour = _COLOURS[(index + (part == "test")) % len(_COLOURS)]
            _save(_framed(picture, colour), folder / part / label / f"{number:03d}.png")


def write_animals(folder: Path) -> None:
    """Write photos of animals whose sex cannot be seen; those of the test part are new ones."""
    rng = np.random.default_rng(_SEED)
    for label in ("female", "male"):
        for animal in range(_ANIMALS + _NEW_ANIMALS):
            draw = _animal(rng)
            for photo in range(_PHOTOS):
                known = "validation" if photo % 5 == 0 else "train"
                part = "test" if animal >= _ANIMALS else known
                path = folder / part / label / f"animal{animal:02d}_{photo}.png"
                _save(draw(rng), path)


VARIANTS: Mapping[str, Callable[[Path], None]] = {
    "sample": write_sample,
    "few": write_few,
    "framed": write_framed,
    "animals": write_animals,
}


def _by_class(folder: Path) -> dict[str, list[Image.Image]]:
    """Read the sample, by class; the folder that it is unpacked into goes again."""
    labels = sample.write(folder)
    found = {}
    for label in labels:
        found[label] = [
            Image.open(path).convert("RGB") for path in sorted((folder / label).iterdir())
        ]
        for path in (folder / label).iterdir():
            path.unlink()
        (folder / label).rmdir()
    folder.rmdir()
    return found


def _framed(picture: Image.Image, colour: str) -> Image.Image:
    framed = picture.resize((SIDE, SIDE))
    ImageDraw.Draw(framed).rectangle((0, 0, SIDE - 1, SIDE - 1), outline=colour, width=10)
    return framed


def _animal(rng: np.random.Generator) -> Callable[[np.random.Generator], Image.Image]:
    """Make up an animal: a coat of spots on a ground, which all its photos show a little other."""
    ground, coat, spot = (tuple(rng.integers(30, 230, 3).tolist()) for _ in range(3))
    spots = rng.uniform(0.2, 0.8, (7, 2))
    width, height = rng.uniform(0.3, 0.45, 2)

    def photo(chance: np.random.Generator) -> Image.Image:
        picture = Image.new("RGB", (SIDE, SIDE), ground)
        drawing = ImageDraw.Draw(picture)
        left, top = chance.uniform(-0.06, 0.06, 2)
        drawing.ellipse(_box(0.5 + left, 0.5 + top, width, height), fill=coat)
        for x, y in spots:
            drawing.ellipse(_box(x + left, y + top, 0.05, 0.05), fill=spot)
        return ImageEnhance.Brightness(picture).enhance(chance.uniform(0.85, 1.15))

    return photo


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return SIDE * (x - width), SIDE * (y - height), SIDE * (x + width), SIDE * (y + height)


def _save(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
