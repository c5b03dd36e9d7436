"""How large the images of a data set are."""

from collections.abc import Iterable, Sequence
from statistics import median_high

from core.datasets import store
from core.records import ImageRecord, Split
from core.workspace import Workspace


def usual_side(
    ws: Workspace, dataset_id: str, version: int = 0, left_out: Sequence[str] = ()
) -> int | None:
    """Give the median of the longer sides of the images that are learned from, in pixels."""
    return side_of(store.images(ws, dataset_id, version), left_out)


def side_of(images: Iterable[ImageRecord], left_out: Sequence[str] = ()) -> int | None:
    """Give the same of images that were read already."""
    sides = [
        max(image.width, image.height)
        for image in images
        if image.split is Split.TRAIN and image.label not in left_out
    ]
    return median_high(sides) if sides else None
