"""A picture with heat over it."""

from io import BytesIO

import numpy as np
from PIL import Image

from core.images import heat
from core.records import PicturePart

GREY = np.full((64, 96, 3), 100, np.uint8)


def drawn(values: list[list[float]], picture: np.ndarray = GREY, box: PicturePart | None = None):
    """Give the drawn picture without the scale below: (height, width, 3)."""
    pixels = np.asarray(Image.open(BytesIO(heat.png(picture, values, box))), np.int64)
    return pixels[: -(heat._SCALE + 2 * heat._LINE)]


def test_the_hot_part_is_lighter_and_warmer_and_the_rest_is_dim_and_grey():
    found = drawn([[0, 0], [0, 9]])

    height, width, _ = found.shape
    hot, cold = found[height - 20, width - 20], found[20, 20]
    assert np.abs(cold - 50).max() <= 2
    assert hot[0] > hot[1] > hot[2]
    assert hot.mean() > 2 * cold.mean()  # also where colours are not seen


def test_a_line_goes_round_what_is_half_as_hot_as_the_hottest():
    found = drawn([[9, 9, 9, 0, 0, 0]])

    lines = (found[5:-5] == 255).all(axis=(0, 2))
    columns = set(np.argwhere(lines).ravel())
    assert columns
    assert max(columns) - min(columns) <= 2
    assert abs(float(np.mean([*columns])) - found.shape[1] / 2) < 20


def test_a_small_picture_is_drawn_larger_and_keeps_its_form():
    found = drawn([[1, 0]], picture=np.zeros((32, 64, 3), np.uint8))

    assert found.shape[:2] == (heat.SHORTEST, 2 * heat.SHORTEST)


def test_a_picture_without_heat_is_dim():
    assert (drawn([[-1, -2]]) == 50).all()


def test_a_covered_part_is_framed_dark_and_light():
    found = drawn([[0]], box=PicturePart(left=0.25, top=0.25, right=0.75, bottom=0.75))

    row = found[found.shape[0] // 2, :, 0]
    assert {0, 255} <= set(row)
    assert found[found.shape[0] // 2, found.shape[1] // 2, 0] == 50
