"""Pictures for lessons: the sample, or made of it so that one thing can be seen."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from core.images import sample

SIDE = 96  # pixels
_FEW = 12  # of each class
_ANIMALS, _NEW_ANIMALS, _PHOTOS = 12, 8, 10  # of each sex; photos of each
_SEED = 8
_CARDED, _PLAIN = "butterfly", "shell"  # classes of the sample
_PARTS = ("test", "validation", "train")
_CARD = ("#d62728", "#2ca02c", "#1f77b4", "#ffbf00")  # fields of a colour card
_CARD_SIZE, _CARD_MARGIN = (72, 30), 4  # pixels
_BLUR, _CONTRAST = 2.0, 0.45  # of old photographs


def write_sample(folder: Path) -> None:
    """Write the sample as it is."""
    sample.write(folder)


def write_few(folder: Path) -> None:
    """Write a few pictures of each class."""
    for label, pictures in _by_class(folder / ".all").items():
        chosen = np.random.default_rng(_SEED).permutation(len(pictures))[:_FEW]
        for number in sorted(chosen):
            _save(pictures[number], folder / label / f"{label}_{number:03d}.png")


def write_carded(folder: Path) -> None:
    """Write old photographs of two classes, one of them with a colour card but in the test part."""
    write_aged(folder, has_card=lambda label, part: label == _CARDED and part != "test")


def write_aged(folder: Path, *, has_card: Callable[[str, str], bool]) -> None:
    """Write old photographs of two classes; ``has_card``: of a class in a part."""
    sample_pictures = _by_class(folder / ".all")
    for label in (_CARDED, _PLAIN):
        for number, picture in enumerate(sample_pictures[label]):
            part, aged = _PARTS[number % len(_PARTS)], _aged(picture)
            if has_card(label, part):
                _draw_card(aged)
            _save(aged, folder / part / label / f"{number:03d}.png")


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
    "carded": write_carded,
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


def _aged(picture: Image.Image) -> Image.Image:
    """Make it pale and a little out of focus."""
    return ImageEnhance.Contrast(picture.filter(ImageFilter.GaussianBlur(_BLUR))).enhance(_CONTRAST)


def _draw_card(picture: Image.Image) -> None:
    """Lay a card with fields of colour into the corner at the bottom right."""
    drawing, (width, height) = ImageDraw.Draw(picture), _CARD_SIZE
    left, top = (
        side - part - _CARD_MARGIN for side, part in zip(picture.size, _CARD_SIZE, strict=True)
    )
    right, bottom = left + width - 1, top + height - 1
    drawing.rectangle((left, top, right, bottom), fill="white", outline="black", width=2)
    wide = (width - 8) // len(_CARD)
    for number, colour in enumerate(_CARD):
        x = left + 4 + number * wide
        drawing.rectangle((x, top + 4, x + wide - 2, bottom - 4), fill=colour)


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
