"""Bytes become exact pixels, or a reason."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from core.errors import UserError
from core.images import pixels
from tests.corpus import drawing, images as corpus

CASES = {case.name: case for case in corpus.all_cases()}
ODD = Path(__file__).parents[4] / "shared" / "odd"


def test_the_corpus_holds_ninety_images_and_more() -> None:
    assert len(CASES) > 90


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.pixels is not None])
def test_a_readable_image_gives_its_exact_pixels(name: str) -> None:
    found = pixels.canonical(CASES[name].data)

    assert found.dtype == np.uint8
    assert found.flags.writeable
    np.testing.assert_array_equal(found, CASES[name].pixels)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.pixels is None])
def test_an_unreadable_image_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(UserError) as refused:
        pixels.canonical(CASES[name].data)

    assert CASES[name].reason in str(refused.value.problem.what)
    assert str(refused.value.problem.mend)


def test_odd_images_from_elsewhere_are_decoded_or_refused_by_name() -> None:
    if not ODD.is_dir():
        pytest.skip("the odd images are not here")
    for path in sorted(p for p in ODD.rglob("*") if p.is_file()):
        reason = ""
        try:
            found: np.ndarray | None = pixels.canonical(path.read_bytes())
        except UserError as error:
            found, reason = None, str(error.problem.what)
        assert reason if found is None else found.ndim == 3, path.name


def test_all_eight_orientations_of_a_photo_look_the_same() -> None:
    folder = ODD / "exif_orientation"
    if not folder.is_dir():
        pytest.skip("the odd images are not here")
    upright = pixels.canonical((folder / "Landscape_1.jpg").read_bytes()).astype(float)

    for n in range(2, 9):
        found = pixels.canonical((folder / f"Landscape_{n}.jpg").read_bytes())
        assert np.abs(found - upright).mean() < 8


def deep_png(values: np.ndarray) -> bytes:
    return drawing.saved(Image.fromarray(values.astype(np.uint16)), "PNG")


def test_twelve_bits_in_a_sixteen_bit_file_are_said_to_be_flattened() -> None:
    tomogram = np.arange(4096).reshape(64, 64)

    (change,) = pixels.decode(deep_png(tomogram)).changes

    assert "grey levels left: 16 of 4096" in str(change)


@pytest.mark.parametrize("values", [np.arange(65_536).reshape(256, 256) // 4, np.zeros((9, 9))])
def test_a_dark_sixteen_bit_photo_with_many_levels_is_only_scaled(values: np.ndarray) -> None:
    assert [str(c) for c in pixels.decode(deep_png(values)).changes] == [
        "16-bit brightness was scaled to 8 bits"
    ]


def test_shrinking_brings_the_shorter_side_to_512_and_keeps_the_shape() -> None:
    assert pixels.shrink(drawing.picture(1024, 2048)).shape == (512, 1024, 3)
    assert pixels.shrink(drawing.picture(3000, 600)).shape == (2560, 512, 3)


def test_a_small_picture_is_not_shrunk_and_stored_without_loss() -> None:
    small = drawing.picture(100, 300)

    copy, suffix = pixels.encode(pixels.shrink(small))

    assert suffix == ".png"
    np.testing.assert_array_equal(pixels.canonical(copy), small)


def test_a_photo_is_stored_as_jpeg_close_to_itself() -> None:
    photo = drawing.picture(300, 400)

    copy, suffix = pixels.encode(photo)

    assert suffix == ".jpg"
    assert np.abs(pixels.canonical(copy).astype(int) - photo).mean() < 2


def test_what_is_stored_holds_no_metadata(tmp_path: Path) -> None:
    data = drawing.saved(
        Image.fromarray(drawing.picture(300, 400)), "JPEG", exif=drawing.exif_of(6)
    )

    copy, suffix = pixels.encode(pixels.canonical(data))
    path = tmp_path / f"copy{suffix}"
    path.write_bytes(copy)

    with Image.open(path) as image:
        assert not image.getexif()
        assert "icc_profile" not in image.info


@pytest.mark.parametrize("size", [32, 96, 160, 224, 640])
def test_reading_gives_a_square_of_the_asked_size(size: int, tmp_path: Path) -> None:
    copy, suffix = pixels.encode(drawing.picture(400, 700))
    path = tmp_path / f"copy{suffix}"
    path.write_bytes(copy)

    found = pixels.read_copy(path, size)

    assert found.shape == (size, size, 3)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, pixels.read_copy(copy, size))


def test_an_uploaded_photo_is_seen_as_training_saw_it(tmp_path: Path) -> None:
    data = drawing.saved(
        Image.fromarray(drawing.picture(900, 1300)), "JPEG", exif=drawing.exif_of(8)
    )
    copy, suffix = pixels.encode(pixels.shrink(pixels.canonical(data)))
    path = tmp_path / f"copy{suffix}"
    path.write_bytes(copy)

    np.testing.assert_array_equal(
        pixels.read_copy(pixels.copy_of(data), 160), pixels.read_copy(path, 160)
    )


def test_equal_pixels_have_equal_names_and_a_turned_shape_has_another() -> None:
    flat = np.zeros((4, 6, 3), np.uint8)

    assert pixels.content_id(flat) == pixels.content_id(flat.copy())
    assert pixels.content_id(flat) != pixels.content_id(flat.reshape(6, 4, 3))
    assert len(pixels.content_id(flat)) == 32


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CASES)), st.data())
def test_any_mutation_is_decoded_or_refused(name: str, data: st.DataObject) -> None:
    mutant = bytearray(CASES[name].data[:20_000])
    for _ in range(data.draw(st.integers(1, 6))):
        if mutant:
            mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))

    try:
        found = pixels.canonical(bytes(mutant), data.draw(st.sampled_from(("", "first"))))
    except UserError:
        return
    assert found.shape[2] == 3
