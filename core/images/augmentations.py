"""The kinds of augmentation a user can choose, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.records.choices import Entry
from core.words import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation(Entry):
    """How far a view of an image may differ from the image itself."""

    flips: bool = False  # left and right swapped in half of the views
    smallest_crop: float = 1.0  # share of the area that a crop keeps at least
    stretch: float = 0.0  # largest change of the aspect ratio, as a share
    rotation: float = 0.0  # degrees, either way
    brightness: float = 0.0  # largest change, as a share; likewise contrast and colour
    contrast: float = 0.0
    colour: float = 0.0
    erased: float = 0.0  # largest share of the area covered by a grey patch


AUGMENTATIONS: Mapping[str, Augmentation] = {
    "none": Augmentation(
        name="none",
        title=mark("None"),
        sentence=mark("Every image is used exactly as it is. Fastest."),
    ),
    "light": Augmentation(
        name="light",
        title=mark("Light"),
        sentence=mark("Slightly moved, tilted and brightened copies. Safe for most pictures."),
        flips=True,
        smallest_crop=0.85,
        stretch=0.05,
        rotation=5,
        brightness=0.1,
        contrast=0.1,
    ),
    "standard": Augmentation(
        name="standard",
        title=mark("Standard"),
        sentence=mark("Moved, tilted, zoomed and re-coloured copies. Good for photographs."),
        flips=True,
        smallest_crop=0.65,
        stretch=0.1,
        rotation=12,
        brightness=0.2,
        contrast=0.2,
        colour=0.2,
    ),
    "strong": Augmentation(
        name="strong",
        title=mark("Strong"),
        sentence=mark(
            "Large changes, and a patch of each copy covered. For few images and long training."
        ),
        flips=True,
        smallest_crop=0.4,
        stretch=0.25,
        rotation=25,
        brightness=0.35,
        contrast=0.35,
        colour=0.4,
        erased=0.15,
    ),
}
