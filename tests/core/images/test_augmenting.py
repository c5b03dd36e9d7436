import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images import augmenting
from core.images.augmentations import AUGMENTATIONS

CONTENT = "0123456789abcdef" * 2
KINDS = [name for name in AUGMENTATIONS if name != "none"]


def picture(size: int = 64) -> np.ndarray:
    """A picture that is dark on the left and bright on the right, with a red top."""
    ramp = np.linspace(40, 200, size).astype(np.uint8)
    image = np.repeat(ramp[None, :, None], size, axis=0).repeat(3, axis=2)
    image[: size // 4, :, 1:] = 0
    return image


def views(name: str, num: int, *, seed: int = 0, flips: bool = True) -> list[np.ndarray]:
    kind = augmenting.chosen(name, flips=flips)
    return [
        augmenting.augment(picture(), kind, seed=seed, view=view, content=CONTENT)
        for view in range(num)
    ]


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_view_zero_is_the_image_itself(name: str):
    assert np.array_equal(views(name, 1)[0], picture())


@pytest.mark.parametrize("name", KINDS)
def test_a_view_has_the_size_and_range_of_the_image(name: str):
    for view in views(name, 12):
        assert view.shape == (64, 64, 3)
        assert view.dtype == np.uint8


@pytest.mark.parametrize("name", KINDS)
def test_a_view_is_a_function_of_seed_view_and_content(name: str):
    again = views(name, 4)
    other_seed = views(name, 4, seed=1)
    kind = AUGMENTATIONS[name]
    other_image = augmenting.augment(picture(), kind, seed=0, view=1, content="f" * 32)

    assert all(np.array_equal(a, b) for a, b in zip(views(name, 4), again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(again[1:], other_seed[1:], strict=True))
    assert not np.array_equal(again[1], other_image)
    assert not np.array_equal(again[1], again[2])


@pytest.mark.parametrize("name", KINDS)
def test_without_flips_left_stays_left(name: str):
    for view in views(name, 40, flips=False):
        left, right = view[32:, :16].mean(), view[32:, 48:].mean()
        assert left < right


@pytest.mark.parametrize("name", [name for name in KINDS if AUGMENTATIONS[name].flips])
def test_with_flips_about_half_of_the_views_are_mirrored(name: str):
    mirrored = [view[32:, :16].mean() > view[32:, 48:].mean() for view in views(name, 60)]

    assert 15 < sum(mirrored) < 45


def test_stronger_kinds_differ_more_from_the_image():
    def difference(name: str) -> float:
        plain = picture().astype(float)
        return float(np.mean([abs(v - plain).mean() for v in views(name, 30, flips=False)[1:]]))

    assert 0 < difference("light") < difference("standard") < difference("strong")


def test_what_lies_outside_the_picture_is_mirrored_and_never_black():
    white = np.full((64, 64, 3), 255, np.uint8)
    kind = AUGMENTATIONS["strong"]

    for view in range(1, 40):
        moved = np.asarray(
            augmenting._move(white, kind, np.random.default_rng(view))  # colour would darken it
        )
        assert moved.min() == 255


def test_a_preview_starts_with_the_image_and_needs_no_tensorflow(tmp_path: Path):
    copy = tmp_path / "a.png"
    Image.fromarray(picture()).save(copy)
    code = (
        "import sys; from pathlib import Path; from core.images import augmenting;"
        f"shown = augmenting.preview(Path({str(copy)!r}), 'standard', 3, size=48);"
        "print([s.shape for s in shown], 'tensorflow' in sys.modules, 'keras' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == f"{[(48, 48, 3)] * 4} False False"


def test_without_augmentation_there_is_nothing_to_preview_but_the_image(tmp_path: Path):
    copy = tmp_path / "a.png"
    Image.fromarray(picture()).save(copy)

    assert len(augmenting.preview(copy, "none", 5)) == 1
