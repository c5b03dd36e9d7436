"""What a way to group images would make of them: how many groups, and can they be divided."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.words import Message, nsay, say

MIN_GROUPS = 5  # of which training, validation and test can each have one, and differ
CLASS_GROUPS = 3  # that a class needs to be in every part


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a grouping; an image without a key is a group by itself."""

    keys: Sequence[str]
    labels: Sequence[str]

    @property
    def named(self) -> int:
        """Count the groups that have a name."""
        return len({*self.keys} - {""})

    @property
    def sharing(self) -> float:
        """Give the share of images that share their group with another of their class."""
        pairs = Counter(self._pairs())
        return sum(num for num in pairs.values() if num > 1) / max(1, len(self.keys))

    @property
    def purity(self) -> float:
        """Give the share of groups of two and more that lie within one class."""
        sizes, classes = Counter(k for k in self.keys if k), defaultdict[str, set[str]](set)
        for key, label in self._pairs():
            classes[key].add(label)
        several = [key for key, num in sizes.items() if num > 1]
        return sum(len(classes[key]) == 1 for key in several) / max(1, len(several))

    @property
    def splits_well(self) -> bool:
        """Tell whether most classes have groups for every part."""
        per_class = self._groups_per_class()
        enough = sum(num >= CLASS_GROUPS for num in per_class.values())
        return self.obstacle() is None and 2 * enough >= len(per_class)

    def obstacle(self) -> Message | None:
        """Say why such groups could not be divided; None where they can."""
        if not self.named:
            return say("there are none")
        num = self.named + sum(not key for key in self.keys)
        if num < MIN_GROUPS:
            return nsay(
                "that leaves {num} group, and at least {least} are needed to divide them",
                "that leaves {num} groups, and at least {least} are needed to divide them",
                num=num,
                least=MIN_GROUPS,
            )
        if max(self._groups_per_class().values(), default=0) < 2:
            return say("that makes one group of each class, which then cannot be divided")
        return None

    def example(self) -> list[int]:
        """Give the indices of the first group of two and more within one class."""
        indices = defaultdict[tuple[str, str], list[int]](list)
        for index, (key, label) in enumerate(zip(self.keys, self.labels, strict=True)):
            if key:
                indices[key, label].append(index)
        return next((found for found in indices.values() if len(found) > 1), [])

    def partition(self) -> tuple[int, ...]:
        """Give the groups in each class by their first image: equal for equal groupings."""
        first: dict[tuple[str, str], int] = {}
        pairs = enumerate(zip(self.keys, self.labels, strict=True))
        return tuple(first.setdefault(pair, n) if pair[0] else n for n, pair in pairs)

    def _pairs(self) -> list[tuple[str, str]]:
        return [(k, label) for k, label in zip(self.keys, self.labels, strict=True) if k]

    def _groups_per_class(self) -> Counter[str]:
        """Count the groups of each class."""
        alone = (label for k, label in zip(self.keys, self.labels, strict=True) if not k)
        return Counter(label for _, label in {*self._pairs()}) + Counter(alone)
