"""Which images of a data set teach a run, and which judge it."""

from core.judging import folds
from core.records import ImageRecord, Split, TrainConfig

Images = list[ImageRecord]


def divide(images: Images, config: TrainConfig) -> tuple[Images, Images]:
    """Give the images that teach and those that judge; the test part is neither.

    Where heads alone are judged, fold by fold, all images that take part come first.
    """
    train, validation = (
        [image for image in images if image.split is split]
        for split in (Split.TRAIN, Split.VALIDATION)
    )
    both = [*train, *validation]
    if config.protocol == "fold":
        dealt = folds.deal(*told(both))
        train = [image for image, fold in zip(both, dealt, strict=True) if fold != config.fold]
        return train, [i for i, fold in zip(both, dealt, strict=True) if fold == config.fold]
    if not config.judges_apart:
        return some(both, config.most_images), []
    return (train, validation) if config.validates else (both, [])


def some(images: Images, most: int) -> Images:
    """Choose about so many, of every class its share; all of them for 0."""
    dealt = folds.deal(*told(images), sample=most)
    return [image for image, fold in zip(images, dealt, strict=True) if fold != folds.SKIPPED]


def told(images: Images) -> tuple[list[str], list[str], list[str]]:
    """Give what decides who goes into which fold: labels, groups and contents."""
    return (
        [image.label for image in images],
        [image.group for image in images],
        [image.content for image in images],
    )
