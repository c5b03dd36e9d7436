"""What is wrong with how images are divided into training, validation and test, in sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from core import natural
from core.datasets import splits
from core.records import ImageRecord, Split, Target
from core.words import Message, enumeration, nsay, say

WHOLE_BURSTS = say(
    "Each class is one series of nearly the same image, so the series had to be divided: scores "
    "will look better than they are. Take several series, in other places and light."
)

UNDIVIDED = say(
    "All images are the same, so none of them can validate what the others teach and nothing can "
    "be trained. Add images that differ."
)


def of(images: Sequence[ImageRecord], target: Target | None = None) -> tuple[Message, ...]:
    """Tell of classes that a part lacks, and of the same photo on both sides."""
    if target is not None:
        return _cuts(images)
    return *unlearned(images), *_unfair(images), *_cuts(images)


def unlearned(images: Iterable[ImageRecord]) -> tuple[Message, ...]:
    """Tell of classes with nothing to learn from."""
    counts = _counts(images)
    names = [name for name in counts if not counts[name][Split.TRAIN]]
    if not names:
        return ()
    return (
        nsay(
            "{num} class has no images to learn from: {names}.",
            "{num} classes have no images to learn from: {names}.",
            num=len(names),
            names=enumeration(names),
        ),
    )


def _unfair(images: Iterable[ImageRecord]) -> tuple[Message, ...]:
    """Tell of classes with nothing to validate or test with."""
    names = [
        name
        for name, counts in _counts(images).items()
        if counts.total() >= len(splits.PARTS) > len(+counts) and counts[Split.TRAIN]
    ]
    if not names:
        return ()
    return (
        nsay(
            "{num} class has too few different images to be tested fairly: {names}.",
            "{num} classes have too few different images to be tested fairly: {names}.",
            num=len(names),
            names=enumeration(names),
        ),
    )


def _counts(images: Iterable[ImageRecord]) -> dict[str, Counter[Split]]:
    """Count the images of each class in each part, in the order of their names."""
    counts: dict[str, Counter[Split]] = defaultdict(Counter)
    for image in images:
        counts[image.label][image.split] += 1
    return {name: counts[name] for name in sorted(counts, key=natural.sort_key)}


def _cuts(images: Sequence[ImageRecord]) -> tuple[Message, ...]:
    """Tell of the same photo on both sides of a split that was given."""
    trained = {image.group for image in images if image.group and image.split is Split.TRAIN}
    seen = sum(image.split is not Split.TRAIN and image.group in trained for image in images)
    if not seen:
        return ()
    return (
        nsay(
            "{num} image for validation or test is nearly the same as one for training.",
            "{num} images for validation or test are nearly the same as ones for training.",
            num=seen,
        ),
    )
