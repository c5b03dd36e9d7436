"""Which views of its images a run learns from, and the pixels of each."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from core.errors import UserError
from core.images import augmenting, pixels
from core.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPlan:
    """View 0 of an image is the image itself; views 1 to ``num_views`` are augmented."""

    augmentation: str = "none"
    num_views: int = 1
    seed: int = 0  # of the augmentation; keep it, and another run finds the views in the cache
    flips: bool = True  # off where left and right matter

    @property
    def total(self) -> int:
        """Count the views kept of each image, the image itself among them."""
        return 1 if self.augmentation == "none" else 1 + self.num_views


def row_key(content: str, view: int, plan: ViewPlan) -> str:
    """Name a view of an image, such that equal names mean equal pixels."""
    if view == 0 or plan.augmentation == "none":
        return content
    kind = astuple(augmenting.chosen(plan.augmentation, flips=plan.flips))
    recipe = repr((kind, plan.seed, view))
    return f"{content}.{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def row_keys(contents: Sequence[str], plan: ViewPlan) -> list[str]:
    """Name every view of every image, image by image."""
    suffixes = [row_key("", view, plan) for view in range(plan.total)]
    return [content + suffix for content in contents for suffix in suffixes]


def read_view(copy: Path, size: int, *, content: str, view: int, plan: ViewPlan) -> np.ndarray:
    """Read one view of a stored copy: (size, size, 3) uint8.

    Raises `UserError` where the copy cannot be read.
    """
    kind = augmenting.chosen(plan.augmentation, flips=plan.flips)
    try:
        image = pixels.read_copy(copy, size)
    except OSError as error:
        raise _unreadable(copy) from error
    return augmenting.augment(image, kind, seed=plan.seed, view=view, content=content)


def _unreadable(copy: Path) -> UserError:
    if not copy.parents[1].exists():  # where all copies of the data set lay
        return UserError(
            say("The data set was deleted while its images were needed."),
            expected=say("It is kept until the training is over."),
            mend=say("Bring the images in again and start a new training."),
        )
    return UserError(
        say("The stored picture {name} cannot be read.", name=copy.name),
        expected=say("It was whole when it was brought in; a disk or a person changed it since."),
        mend=say("Bring the images in again as a new data set."),
    )
