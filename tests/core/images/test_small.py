"""Stored copies as a few pixels."""

from pathlib import Path

import numpy as np
import pytest

from core.images import pixels, small


@pytest.mark.parametrize("side", [64, 600])
def test_a_copy_is_averaged_as_a_whole(tmp_path: Path, side: int):
    image = np.zeros((side, side, 3), np.uint8)
    image[: side // 2, :, 0] = 200
    image[:, side // 2 :, 2] = 100
    data, suffix = pixels.encode(image)
    copy = tmp_path / f"copy{suffix}"
    copy.write_bytes(data)

    found = small.read_small(copy, 2).astype(int)

    wanted = [[[200, 0, 0], [200, 0, 100]], [[0, 0, 0], [0, 0, 100]]]
    assert found.shape == (2, 2, 3)
    assert np.abs(found - wanted).max() < 12  # JPEG
