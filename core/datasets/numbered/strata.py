"""Ranges of numbers in place of classes, so that every part of a split has small and large ones."""

from collections.abc import Iterable, Sequence

import numpy as np

from core.records import ImageRecord, Target

MOST = 5
_IMAGES = 20  # of a range at least: three of them validate, and three test


def of(labels: Sequence[str]) -> list[str]:
    """Name the range of each number, as many images in each as ties allow; equal ones share it."""
    values = np.array([float(label) for label in labels])
    number = max(1, min(MOST, len(values) // _IMAGES))
    edges = np.quantile(values, np.arange(1, number) / number) if len(values) else np.zeros(0)
    return [str(index) for index in np.searchsorted(edges, values, side="right")]


def measured(target: Target, images: Iterable[ImageRecord]) -> Target:
    """Say what the numbers of images are like."""
    values = np.array([image.number for image in images] or [0.0])
    return Target(
        name=target.name,
        unit=target.unit,
        lowest=float(values.min()),
        highest=float(values.max()),
        mean=float(values.mean()),
        deviation=float(values.std()),
        different=len(np.unique(values)),
    )
