"""What a look at classes and images says before training, and why it matters."""

from collections.abc import Callable
from dataclasses import dataclass

from core import datasets
from core.insights.image_stats import Finding, ImageStats, mark_of
from core.records import Dataset
from core.words import Message, enumeration, nsay, say

IMBALANCE = 5  # times the images of the smallest class
TINY = 32  # pixels of the shorter side
HUGE = 30_000_000  # pixels
STRETCHED = 4  # times as long as wide
BLURRED = 12.0  # variance of the Laplacian; blurred by a hundredth of their size: under 7
DARK = 40.0  # mean grey level
BRIGHT = 235.0
BLANK = 3.0  # contrast in grey levels


def class_findings(dataset: Dataset) -> list[Finding]:
    """Find classes that are small, or small beside others; one that was settled is not named."""
    findings = []
    small = [
        c
        for c in dataset.listed
        if c.count < datasets.FEW_IMAGES and mark_of("few", c.name) not in dataset.settled
    ]
    if small:
        what = nsay(
            "{num} class has fewer than {few} images: {names}.",
            "{num} classes have fewer than {few} images: {names}.",
            num=len(small),
            few=datasets.FEW_IMAGES,
            names=enumeration([c.name for c in small]),
        )
        why = say("What a model learns from few images may be chance, and so is its score.")
        labels = tuple(c.name for c in small)
        findings.append(Finding(kind="few", what=what, why=why, labels=labels))
    if dataset.classes:
        findings += _imbalance(dataset)
    return findings


def _imbalance(dataset: Dataset) -> list[Finding]:
    largest = max(dataset.classes, key=lambda c: c.count)
    smallest = min(dataset.classes, key=lambda c: c.count)
    if largest.count < IMBALANCE * smallest.count:
        return []
    what = say(
        "'{largest}' has {many} images, '{smallest}' has {few}.",
        largest=largest.name,
        many=largest.count,
        smallest=smallest.name,
        few=smallest.count,
    )
    why = say("A model may do well by naming the large class. Add images, or use class weights.")
    names = (largest.name, smallest.name)
    return [Finding(kind="imbalance", what=what, why=why, labels=names)]


@dataclass(frozen=True, slots=True)
class Check:
    """A test of one image, how its finding is said of a number of images, and why it matters."""

    kind: str
    test: Callable[[ImageStats], bool]
    what: Callable[[int], Message]
    why: Message


def _is_blank(row: ImageStats) -> bool:
    return row.contrast < BLANK and row.sharpness < BLURRED


CHECKS = (
    Check(
        "blank",
        _is_blank,
        lambda num: nsay("{num} image is almost blank.", "{num} images are almost blank.", num=num),
        say("There is nothing to learn from them."),
    ),
    Check(
        "dark",
        lambda row: row.brightness < DARK,
        lambda num: nsay("{num} image is very dark.", "{num} images are very dark.", num=num),
        say("If you cannot see what it is, a model can only guess."),
    ),
    Check(
        "bright",
        lambda row: row.brightness > BRIGHT and not _is_blank(row),
        lambda num: nsay("{num} image is very bright.", "{num} images are very bright.", num=num),
        say("If you cannot see what it is, a model can only guess."),
    ),
    Check(
        "blurred",
        lambda row: row.sharpness < BLURRED and min(row.size) >= TINY and not _is_blank(row),
        lambda num: nsay("{num} image is blurred.", "{num} images are blurred.", num=num),
        say("Fine detail is lost. Keep them if your camera makes such images later, too."),
    ),
    Check(
        "tiny",
        lambda row: min(row.size) < TINY,
        lambda num: nsay("{num} image is tiny.", "{num} images are tiny.", num=num),
        say("They are enlarged for training and show little."),
    ),
    Check(
        "huge",
        lambda row: row.image.width * row.image.height > HUGE,
        lambda num: nsay("{num} image is huge.", "{num} images are huge.", num=num),
        say("They are shrunk for training; what is small in them disappears."),
    ),
    Check(
        "stretched",
        lambda row: max(row.size) > STRETCHED * min(row.size),
        lambda num: nsay(
            "{num} image is very long or very tall.",
            "{num} images are very long or very tall.",
            num=num,
        ),
        say("They are squeezed to a square for training. Cut them to what matters."),
    ),
)
