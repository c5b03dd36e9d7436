"""Numbers of images corrected by hand: what was typed, and what comes of it."""

import contextlib
from collections.abc import Collection
from dataclasses import replace

from core import names
from core.datasets.versions import key
from core.errors import UserError
from core.judging.numbers import written
from core.records import ImageRecord, Target
from core.words import Message, nsay, say


def told(num: int, number: float, target: Target) -> Message:
    """Say what was changed."""
    return nsay(
        "{num} image got the number {number}.",
        "{num} images got the number {number}.",
        num=num,
        number=written.amount(number, target),
    )


def corrected(
    images: tuple[ImageRecord, ...], keys: Collection[str], number: float
) -> tuple[ImageRecord, ...]:
    """Give the images with another number for those that `versions.key` names."""
    label = written.plain(number)
    return tuple(
        replace(image, label=label, confirmed=False) if key(image) in keys else image
        for image in images
    )


def number(text: str) -> float:
    """Read a number that was typed. Raises `UserError` for anything else."""
    shown = names.clean(text)[: names.MAX_NAME]
    what = say("'{text}' is not a number.", text=shown)
    with contextlib.suppress(ValueError):
        found = float(text.strip().replace(",", "."))
        too_far = written.too_far(found, shown)
        if too_far is None:
            return found
        what = too_far
    raise UserError(
        what,
        expected=say("A number such as 12, 3.5 or -0.7, without its unit."),
        mend=say("Type the number alone."),
    )
