"""The freezing ladder: the same images learned at several freezing depths, from head to all."""

import math
from collections.abc import Sequence

from core.errors import UserError
from core.models import catalog
from core.records import TrainConfig
from core.records.studies import Arm
from core.studies import recipes
from core.words import say

USUAL_RUNGS = 5
LEAST_RUNGS, MOST_RUNGS = 2, 20


def plan(base: TrainConfig, num_train: int, *, rungs: int = USUAL_RUNGS) -> tuple[Arm, ...]:
    """Choose depths whose cost about doubles from one to the next, each a block's end.

    ``base`` says all but the depth; ``num_train``: images that a rung learns from. Raises
    `UserError` where so many rungs mean nothing.
    """
    if not LEAST_RUNGS <= rungs <= MOST_RUNGS:
        raise UserError(
            say("A ladder of {num} rungs was asked for.", num=rungs),
            expected=say("It has {low} to {high}.", low=LEAST_RUNGS, high=MOST_RUNGS),
            mend=say("Try {value}.", value=USUAL_RUNGS),
        )
    return tuple(
        Arm(name=freeze, config=recipes.at_depth(base, freeze, num_train))
        for freeze in depths(base.backbone, rungs)
    )


def depths(backbone: str, rungs: int) -> tuple[str, ...]:
    """Name so many freezing depths, from the head alone to everything; fewer where it has fewer."""
    blocks = catalog.backbone(backbone).blocks
    shares = _shares(backbone)
    inner = list(range(1, len(blocks)))  # frozen blocks, where some are and some are not
    if len(inner) <= rungs - 2:
        chosen = set(inner)
    else:
        wanted = [0.5**step for step in range(1, rungs - 1)]
        chosen = _nearest(shares, inner, wanted)
    names = [blocks[num - 1].name for num in sorted(chosen, reverse=True)]
    return ("all", *names, "none")


def _shares(backbone: str) -> list[float]:
    """Give what share of the arithmetic is left to training where so many blocks are frozen."""
    work = [block.multiply_adds for block in catalog.backbone(backbone).blocks]
    total = max(1, sum(work))
    return [sum(work[num:]) / total for num in range(len(work) + 1)]


def _nearest(shares: Sequence[float], inner: Sequence[int], wanted: Sequence[float]) -> set[int]:
    """Choose for each share wanted the depth that comes nearest to it, no depth twice."""
    chosen: set[int] = set()
    for share in wanted:
        free = [num for num in inner if num not in chosen]
        chosen.add(min(free, key=lambda num: abs(_log(shares[num]) - math.log(share))))
    return chosen


def _log(share: float) -> float:
    return math.log(max(share, 1e-6))
