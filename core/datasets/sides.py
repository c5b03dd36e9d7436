"""How large the images of a data set are."""

from collections.abc import Sequence
from statistics import median_high

from core.datasets import store
from core.records import Split
from core.workspace import Workspace


def usual_side(
    ws: Workspace, dataset_id: str, version: int = 0, left_out: Sequence[str] = ()
) -> int | None:
    """Give the median of the longer sides of the images that are learned from, in pixels."""
    sides = [
        max(image.width, image.height)
        for image in store.images(ws, dataset_id, version)
        if image.split is Split.TRAIN and image.label not in left_out
    ]
    return median_high(sides) if sides else None
