"""The same photo, or nearly, is found, and other photos are not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from core import duplicates
from core.ingest import decoder


def scene(seed: int, size: int = 200) -> Image.Image:
    """Draw a scene of soft blobs; each seed gives another one."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((size * 4 // 3, size), Image.Resampling.BICUBIC)


def look(image: Image.Image) -> str:
    return decoder.signature(np.array(image.convert("RGB")))


def again(image: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


CHANGES = {
    "another JPEG": lambda image: again(image, 40),
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.1),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.85),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_slightly_changed_photo_is_a_near_duplicate(change: str) -> None:
    scenes = [scene(seed) for seed in range(12)]
    looks = [look(image) for image in scenes] + [look(CHANGES[change](scenes[5]))]

    assert (5, 12) in list(duplicates.near_pairs(looks))


def test_other_photos_are_no_near_duplicates() -> None:
    looks = [look(scene(seed)) for seed in range(150)]

    assert list(duplicates.near_pairs(looks)) == []


def test_almost_blank_pictures_are_not_called_alike() -> None:
    blanks = [Image.new("RGB", (64, 64), (200 + n, 100, 40)) for n in range(5)]

    assert list(duplicates.near_pairs([look(image) for image in blanks])) == []


def test_same_pixels_bursts_and_prefixes_are_bound_together() -> None:
    files = [
        *("a/cam_1714_0.jpg", "a/cam_1714_1.jpg", "b/cam_1714_0.jpg"),
        *("a/x.jpg", "b/y.jpg", "a/ward3_001.jpg", "a/ward3_002.jpg"),
    ]
    contents = ["0", "1", "2", "same", "same", "5", "6"]
    looks = [look(scene(seed)) for seed in (1, 2, 3, 4, 4, 5, 6)]

    assert duplicates.bound_groups(files, contents, looks) == [[0, 1], [3, 4]]
    by_prefix = duplicates.bound_groups(files, contents, looks, "prefix")
    assert [5, 6] in by_prefix
    assert [0, 1] in by_prefix
    assert duplicates.bound_groups(files, contents, looks, "folder")[0] == [0, 1, 2, 3, 4, 5, 6]


def test_links_join_to_whole_groups() -> None:
    assert duplicates.joined(6, [(0, 1), (3, 4), (1, 3)]) == [[0, 1, 3, 4]]


def test_a_group_is_named_after_its_smallest_content_and_singles_have_none() -> None:
    assert duplicates.group_names(["b", "a", "c"], [[0, 1]]) == ["a", "a", ""]
