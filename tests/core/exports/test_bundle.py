"""What is taken away works without Thaw."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import UserError
from core.exports import bundle
from core.images import pixels
from core.models import presets
from tests import builders
from tests.corpus import drawing, images, tiffs

SIZE = 48


def read_by_script(bands: str = "") -> dict:
    """Run the lines of the script that read pictures."""
    config = presets.configure("colours", backbone="MobileNetV2", image_size=SIZE)
    script = bundle.script(replace(builders.card("run", config), bands=bands))
    names: dict = {}
    reading = script.replace("import keras, numpy", "import numpy").split("\nhere = ")[0]
    exec(compile(reading, "predict.py", "exec"), names)
    return names


@pytest.fixture
def seen_by_script(tmp_path: Path) -> Callable[[bytes], np.ndarray]:
    """Give what the script would feed the model; its lines that need Keras are left out."""
    names = read_by_script()

    def seen(data: bytes) -> np.ndarray:
        (tmp_path / "photo").write_bytes(data)
        return names["pixels"](tmp_path / "photo")[0]

    return seen


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_every_picture_as_thaw_does(seen_by_script):
    apart, num_seen = [], 0
    for case in images.all_cases():
        try:
            ours = pixels.from_upload(case.data, SIZE)
        except UserError:
            continue
        num_seen += 1
        if not np.array_equal(seen_by_script(case.data), ours):
            apart.append(case.name)

    assert num_seen > 80
    assert not apart


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", images.too_deep(), ids=lambda case: case.name)
def test_the_script_refuses_numbers_that_thaw_refuses(seen_by_script, case):
    with pytest.raises(ValueError, match="no fixed black and white"):
        seen_by_script(case.data)


@pytest.mark.filterwarnings("ignore")
def test_the_script_sees_a_very_long_picture_as_thaw_does(seen_by_script):
    data = drawing.saved(Image.fromarray(np.zeros((65_501, 130), np.uint8)), "PNG")

    np.testing.assert_array_equal(seen_by_script(data), pixels.from_upload(data, SIZE))


def test_the_script_and_the_card_take_the_bands_that_training_took(tmp_path: Path):
    p = drawing.picture()
    (tmp_path / "satellite.tif").write_bytes(tiffs.tiff(tiffs.deep(np.dstack([p, p]))))
    config = presets.configure("colours", backbone="MobileNetV2", image_size=SIZE)
    card = builders.card("run", config)

    seen = read_by_script("first")["pixels"](tmp_path / "satellite.tif")[0]

    np.testing.assert_array_equal(
        seen, pixels.from_upload(drawing.saved(Image.fromarray(p), "PNG"), SIZE)
    )
    with pytest.raises(ValueError, match="6 bands"):
        read_by_script()["pixels"](tmp_path / "satellite.tif")
    assert "first three" in bundle.card_text(replace(card, bands="first"))
    assert "first three" not in bundle.card_text(card)


def test_the_script_refuses_what_thaw_refuses(tmp_path: Path):
    read, taken = read_by_script()["pixels"], []
    for case in images.all_cases():
        if case.pixels is None and "large" not in case.reason and case.name != "empty.jpg":
            (tmp_path / "file").write_bytes(case.data)
            try:
                read(tmp_path / "file")
            except Exception:
                continue
            taken.append(case.name)

    assert not taken
