"""A map of what each place of a picture adds, as finely as the network can."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.explaining import cam
from core.engine.explaining.explainer import Explainer
from core.images import pixels


def fine_map(
    explainer: Explainer, copy: Path | bytes, slopes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Map what each place of a stored copy adds: (height, width).

    ``slopes``: (features,) float64, found for the copy as the network sees it.
    """
    see, side = explainer.see, explainer.size
    if explainer.see_larger is not None:
        see, side = explainer.see_larger, 2 * side
    features = see(pixels.read_copy(copy, side))
    return cam.contributions(explainer.head, features, slopes)
