"""Classes that a model could tell by their size or background alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from core import datasets, natural
from core.insights.image_stats import Finding, Look, finding
from core.words import say

OWN_SHARE = 0.9  # of a class that has a size of its own
MIN_SPREADS = 3.0  # standard deviations between backgrounds
MIN_LEVELS = 40.0  # grey levels between backgrounds
MIN_IMAGES = 8  # images of a class
_WHY_SHORTCUT = say(
    "A model could tell this class without looking at what matters, and fail on other photos."
)


def find_shortcuts(looks: Sequence[Look]) -> list[Finding]:
    """Find classes that could be told by their size or background alone."""
    by_class: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        by_class[look.image.label].append(look)
    if len(by_class) < datasets.MIN_CLASSES:
        return []
    findings = []
    for label in sorted(by_class, key=natural.sort_key):
        inside = by_class[label]
        outside = [look for look in looks if look.image.label != label]
        if len(inside) >= MIN_IMAGES and len(outside) >= MIN_IMAGES:
            findings += _by_size(label, inside, outside)
            findings += _by_background(label, inside, outside)
    return findings


def _by_size(label: str, inside: Sequence[Look], outside: Sequence[Look]) -> list[Finding]:
    size, count = Counter(look.size for look in inside).most_common(1)[0]
    elsewhere = sum(look.size == size for look in outside)
    if count < OWN_SHARE * len(inside) or elsewhere > (1 - OWN_SHARE) * len(outside):
        return []
    what = say(
        "Most images of '{label}' are {width} x {height} pixels, and hardly any others are.",
        label=label,
        width=size[0],
        height=size[1],
    )
    images = [look.image for look in inside if look.size == size]
    return [finding("size_shortcut", what, _WHY_SHORTCUT, images)]


def _by_background(label: str, inside: Sequence[Look], outside: Sequence[Look]) -> list[Finding]:
    here, there = (np.array([look.border for look in side], float) for side in (inside, outside))
    apart = here.mean(axis=0) - there.mean(axis=0)
    distance = float(np.linalg.norm(apart))
    if distance < MIN_LEVELS:
        return []
    along = apart / distance
    spread = math.sqrt(((here @ along).var() + (there @ along).var()) / 2)
    if distance < MIN_SPREADS * max(spread, 1.0):
        return []
    what = say("The background of '{label}' has another colour than all others.", label=label)
    return [finding("background_shortcut", what, _WHY_SHORTCUT, [look.image for look in inside])]
