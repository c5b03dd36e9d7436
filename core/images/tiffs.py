"""TIFF pictures that Pillow alone reads wrongly or not at all: many bands, planes, deep numbers.

libtiff, inside Pillow, unpacks the bytes of each plane; what they mean is worked out here. This
needs NumPy and Pillow only: the script that is taken away with a model carries this text.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImagePalette, TiffImagePlugin

from core.images.tiff_layouts import (
    INKS,
    PREDICTED,
    TiffError,
    TiffLayout,
    as_tuple,
    check_meaning,
    check_storage,
    layout_of,
    too_much_memory,
)

BLOCK = 1 << 22  # bytes that are worked on at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """A TIFF picture in 8 bits, and what was done for it."""

    image: Image.Image
    layout: TiffLayout
    num_taken: int  # bands, transparency among them
    levels: np.ndarray  # which brightnesses there are, from 0 to the highest its bits allow


def read(data: bytes, bands: str = "") -> Bands | None:
    """Read what Pillow would not read right; None for all else. Raises `TiffError` if it cannot be.

    With ``bands="first"``, the first three of many bands are taken as red, green and blue.
    """
    found = layout_of(data)
    if found is None:
        return None
    check_meaning(found)
    if found.is_plain:
        return None
    if found.is_multi_band and bands != "first":
        raise TiffError("bands", num=found.samples)
    check_storage(found)
    return _read(found, data)


def _read(found: TiffLayout, data: bytes) -> Bands:
    colours = found.num_colours
    alpha = found.has_alpha and found.photometric != INKS and not found.is_multi_band
    num = colours + alpha
    levels = np.zeros(1 << found.bits, bool)
    eight = np.empty((found.height, found.width, num), np.uint8)
    for plane in range(num if found.planar else 1):
        for top, values in _blocks(found, data, plane):
            block = eight[top : top + len(values), :, plane:]
            block[..., : values.shape[2]] = _scaled(found, values[..., :num], plane)
            levels[values[..., : max(0, colours - plane)]] = True
    image = _image(found, eight, alpha)
    return Bands(image=image, layout=found, num_taken=num, levels=levels)


def _scaled(found: TiffLayout, values: np.ndarray, plane: int) -> np.ndarray:
    """Bring numbers to 8 bits, black to white."""
    highest = (1 << found.bits) - 1
    if found.photometric == 0:  # white is zero
        values = values.copy()
        values[..., : max(0, found.num_colours - plane)] ^= values.dtype.type(highest)
    if found.bits >= 8:
        return (values >> (found.bits - 8)).astype(np.uint8)
    return (values.astype(np.uint16) * 255 // highest).astype(np.uint8)


def _image(found: TiffLayout, eight: np.ndarray, alpha: bool) -> Image.Image:
    if found.photometric == INKS:
        mode = "CMYK"
    else:
        mode = {1: "L", 3: "RGB"}[found.num_colours]
        if alpha:  # 1: the colours are multiplied by it
            mode += "a" if found.extras[0] == 1 else "A"
    image = Image.frombytes(mode, (found.width, found.height), eight.tobytes())
    if mode.endswith("a"):
        image = image.convert(mode[:-1] + "A")
    image.info["icc_profile"] = found.tags.get(34675)
    image.getexif()[274] = found.tags.get(274, 1)
    return image


def _blocks(found: TiffLayout, data: bytes, plane: int) -> Iterator[tuple[int, np.ndarray]]:
    """Give the numbers of a plane, (rows, width, bands) each, and in which row they begin."""
    for top, rows, parts in _groups(found, data, plane):
        yield top, _numbers(found, np.asarray(_unpacked(found, rows, parts)))


def _groups(found: TiffLayout, data: bytes, plane: int) -> Iterator[tuple[int, int, list[bytes]]]:
    """Give what is unpacked at once: its first row, how many rows, and the strips or tiles."""
    (across, down), (_, height), row = found.grid, found.tile, found.row_bytes
    offsets, counts = (as_tuple(found.tags, tag, 0) for tag in found.data_tags)
    starts = offsets[plane * across * down : (plane + 1) * across * down]
    sizes = counts[plane * across * down : (plane + 1) * across * down]
    if found.compression == 1:
        sizes = (row * height,) * len(starts)
    if len(starts) != across * down or len(sizes) != len(starts):
        raise ValueError("tiles are missing")  # damaged
    if found.compression == 1 and not found.is_tiled:
        yield from _cut(found, data, starts)
        return
    step, most = max(1, BLOCK // (row * across * height)), 2 * row * height + 1024
    for first in range(0, down, step):
        mine = range(first * across, min(first + step, down) * across)
        parts = [data[starts[i] : starts[i] + min(sizes[i], most)] for i in mine]
        yield first * height, min(step * height, found.height - first * height), parts


def _cut(
    found: TiffLayout, data: bytes, starts: tuple[int, ...]
) -> Iterator[tuple[int, int, list[bytes]]]:
    """Give the rows of strips that are not compressed, a few at once."""
    row, height = found.row_bytes, found.tile[1]
    rows = min(height, max(1, BLOCK // row))
    for top, start in zip(range(0, found.height, height), starts, strict=True):
        end = min(height, found.height - top)
        for at in range(0, end, rows):
            num = min(rows, end - at)
            yield top + at, num, [data[start + at * row : start + (at + num) * row]]


def _numbers(found: TiffLayout, raw: np.ndarray) -> np.ndarray:
    """Make numbers (rows, width, bands) of the bytes of rows, tile beside tile."""
    width, across, bands = found.tile[0], found.grid[0], found.num_together
    parts = np.ascontiguousarray(raw).reshape(len(raw), across, -1)
    if found.bits == 8:
        values: np.ndarray = parts
    elif found.bits == 16:
        values = parts.view(found.order + "u2").astype(np.uint16)
    else:
        ones = np.unpackbits(parts, axis=-1)[..., : width * bands * found.bits]
        worth = 1 << np.arange(found.bits, dtype=np.uint16)[::-1]
        values = ones.reshape(len(raw), across, -1, found.bits) @ worth
    values = values.reshape(len(raw), across, width, bands)
    if found.compression in PREDICTED and found.tags.get(317, 1) == 2:
        values = np.cumsum(values, axis=2, dtype=values.dtype)
    return values.reshape(len(raw), across * width, bands)[:, : found.width]


def _unpacked(found: TiffLayout, rows: int, parts: list[bytes]) -> Image.Image:
    """Unpack strips or tiles as if each of their bytes were a grey pixel: a file of its own."""
    width, height = found.row_bytes, found.tile[1] if len(parts) > 1 else rows
    starts = [8 + sum(map(len, parts[:n])) for n in range(len(parts))]
    told: dict[int, Any] = {256: [width * found.grid[0]], 257: [rows], 258: [8]}
    told |= {259: [found.compression], 262: [1], 266: [found.tags.get(266, 1)], 277: [1]}
    told |= {found.data_tags[0]: starts, found.data_tags[1]: list(map(len, parts))}
    told |= {322: [width], 323: [found.tile[1]]} if found.is_tiled else {278: [height]}
    body = b"".join(parts)
    start = (8 + len(body) + 1) // 2 * 2
    head = (b"II*\0" if found.order == "<" else b"MM\0*") + struct.pack(found.order + "L", start)
    body = body.ljust(start - 8, b"\0") + _directory(found.order, told, start)
    image = TiffImagePlugin.TiffImageFile(BytesIO(head + body))
    try:
        image.load()
    except Image.DecompressionBombError:  # one strip is more than Pillow unpacks
        raise too_much_memory(found) from None
    return image


def _directory(order: str, told: dict[int, Any], start: int) -> bytes:
    """Write tags as a TIFF directory that begins at ``start``; all numbers take 32 bits."""
    entries, beyond = b"", b""
    end = start + 2 + 12 * len(told) + 4
    for tag, values in sorted(told.items()):
        packed = struct.pack(f"{order}{len(values)}L", *values)
        entries += struct.pack(order + "HHL", tag, 4, len(values))
        entries += packed if len(values) == 1 else struct.pack(order + "L", end + len(beyond))
        beyond += packed if len(values) > 1 else b""
    return struct.pack(order + "H", len(told)) + entries + bytes(4) + beyond


def mend_palette(image: Image.Image) -> None:
    """Take a table of colours of 8 bits, as some programs write it, for what it is: not black.

    Mode P or PA; others stay.
    """
    table = getattr(image, "tag_v2", {}).get(320, ())
    if image.mode in ("P", "PA") and table and max(table) < 256:
        image.palette = ImagePalette.raw("RGB;L", bytes(table))
