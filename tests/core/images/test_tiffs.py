"""TIFF pictures of many bands, planes and deep numbers: read exactly, or refused by name."""

import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import names
from core.errors import UserError
from core.images import pixels, tiff_layouts, tiff_messages
from tests.corpus import drawing, tiffs

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "images"
SCALED = "16-bit brightness was scaled to 8 bits"
MANY = {name: data for name, data, word in tiffs.refused() if word.endswith("bands")}


def changes(data: bytes, choice: str = "") -> list[str]:
    return [str(change) for change in pixels.decode(data, choice).changes]


def refused(data: bytes, choice: str = "") -> UserError:
    with pytest.raises(UserError) as error:
        pixels.decode(data, choice)
    return error.value


def dark(shape: tuple[int, ...]) -> np.ndarray:
    """Numbers from 0 to 3,000 of 65,535, as satellites measure light."""
    return (np.arange(np.prod(shape)).reshape(shape) * 7 % 3001).astype(np.uint16)


def png(values: np.ndarray, colour: int) -> bytes:
    rows = b"".join(b"\0" + row.tobytes() for row in values.astype(">u2"))
    height, width = values.shape[:2]
    return drawing.raw_png(width, height, depth=16, colour=colour, rows=rows)


@pytest.mark.parametrize("name", sorted(set(MANY) - {"bands_too_large.tif"}))
def test_many_bands_are_refused_by_name_and_the_first_three_are_taken_if_asked(name: str):
    data = MANY[name]
    num = int(name.removesuffix("_planes.tif").removesuffix(".tif").removeprefix("bands"))

    said = refused(data).problem
    taken = pixels.decode(data, "first")

    assert f"has {num} bands" in str(said.what)
    assert "--bands first" in str(said.mend)
    np.testing.assert_array_equal(taken.pixels, drawing.picture())
    assert f"its first three of {num} bands were taken as red, green and blue" in map(
        str, taken.changes
    )
    assert refused(data, "refuse").problem == said


def test_a_page_can_tell_that_many_bands_were_refused():
    reasons = [names.reason(refused(data)) for data in (MANY["bands4.tif"], b"", b"Dear all")]

    assert [tiff_messages.asks(reason) for reason in reasons] == [True, False, False]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (png(dark((30, 40, 3)), 2), "grey levels left: 12 of 3001"),
        (png(dark((30, 40, 4)), 6), "grey levels left: 12 of 3001"),
        (png(dark((30, 40, 1)), 0), "grey levels left: 12 of 2999"),
        (png(np.dstack([dark((30, 40)), np.full((30, 40), 65_535)]), 4), "left: 12 of"),
        (tiffs.tiff(dark((30, 40, 3)), tiffs.COLOURS), "grey levels left: 12 of 3001"),
        (tiffs.tiff(dark((30, 40, 3)), tiffs.COLOURS, planar=True), "levels left: 12 of 3001"),
        (tiffs.tiff(np.array([[[0], [1]]], np.uint16)), "grey levels left: 1 of 2"),
    ],
)
def test_few_levels_are_said_to_be_left_of_deep_colours_as_of_grey(data: bytes, note: str):
    (said,) = [change for change in changes(data) if change.startswith(SCALED)]

    assert said.endswith(note) or note in said


def test_deep_colours_of_many_levels_are_only_scaled():
    p = tiffs.deep(drawing.picture())
    four = tiffs.deep(np.dstack([drawing.picture(), drawing.picture()[..., :1]]))

    assert changes(png(p, 2)) == [SCALED]
    assert changes(tiffs.tiff(p, tiffs.COLOURS)) == [SCALED]
    assert changes(tiffs.tiff(four), "first")[0] == SCALED
    assert changes(png(np.full((9, 9, 3), 77), 2)) == [SCALED]


