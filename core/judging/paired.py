"""Whether one of two models names the same images rightly more often: an exact paired test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.judging.evaluation import by_groups
from core.judging.statistics import sign_test
from core.records import Paired


def holm(chances: Sequence[float]) -> list[float]:
    """Correct the p of several comparisons for their number (Holm 1979), in the order given."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    corrected, highest = [0.0] * len(chances), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, chances[index] * (len(chances) - rank)))
        corrected[index] = highest
    return corrected


def compare(
    first: NDArray[np.bool_], second: NDArray[np.bool_], groups: Sequence[str] = ()
) -> Paired:
    """Compare what two models make of the same images: whether each names each of them rightly.

    ``first``, ``second``: (images,), bool. Exact and two-sided: McNemar's test (1947) on the images
    of which only one is right. Images of a group are no independent witnesses: where there are
    ``groups``, each counts once, for the side to which more of its images changed; an image whose
    group is empty stands alone.
    """
    changes = second.astype(np.int64) - first
    units = by_groups.numbers(list(groups) or [""] * len(first))
    net = np.bincount(units, weights=changes) if len(units) else changes
    better, worse = int((net > 0).sum()), int((net < 0).sum())
    return Paired(
        fixed=int((changes > 0).sum()),
        broke=int((changes < 0).sum()),
        better=better,
        worse=worse,
        p=sign_test(better, worse),
    )
