"""What a look at the images says before training: findings, their images, and why they matter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core import datasets
from core.datasets import duplicates
from core.insights import shortcuts
from core.insights.image_stats import Finding, ImageStats, finding, load_image_stats
from core.records import Dataset, ImageRecord
from core.words import Message, enumeration, nsay, say
from core.workspace import Workspace

IMBALANCE = 5  # times the images of the smallest class
TINY = 32  # pixels of the shorter side
HUGE = 30_000_000  # pixels
STRETCHED = 4  # times as long as wide
BLURRED = 12.0  # variance of the Laplacian; blurred by a hundredth of their size: under 7
DARK = 40.0  # mean grey level
BRIGHT = 235.0
BLANK = 3.0  # contrast in grey levels


def report(ws: Workspace, dataset: Dataset) -> tuple[Finding, ...]:
    """Look at one version of a data set; the gravest findings come first."""
    stats = load_image_stats(ws, dataset)
    return (
        *_conflicts(ws, dataset),
        *_classes(dataset),
        *shortcuts.find_shortcuts(stats),
        *_odd_images(stats),
    )


def _conflicts(ws: Workspace, dataset: Dataset) -> list[Finding]:
    groups = duplicates.groups(ws, dataset)
    across = [group for group in groups if group.across_classes]
    within = [group for group in groups if not group.across_classes]
    findings = []
    if across:
        what = nsay(
            "{num} photo is in more than one class.",
            "{num} photos are in more than one class.",
            num=len(across),
        )
        why = say("A model cannot learn two answers for one photo. Keep it in the right class.")
        findings.append(finding("conflict", what, why, _members(across)))
    if within:
        what = nsay(
            "{num} photo is there more than once.",
            "{num} photos are there more than once.",
            num=len(within),
        )
        why = say("They teach nothing new; they are kept on one side of the split.")
        findings.append(finding("duplicate", what, why, _members(within)))
    return findings


def _members(groups: Iterable[duplicates.Group]) -> tuple[ImageRecord, ...]:
    return tuple(image for group in groups for image in group.images)


def _classes(dataset: Dataset) -> list[Finding]:
    """Find classes that are small, or small beside others."""
    findings = []
    small = [c for c in dataset.listed if c.count < datasets.FEW_IMAGES]
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


def _odd_images(stats: Sequence[ImageStats]) -> list[Finding]:
    findings = []
    for check in CHECKS:
        images = [row.image for row in stats if check.test(row)]
        if images:
            findings.append(finding(check.kind, check.what(len(images)), check.why, images))
    return findings


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
