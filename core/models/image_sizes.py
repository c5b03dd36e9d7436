"""How large the dial has images made: as its preset says, but no larger than gains anything.

What was measured of it: docs/decisions/image-size.md.
"""

from collections.abc import Callable, Mapping

from core.errors import UserError
from core.models.catalog import Backbone
from core.words import Message, say

HasWeights = Callable[[str, int], bool]  # name of the backbone, image size

# Images of so many pixels on their longer side gain nothing from being made larger than this.
# Larger ones hold more than that shows, and smaller ones are recognised better once magnified.
ENOUGH: Mapping[range, int] = {range(56, 73): 160}


def wanted(usual: int, side: int | None) -> tuple[int, ...]:
    """Give the sizes that serve images of such a longer side, the best first; None: not known."""
    best = min([usual, *(size for sides, size in ENOUGH.items() if side in sides)])
    return (best,) if best == usual else (best, usual)


def choose(backbone: Backbone, sizes: tuple[int, ...], has_weights: HasWeights) -> int:
    """Choose the first size whose weights are on this machine: no download for a smaller size."""
    if backbone.folder:
        return backbone.default_size  # what it was made for
    here = (size for size in sizes if has_weights(backbone.name, size))
    return max(next(here, sizes[0]), backbone.smallest_size)


def check_size(backbone: Backbone, size: int) -> None:
    """Refuse images that are too small for a backbone, or not of its one size.

    Raises `UserError`.
    """
    if backbone.only_size and size != backbone.default_size:
        raise UserError(
            say("Image size was {size}.", size=size),
            expected=say(
                "{backbone} takes images of {only} pixels only.",
                backbone=backbone.title,
                only=backbone.default_size,
            ),
            mend=say("Try {value}.", value=backbone.default_size),
        )
    if size < backbone.smallest_size:
        raise UserError(
            say("Image size was {size}.", size=size),
            expected=say(
                "{backbone} needs at least {smallest} pixels.",
                backbone=backbone.name,
                smallest=backbone.smallest_size,
            ),
            mend=say("Try {value}.", value=backbone.smallest_size),
        )


def why(size: int, usual: int, side: int | None) -> tuple[Message, ...]:
    """Say why images are made smaller than usual, where theirs are the reason."""
    if side is None or size == usual or size != wanted(usual, side)[0]:
        return ()
    return (
        say(
            "{size} pixels instead of {usual}: your images are {side} pixels large, and a "
            "larger size takes longer without being more accurate.",
            size=size,
            usual=usual,
            side=side,
        ),
    )
