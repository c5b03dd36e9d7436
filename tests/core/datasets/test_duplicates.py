"""The same photo, or nearly, is found, and other photos are not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from core.datasets import duplicates, similarity
from core.ingest.decoding import decoder
from tests import builders


def scene(seed: int, size: int = 200) -> Image.Image:
    """Draw a scene of soft blobs; each seed gives another one."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((size * 4 // 3, size), Image.Resampling.BICUBIC)


def look(image: Image.Image) -> str:
    return decoder.signature(np.array(image.convert("RGB")))


def again(image: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def cut(image: Image.Image, share: float) -> Image.Image:
    across, down = (round(share * length / 2) for length in image.size)
    return image.crop((across, down, image.width - across, image.height - down))


CHANGES = {
    "another JPEG": lambda image: again(image, 40),
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.1),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.85),
    "cut by 3 %": lambda image: cut(image, 0.03),
    "all together": lambda image: again(
        ImageEnhance.Brightness(cut(image, 0.03)).enhance(1.1).resize((85, 64)), 40
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_slightly_changed_photo_is_a_near_duplicate(change: str) -> None:
    scenes = [scene(seed) for seed in range(12)]
    signatures = [look(image) for image in scenes] + [look(CHANGES[change](scenes[5]))]

    assert (5, 12) in list(similarity.near_pairs(signatures))


def test_other_photos_are_no_near_duplicates() -> None:
    signatures = [look(scene(seed)) for seed in range(150)]

    assert list(similarity.near_pairs(signatures)) == []


def crowd(count: int) -> list[str]:
    """Give the looks of pictures that are all alike, as handwritten digits of one kind are."""
    rng = np.random.default_rng(1)
    grey = np.asarray(scene(1, 28).convert("L"), np.float32)
    strokes = [np.kron(rng.normal(0, 20, (5, 5)), np.ones((8, 8))) for _ in range(count)]
    written = [np.clip(grey + stroke[: len(grey), : grey.shape[1]], 0, 255) for stroke in strokes]
    return [look(Image.fromarray(pixels.astype(np.uint8))) for pixels in written]


def test_in_a_crowd_of_like_pictures_only_a_copy_is_called_one() -> None:
    signatures = crowd(80)
    copied = look(again(scene(5), 40))

    assert list(similarity.near_pairs(signatures)) == []
    assert list(similarity.near_pairs([*signatures, look(scene(5)), copied])) == [(80, 81)]


def test_a_burst_of_many_like_frames_is_one_group() -> None:
    still = np.asarray(scene(3)).astype(np.int64)
    rng = np.random.default_rng(0)
    frames = [np.clip(still + rng.integers(-6, 7, still.shape), 0, 255) for _ in range(30)]
    signatures = [look(Image.fromarray(frame.astype(np.uint8))) for frame in frames]
    others = [look(scene(seed)) for seed in range(10, 30)]

    links = similarity.near_pairs([*others, *signatures])

    assert duplicates.joined(50, links) == [list(range(20, 50))]


@pytest.mark.skipif(not builders.SHARED.is_dir(), reason="the shared data are not here")
def test_no_handwritten_digit_is_called_a_copy_of_another() -> None:
    paths = sorted((builders.SHARED / "data" / "mnist_png").glob("[1-7]/*.png"))[::3]

    assert len(paths) > 300
    signatures = [look(Image.open(path)) for path in paths]
    assert list(similarity.near_pairs(signatures)) == []


def test_features_that_point_the_same_way_are_a_copy_only_where_others_do_not() -> None:
    rng = np.random.default_rng(3)
    apart = {f"a{n}": rng.normal(size=64) for n in range(20)}
    apart["copy"] = apart["a4"] + 0.05 * rng.normal(size=64)
    middle = rng.normal(size=64)
    crowded = {f"c{n}": middle + 0.05 * rng.normal(size=64) for n in range(20)}

    assert list(similarity.close_pairs(list(apart), apart)) == [(4, 20)]
    assert list(similarity.close_pairs(list(crowded), crowded)) == []


def test_almost_blank_pictures_are_not_called_alike() -> None:
    blanks = [Image.new("RGB", (64, 64), (200 + n, 100, 40)) for n in range(5)]

    assert list(similarity.near_pairs([look(image) for image in blanks])) == []


def test_same_pixels_bursts_and_what_is_linked_are_bound_together() -> None:
    files = [
        *("a/cam_1714_0.jpg", "a/cam_1714_1.jpg", "b/cam_1714_0.jpg"),
        *("a/x.jpg", "b/y.jpg", "a/ward3_001.jpg", "a/ward3_002.jpg"),
    ]
    contents = ["0", "1", "2", "same", "same", "5", "6"]
    signatures = [look(scene(seed)) for seed in (1, 2, 3, 4, 4, 5, 6)]

    assert duplicates.bound_groups(files, contents, signatures) == [[0, 1], [3, 4]]
    assert duplicates.bound_groups(files, contents, signatures, [(5, 6)]) == [
        [0, 1],
        [3, 4],
        [5, 6],
    ]


def test_links_join_to_whole_groups() -> None:
    assert duplicates.joined(6, [(0, 1), (3, 4), (1, 3)]) == [[0, 1, 3, 4]]


def test_a_group_is_named_after_its_smallest_content_and_singles_have_none() -> None:
    assert duplicates.group_names(["b", "a", "c"], [[0, 1]]) == ["a", "a", ""]
