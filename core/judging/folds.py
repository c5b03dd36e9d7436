"""Folds for cross-validation that follow from the data alone: no seed, no order of the images."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

NUMBER = 5
SKIPPED = -1  # the fold of an image that a sample leaves out
Units = list[list[int]]


def deal(
    labels: Sequence[Hashable],
    groups: Sequence[str],
    contents: Sequence[str],
    *,
    number: int = NUMBER,
    sample: int = 0,
) -> NDArray[np.int64]:
    """Deal images into folds 0, 1, ...: balanced by class; groups and equal contents stay whole.

    `contents` are hashes: they decide who goes where. With a `sample`, about so many images are
    dealt, of every class its share and at least `number`, and the others get `SKIPPED`. Gives
    the fold of each: (images,) int64.
    """
    units = sorted(_units(groups, contents), key=lambda unit: min(contents[i] for i in unit))
    if sample and len(labels) > sample:
        units = _sampled(labels, units, sample, number)
    found = np.full(len(labels), SKIPPED)
    have: defaultdict[Hashable, list[int]] = defaultdict(lambda: [0] * number)
    sizes = [0] * number
    for unit in sorted(units, key=len, reverse=True):  # small ones fill the gaps
        inside = Counter(labels[i] for i in unit)
        crowds = [sum(have[k][fold] * n for k, n in inside.items()) for fold in range(number)]
        fold = min(range(number), key=lambda fold: (crowds[fold], sizes[fold]))
        found[unit] = fold
        sizes[fold] += len(unit)
        for label, count in inside.items():
            have[label][fold] += count
    return found


def _sampled(labels: Sequence[Hashable], units: Units, sample: int, least: int) -> Units:
    """Take units until every class has its share of the sample."""
    counts, have = Counter(labels), Counter[Hashable]()
    share = sample / len(labels)
    wanted = {label: max(least, math.ceil(share * count)) for label, count in counts.items()}
    taken = []
    for unit in units:
        inside = {labels[i] for i in unit}
        if any(have[label] < wanted[label] for label in inside):
            taken.append(unit)
            have.update(labels[i] for i in unit)
    return taken


def _units(groups: Sequence[str], contents: Sequence[str]) -> Units:
    """Gather what must not be parted: a group, a content, and what these link."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = leader[above]
            name = above
        return name

    names = [f"content {content}" for content in contents]
    for name, group in zip(names, groups, strict=True):
        if group:
            leader[lead(name)] = lead(f"group {group}")
    units: defaultdict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        units[lead(name)].append(i)
    return list(units.values())
