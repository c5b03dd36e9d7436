"""A finished model cut after its last feature map: what maps of its classes are made from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engine.explaining import cam
from core.engine.explaining.cam import HeadLayers

FINE = 14  # places along a side of a feature map that need no doubling


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """A model cut after its last feature map; for a map that is fine the backbone sees it larger.

    ``see`` and ``see_larger``: an image (side, side, 3) uint8 -> (height, width, channels) float32.
    """

    head: HeadLayers
    is_sigmoid: bool
    size: int
    see: Callable[[NDArray], NDArray]
    see_larger: Callable[[NDArray], NDArray] | None = None  # twice the size; None: it cannot
    is_number: bool = False  # one output that is no probability

    def number(self, image: NDArray) -> float:
        """Give the number of an image (size, size, 3) uint8."""
        return float(cam.parts(self.head, self.see(image)).logits[1])

    def probabilities(self, image: NDArray) -> NDArray[np.float64]:
        """Give the probabilities of an image (size, size, 3) uint8: (classes,) float64."""
        found = cam.parts(self.head, self.see(image))
        return cam.probabilities(found.logits, is_sigmoid=self.is_sigmoid)
