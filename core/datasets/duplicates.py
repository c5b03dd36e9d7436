"""Which images are the same photo, or nearly, and so stay on one side of a split."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core import files, names, natural
from core.datasets.similarity import close_pairs, near_pairs
from core.records import ImageRecord
from core.words import Message, enumeration, nsay
from core.workspace import Workspace

MAX_WARNINGS = 5  # of one kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What one image looks like, measured when it came in."""

    content: str
    signature: str  # hex: 64 bits of perceptual hash, then an 8 x 8 picture in colour
    sharpness: float = 0.0  # see `core.ingest.decoding.decoder.sharpness`
    border: tuple[int, int, int] = (0, 0, 0)  # mean colour along the edges


def bound_groups(
    files: Sequence[str],
    contents: Sequence[str],
    signatures: Sequence[str],
    others: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """Group the indices of images that must stay on one side of a split.

    These are the same photo, near-duplicates and webcam bursts, and what else is linked: see
    `core.ingest.grouping`.
    """
    links: list[tuple[int, int]] = [*near_pairs(signatures), *others]
    links += alike(contents)
    links += alike([_burst_key(file) for file in files])
    return joined(len(files), links)


def same_photos(contents: Sequence[str], signatures: Sequence[str]) -> list[list[int]]:
    """Group the indices of images that hold the same photo, or nearly."""
    return joined(len(contents), [*near_pairs(signatures), *alike(contents)])


def _burst_key(file: str) -> str:
    stamp = names.burst(file)
    return f"{file.rsplit('/', 1)[0]}/{stamp}" if stamp else ""


def alike(keys: Sequence[str]) -> list[tuple[int, int]]:
    """Link each index to the first one with the same key; an empty key is alike to none."""
    first: dict[str, int] = {}
    return [
        (first.setdefault(key, index), index)
        for index, key in enumerate(keys)
        if key and first.setdefault(key, index) != index
    ]


def joined(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Join linked indices to groups (union-find); those without a link are in none."""
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second in links:
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(count):
        groups[root(index)].append(index)
    return [group for group in groups.values() if len(group) > 1]


def group_names(contents: Sequence[str], groups: Iterable[Sequence[int]]) -> list[str]:
    """Name each group after the smallest content in it; single images have no group."""
    named = [""] * len(contents)
    for group in groups:
        name = min(contents[index] for index in group)[:16]
        for index in group:
            named[index] = name
    return named


def warn_of_conflicts(images: Iterable[ImageRecord]) -> tuple[Message, ...]:
    """Tell of the same photo in several classes."""
    labels: dict[str, set[str]] = defaultdict(set)
    for image in images:
        labels[image.content].add(image.label)
    together = Counter(
        tuple(sorted(found, key=natural.sort_key)) for found in labels.values() if len(found) > 1
    )
    return tuple(
        nsay(
            "The same photo is in these classes: {classes} ({num} photo).",
            "The same photos are in these classes: {classes} ({num} photos).",
            classes=enumeration(classes),
            num=count,
        )
        for classes, count in together.most_common(MAX_WARNINGS)
    )


def signatures(ws: Workspace, dataset_id: str) -> tuple[Signature, ...]:
    """Read what the images of all versions look like."""
    return files.read_records(ws.dataset(dataset_id).signatures, Signature)


def same_group(groups: Sequence[str]) -> list[list[int]]:
    """Give the groups that images already have, as indices."""
    return joined(len(groups), alike(groups))


def merged(count: int, groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Join groups that share an index."""
    return joined(count, [(group[0], index) for group in groups for index in group[1:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Images that are the same photo, or nearly."""

    images: tuple[ImageRecord, ...]
    exact: bool  # equal pixels
    of_numbers: bool = False  # near-duplicates may well have other numbers

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({image.label for image in self.images}, key=natural.sort_key))

    @property
    def across_classes(self) -> bool:
        return len(self.labels) > 1 and (self.exact or not self.of_numbers)


def groups(
    images: Sequence[ImageRecord],
    signatures: Sequence[Signature],
    vectors: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> tuple[Group, ...]:
    """Find duplicates and near-duplicates among images; those across classes come first.

    ``vectors``: features by content, (features,) float each. Where there are some, also photos that
    a network hardly tells apart are found.
    """
    known = {s.content: s.signature for s in signatures}
    images = [image for image in images if image.content in known]
    contents = [image.content for image in images]
    links = [*near_pairs([known[c] for c in contents]), *alike(contents)]
    links += close_pairs(contents, vectors)
    found = [
        Group(
            images=tuple(images[index] for index in indices),
            exact=len({contents[index] for index in indices}) == 1,
        )
        for indices in joined(len(images), links)
    ]
    return tuple(sorted(found, key=lambda g: (not g.across_classes, not g.exact, g.labels)))
