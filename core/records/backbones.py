"""Records of backbones that a user brings: what is found in them, what is tried and kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.records.choices import Entry
from core.records.results import Accuracy
from core.words import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelRange(Entry):
    """In which numbers a network wants the pixels of a picture."""

    preprocessing: str  # that of `core.models.catalog.Backbone`


PIXEL_RANGES: Mapping[str, PixelRange] = {
    "0-255": PixelRange(
        name="0-255",
        title=mark("0 to 255"),
        sentence=mark("The pixels as they are: for a model that rescales them itself."),
        preprocessing="inside",
    ),
    "0-1": PixelRange(
        name="0-1",
        title=mark("0 to 1"),
        sentence=mark("Divided by 255: what most lessons do."),
        preprocessing="unit",
    ),
    "signed": PixelRange(
        name="signed",
        title=mark("-1 to 1"),
        sentence=mark("As MobileNet and Inception want them."),
        preprocessing="tf",
    ),
    "imagenet": PixelRange(
        name="imagenet",
        title=mark("ImageNet mean"),
        sentence=mark(
            "Less the mean, by the deviation: as DenseNet and most PyTorch models want them."
        ),
        preprocessing="torch",
    ),
    "caffe": PixelRange(
        name="caffe",
        title=mark("Blue first (caffe)"),
        sentence=mark(
            "Blue, green, red, less the mean of each: as VGG and the first ResNet want them."
        ),
        preprocessing="caffe",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """What Keras finds in a model file, besides the facts of every backbone."""

    cut_off: int  # numbers that the top gave which was cut off; 0: there was no top
    pixels: str  # the range that its own first layers take; empty: they tell none


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRange:
    """What a head scores on the features of images whose pixels were given in a range."""

    pixels: str
    accuracy: Accuracy
    is_worse: bool = False  # surely, than the best: paired, corrected for the number of ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeTrial:
    """What each range comes to on a user's own images, the best first."""

    dataset_id: str = ""
    dataset_version: int = 0
    image_size: int = 0
    ranges: tuple[TriedRange, ...] = ()

    @property
    def best(self) -> str:
        return self.ranges[0].pixels

    @property
    def tied(self) -> tuple[TriedRange, ...]:
        """Give those that the images cannot tell from the best, the best among them."""
        return tuple(tried for tried in self.ranges if not tried.is_worse)


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtModel:
    """Where a backbone of a user comes from; lies beside it."""

    file: str  # as the user's machine calls it
    sha256: str  # of that file
    found: FoundModel
    pixels: str = ""  # of `PIXEL_RANGES`; empty: not chosen yet
    trial: RangeTrial | None = None
