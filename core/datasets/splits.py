"""Train, validation and test: stratified by class, and no group of images stands on two sides."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from core.records import Split

SHARES = {Split.TRAIN: 0.70, Split.VALIDATION: 0.15, Split.TEST: 0.15}
PARTS = tuple(SHARES)


def targets(count: int) -> dict[Split, int]:
    """Give how many images of a class each part should have: by largest remainder.

    From 3 images on every part has one; a single image trains, two train and validate.
    """
    if count < len(PARTS):
        return {part: int(index < count) for index, part in enumerate(PARTS)}
    exact = {part: share * count for part, share in SHARES.items()}
    wanted = {part: int(value + 1e-9) for part, value in exact.items()}
    rest = sorted(PARTS, key=lambda part: wanted[part] - exact[part])
    for part in rest[: count - sum(wanted.values())]:
        wanted[part] += 1
    for part in (Split.VALIDATION, Split.TEST):
        if wanted[part] == 0:
            wanted[part], wanted[Split.TRAIN] = 1, wanted[Split.TRAIN] - 1
    return wanted


def assign(
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    seed: int,
    given: Sequence[Split | None] = (),
) -> tuple[Split, ...]:
    """Give each image its part. Images with one non-empty group name stay together.

    What is `given` stays as it is, and an image whose group has a given part goes there. The
    rest is filled up to 70/15/15 of each class, the same for the same seed.
    """
    parts: list[Split | None] = list(given) or [None] * len(labels)
    members = _members(groups)
    _follow(parts, members)
    rng = random.Random(seed)
    waiting = [group for group in members if parts[group[0]] is None]
    rng.shuffle(waiting)
    waiting.sort(key=len, reverse=True)  # large ones first, single images fill the gaps
    ledger = _Ledger(labels, parts, waiting)
    for group in waiting:
        counts = Counter(labels[i] for i in group)
        part = ledger.choose(counts, rng)
        ledger.book(counts, part)
        for i in group:
            parts[i] = part
    return tuple(part or Split.TRAIN for part in parts)


def _members(groups: Sequence[str]) -> list[list[int]]:
    together: dict[str, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        together[group or f"\0{index}"].append(index)
    return list(together.values())


def _follow(parts: list[Split | None], members: list[list[int]]) -> None:
    """Send the rest of a group where its first settled member is."""
    for group in members:
        settled = next((parts[i] for i in group if parts[i]), None)
        for i in group:
            parts[i] = parts[i] or settled


class _Ledger:
    """How many images of each class each part has, wants, and can still get."""

    def __init__(
        self, labels: Sequence[str], parts: Sequence[Split | None], waiting: list[list[int]]
    ) -> None:
        self._wanted = {label: targets(count) for label, count in Counter(labels).items()}
        self._have = Counter((k, p) for k, p in zip(labels, parts, strict=True) if p)
        self._groups_left = Counter(k for group in waiting for k in {labels[i] for i in group})

    def book(self, counts: Counter[str], part: Split) -> None:
        for label, count in counts.items():
            self._have[label, part] += count
            self._groups_left[label] -= 1

    def choose(self, counts: Counter[str], rng: random.Random) -> Split:
        """Choose the part of one group: an empty one before it is too late, else where it fits."""
        parts = self._last_call(counts) or PARTS
        fitting = [p for p in parts if all(self._room(k, p) >= n for k, n in counts.items())]
        if fitting:
            weights = [sum(self._room(k, p) for k in counts) for p in fitting]
            return rng.choices(fitting, weights)[0]
        return min(parts, key=lambda p: self._excess(counts, p))

    def _last_call(self, counts: Counter[str]) -> tuple[Split, ...]:
        """Give the parts a class still lacks when its last groups are needed to fill them."""
        for label in counts:
            wanted = self._wanted[label]
            empty = tuple(p for p in PARTS if wanted[p] and not self._have[label, p])
            left = self._groups_left[label]
            if empty and left <= len(empty):
                return empty[:left]  # validation before test
        return ()

    def _room(self, label: str, part: Split) -> int:
        return self._wanted[label][part] - self._have[label, part]

    def _excess(self, counts: Counter[str], part: Split) -> int:
        return sum(max(0, n - max(0, self._room(k, part))) for k, n in counts.items())


def folds(labels: Sequence[str], groups: Sequence[str], *, number: int, seed: int) -> np.ndarray:
    """Deal images into folds for cross-validation: balanced by class, groups kept whole.

    Gives the fold of each image, (images,) int64 from 0.
    """
    rng = random.Random(seed)
    found = np.zeros(len(labels), dtype=np.int64)
    counts: Counter[tuple[str, int]] = Counter()
    members = _members(groups)
    rng.shuffle(members)
    for group in sorted(members, key=len, reverse=True):
        inside = Counter(labels[i] for i in group)
        fold = min(range(number), key=lambda f: sum(counts[k, f] * n for k, n in inside.items()))
        found[group] = fold
        counts.update({(k, fold): n for k, n in inside.items()})
    return found
