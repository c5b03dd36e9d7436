"""The number of the most similar picture, pixel by pixel: what a model of numbers has to beat."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import machine
from core.images import small
from core.judging.evaluation import baselines as rules


def of_pixels(
    learned: Sequence[Path], numbers: NDArray, asked: Sequence[Path]
) -> NDArray[np.float64]:
    """Give to each copy that is asked about the number of the nearest of those learned: (asked,).

    ``numbers``: (learned,) float. At most 2,000 pictures are learned from.
    """
    step = -(-len(learned) // rules.MOST_IMAGES)
    some = list(learned)[::step]
    rows = rules.nearest_pixels(read_small(some), np.arange(len(some)), read_small(asked))
    return np.asarray(np.asarray(numbers, np.float64)[::step][rows])


def read_small(paths: Sequence[Path]) -> NDArray[np.uint8]:
    """Read copies small: (images, side, side, 3) uint8."""
    found = np.zeros((len(paths), rules.SIDE, rules.SIDE, 3), np.uint8)
    with ThreadPoolExecutor(machine.num_processors(), thread_name_prefix="small") as pool:
        reading = pool.map(lambda path: small.read_small(path, rules.SIDE), paths)
        for row, picture in enumerate(reading):
            found[row] = picture
    return found
