"""The sample is drawn the same every time, and only the shape gives the class away."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.images import sample
from tools.sample import drawing
from tools.sample.shapes import SUBJECTS


def rng(image=0):
    return np.random.default_rng((7, image))


def histogram(image):
    pixels = np.asarray(image).reshape(-1, 3)
    return np.histogramdd(pixels, bins=4, range=[(0, 256)] * 3)[0].ravel() / len(pixels)


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_same_seed_draws_the_same_pixels_and_another_seed_others(name):
    first, again, other = (np.asarray(drawing.draw(name, rng(n))) for n in (0, 0, 1))

    assert first.shape == (240, 240, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_file_is_small_and_holds_what_is_drawn():
    assert sample.FILE.stat().st_size < 1_000_000

    with zipfile.ZipFile(sample.FILE) as archive:
        names = archive.namelist()
        packed = np.asarray(Image.open(io.BytesIO(archive.read("fish/fish_001.webp"))), np.float32)

    assert len(names) == drawing.IMAGES_PER_CLASS * len(SUBJECTS) == 300
    drawn = drawing.draw("fish", np.random.default_rng((0, list(SUBJECTS).index("fish"), 0)))
    assert np.abs(packed - np.asarray(drawn.resize(packed.shape[:2]), np.float32)).mean() < 8


def test_the_subject_is_large_enough_to_be_seen():
    layer = Image.new("RGBA", (480, 480))
    pen = drawing._pen(layer, rng())

    for draw in SUBJECTS.values():
        draw(pen, rng())

    assert np.mean(np.asarray(layer.getchannel("A")) > 0) > 0.03


def test_the_colours_of_a_class_lie_no_nearer_to_each_other_than_to_those_of_another():
    drawn = {n: [histogram(drawing.draw(n, rng(i))) for i in range(8)] for n in SUBJECTS}
    rows = [(name, row) for name, images in drawn.items() for row in images]

    def nearest(own):
        others = [
            (np.abs(rows[own][1] - row).sum(), n) for i, (n, row) in enumerate(rows) if i != own
        ]
        return min(others)[1]

    right = np.mean([nearest(i) == name for i, (name, _) in enumerate(rows)])
    assert right < 0.5


def test_what_lies_about_is_blurred_as_on_a_whole_layer(monkeypatch: pytest.MonkeyPatch):
    def littered() -> np.ndarray:
        picture = Image.new("RGB", (240, 240), (90, 120, 150))
        for image in range(30):
            drawing._litter(picture, rng(image))
        return np.asarray(picture)

    only_around_it = littered()
    monkeypatch.setattr(drawing, "_around", lambda layer, margin: (0, 0, *layer.size))

    assert np.array_equal(only_around_it, littered())
