"""Classes that a model could tell by their size or background alone, or tells by their border."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core import datasets, natural
from core.insights.image_stats import Finding, ImageStats, finding
from core.judging import shares
from core.records import ClassHeat
from core.words import Message, mark, nsay, say

OWN_SHARE = 0.9  # of a class that has a size of its own
MIN_SPREADS = 3.0  # standard deviations between backgrounds
MIN_LEVELS = 40.0  # grey levels between backgrounds
MIN_IMAGES = 8  # images of a class
_WHY_SHORTCUT = say(
    "A model could tell this class without looking at what matters, and fail on other photos."
)


def find_shortcuts(stats: Sequence[ImageStats]) -> list[Finding]:
    """Find classes that could be told by their size or background alone."""
    by_class: dict[str, list[ImageStats]] = defaultdict(list)
    for row in stats:
        by_class[row.image.label].append(row)
    if len(by_class) < datasets.MIN_CLASSES:
        return []
    findings, every = [], _Side.of(stats)
    for label in sorted(by_class, key=natural.sort_key):
        inside = by_class[label]
        here = _Side.of(inside)
        there = every.without(here)
        if min(here.count, there.count) >= MIN_IMAGES:
            findings += _by_size(label, inside, here, there)
            findings += _by_background(label, inside, here, there)
    return findings


@dataclass(frozen=True, slots=True)
class _Side:
    """What is asked of a class, or of all others: summed, so that many classes take no longer."""

    count: int
    sizes: Counter[tuple[int, int]]
    border: np.ndarray  # (3,): the sum of the colours
    products: np.ndarray  # (3, 3): the sum of their products

    @classmethod
    def of(cls, rows: Sequence[ImageStats]) -> "_Side":
        borders = np.array([row.border for row in rows], float)
        sizes = Counter(row.size for row in rows)
        return cls(len(rows), sizes, borders.sum(axis=0), borders.T @ borders)

    def without(self, some: "_Side") -> "_Side":
        """Give what is left."""
        border, products = self.border - some.border, self.products - some.products
        sizes = {
            size: self.sizes[size] - num for size, num in some.sizes.items()
        }  # others: unasked
        return _Side(self.count - some.count, Counter(sizes), border, products)

    def variance(self, along: np.ndarray) -> float:
        """Give the variance of the colours in a direction."""
        mean = float(self.border @ along) / self.count
        return max(0.0, float(along @ self.products @ along) / self.count - mean**2)


def _by_size(label: str, inside: Sequence[ImageStats], here: _Side, there: _Side) -> list[Finding]:
    size, count = here.sizes.most_common(1)[0]
    elsewhere = there.sizes[size]
    if count < OWN_SHARE * here.count or elsewhere > (1 - OWN_SHARE) * there.count:
        return []
    what = say(
        "Most images of '{label}' are {width} x {height} pixels, and hardly any others are.",
        label=label,
        width=size[0],
        height=size[1],
    )
    images = [row.image for row in inside if row.size == size]
    return [finding("size_shortcut", what, _WHY_SHORTCUT, images)]


def _by_background(
    label: str, inside: Sequence[ImageStats], here: _Side, there: _Side
) -> list[Finding]:
    apart = here.border / here.count - there.border / there.count
    distance = float(np.linalg.norm(apart))
    if distance < MIN_LEVELS:
        return []
    along = apart / distance
    spread = math.sqrt((here.variance(along) + there.variance(along)) / 2)
    if distance < MIN_SPREADS * max(spread, 1.0):
        return []
    what = say("The background of '{label}' has another colour than all others.", label=label)
    return [finding("background_shortcut", what, _WHY_SHORTCUT, [row.image for row in inside])]


def border_share(found: ClassHeat) -> Message:
    """Say how much of what speaks for a class lies at the border, and what would be even."""
    return nsay(
        "Of what speaks for '{label}' in {num} validation picture, {share} lies at the border (the "
        "outer eighth on each side); the same heat everywhere would put {even} there.",
        "Of what speaks for '{label}' in {num} validation pictures, {share} lies at the border "
        "(the outer eighth on each side); the same heat everywhere would put {even} there.",
        label=found.label,
        num=found.images,
        share=shares.percent(found.border),
        even=shares.percent(found.even),
    )


def border_warning(found: ClassHeat) -> Message | None:
    """Warn of a class that surely goes by the border; None where that may be chance."""
    if not found.is_at_border:
        return _spot_warning(found)
    return say(
        "In {more} of {images} pictures it is clearly more than that. The model may know "
        "'{label}' by a frame, a date or the surroundings. Look at the pictures, and cover the "
        "border of one to see whether the model still names it.",
        more=found.more,
        images=found.images,
        label=found.label,
    )


def _spot_warning(found: ClassHeat) -> Message | None:
    """Warn of a class that is known by one place of the border, as by a mark."""
    if not found.has_spot or found.spot is None:
        return None
    return say(
        "In {more} of {images} pictures one place, {place}, speaks for '{label}' more than the "
        "opposite sides do. The model may know it by a mark there: a date, a logo, a label. Look "
        "at the pictures, and cover that place in one to see whether the model still names it.",
        more=found.spotted,
        images=found.images,
        label=found.label,
        place=say(
            _PLACES[_third(found.spot.top, found.spot.bottom)][
                _third(found.spot.left, found.spot.right)
            ]
        ),
    )


def _third(first: float, last: float) -> int:
    """Give in which third of a side the middle of a part lies."""
    return min(2, int(3 * (first + last) / 2))


_PLACES = (  # by row and column
    (mark("at the top left"), mark("at the top"), mark("at the top right")),
    (mark("on the left"), mark("in the middle"), mark("on the right")),
    (mark("at the bottom left"), mark("at the bottom"), mark("at the bottom right")),
)