def test_bands_beyond_the_colours_are_said_to_be_left_out():
    p = drawing.picture()
    data = tiffs.tiff(np.dstack([p, p]), tiffs.COLOURS)

    assert changes(data) == ["bands beyond its colours were left out: 3"]


def test_a_turned_picture_of_deep_planes_is_upright_and_its_further_pages_are_told():
    p = drawing.picture()
    more = {0x0112: (6,)}
    data = bytearray(tiffs.tiff(tiffs.deep(p), tiffs.COLOURS, planar=True, more=more))

    found = pixels.decode(bytes(data))

    np.testing.assert_array_equal(found.pixels, drawing.turned(p, 6))
    assert "turned upright as the camera noted" in map(str, found.changes)


def test_lzw_is_unpacked_as_deflate_is():
    p = tiffs.deep(drawing.picture())
    bytes_of_rows = np.ascontiguousarray(p).view(np.uint8).reshape(len(p), -1)
    file = drawing.saved(Image.fromarray(bytes_of_rows), "TIFF", compression="tiff_lzw")
    with Image.open(io.BytesIO(file)) as image:
        parts = zip(image.tag_v2[273], image.tag_v2[279], strict=True)
        strips, rows = [file[start : start + num] for start, num in parts], image.tag_v2[278]

    data = tiffs.tiff(p, tiffs.COLOURS, packing=5, packed=strips, more={278: (rows,)})

    np.testing.assert_array_equal(pixels.canonical(data), drawing.picture())


@pytest.mark.parametrize("packing", [1, 8])
def test_tiles_are_put_together_and_what_stands_over_is_cut_off(packing: int):
    p = tiffs.deep(drawing.picture(30, 40))
    whole = np.pad(p, ((0, 2), (0, 8), (0, 0)), "edge").reshape(2, 16, 3, 16, 3)
    tiles = [whole[y, :, x] for y in range(2) for x in range(3)]
    packed = [tiffs.strip(tile, packing) for tile in tiles]
    sizes = {322: (16,), 323: (16,), 325: tuple(map(len, packed))}
    starts = tuple(8 + sum(map(len, packed[:n])) for n in range(6))

    data = tiffs.tiff(p, tiffs.COLOURS, packing=packing, packed=packed, more={**sizes, 324: starts})

    np.testing.assert_array_equal(pixels.canonical(data), drawing.picture(30, 40))


def test_what_a_file_says_of_its_size_is_checked_before_anything_is_unpacked():
    tracemalloc.start()
    error = refused(MANY["bands_too_large.tif"], "first")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "20000 x 20000 pixels in 13 bands" in str(error.problem.what)
    assert most < 1 << 20


@pytest.mark.parametrize(
    "more", [{322: (1 << 30,), 323: (1 << 30,), 324: (8,), 325: (9,)}, {317: (3,)}, {273: (8,)}]
)
def test_tiles_that_cannot_be_are_damage(more: dict[int, tuple[int, ...]]):
    data = tiffs.tiff(tiffs.deep(drawing.picture()), tiffs.COLOURS, planar=True, more=more)

    with pytest.raises(UserError, match=r"damaged|too large|truncated"):
        pixels.canonical(data)


def test_bytes_that_are_no_tiff_have_no_layout():
    assert tiff_layouts.layout_of(b"\xff\xd8\xff") is None
    assert tiff_layouts.layout_of(b"II*\0\xff\xff\xff\xff") is None


@pytest.mark.parametrize("name", ["rgb_u16_planar.tif", "grey_u16_miniswhite.tif"])
def test_the_scene_of_a_scanner_has_its_colours(name: str):
    if not SHARED.is_dir():
        pytest.skip("the pictures are not here")
    scene = pixels.canonical((SHARED / name).read_bytes())[30, [10, 48, 90]].tolist()

    colours = [[220, 40, 40], [40, 200, 60], [40, 60, 210]]
    assert scene == (colours if "rgb" in name else [[94] * 3, [136] * 3, [71] * 3])
