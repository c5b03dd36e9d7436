"""Covering a part of a picture and predicting again."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from core.engine.explaining import occlusion
from core.errors import UserError
from core.records import PicturePart


def brightness(images: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Answer with how bright the brightest part is."""
    for image in images:
        share = float(image.max()) / 255
        yield np.array([1 - share, share])


def test_a_covered_part_has_the_mean_colour_and_the_rest_stays():
    image = np.zeros((8, 8, 3), np.uint8)
    image[:4] = 200

    covered = occlusion.cover(image, PicturePart(left=0.5, bottom=0.5))

    assert (covered[:4, 4:] == 100).all()
    assert (covered[:4, :4] == 200).all()
    assert (covered[4:] == 0).all()
    assert (image[:4] == 200).all()


def test_heat_lies_where_covering_takes_most():
    image = np.zeros((32, 32, 3), np.uint8)
    image[9:11, 21:23] = 255  # in the third row of places, the sixth column

    heat = occlusion.heat(brightness, image, 1)

    assert heat.shape == (occlusion.GRID, occlusion.GRID)
    assert np.unravel_index(np.argmax(heat), heat.shape) == (2, 5)
    assert heat[7, 0] == pytest.approx(0)


@pytest.mark.parametrize(
    "sides", [{"left": 0.5, "right": 0.5}, {"top": -0.1}, {"bottom": 1.2}, {"left": float("nan")}]
)
def test_a_part_that_is_none_is_refused(sides: dict[str, float]):
    with pytest.raises(UserError, match="is no part of a picture"):
        PicturePart(**sides)
