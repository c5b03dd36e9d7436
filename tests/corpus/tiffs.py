"""TIFF pictures written by hand, as scanners, microscopes and satellites leave them."""

import struct
import zlib

import numpy as np
from PIL import Image

from tests.corpus.drawing import grey, on_white, picture, rgb, saved

GREY, COLOURS, PALETTE, INKS = 1, 2, 3, 5  # photometric interpretations
WHITE_IS_ZERO = 0
JPEG_2000 = 34712


def tiff(
    values: np.ndarray,
    photometric: int = GREY,
    *,
    planar: bool = False,
    order: str = "<",
    packing: int = 1,
    packed: list[bytes] | None = None,
    more: dict[int, tuple[int, ...]] | None = None,
) -> bytes:
    """Write numbers (height, width, bands) as one strip, or one for each plane.

    With ``packing`` 8 the strips are Deflate, after differences of neighbours; ``packed`` are
    strips or tiles that somebody else packed.
    """
    height, width, bands = values.shape
    planes = [values[..., b : b + 1] for b in range(bands)] if planar else [values]
    ordered = values.dtype.newbyteorder(order)
    strips = packed or [strip(plane.astype(ordered), packing) for plane in planes]
    starts = [8 + sum(map(len, strips[:n])) for n in range(len(strips))]
    numbers = {"u": 1, "i": 2, "f": 3, "c": 6}[values.dtype.kind]
    tags = {
        256: (width,),
        257: (height,),
        258: (8 * values.itemsize,) * bands,
        259: (packing,),
        262: (photometric,),
        273: tuple(starts),
        277: (bands,),
        278: (height,),
        279: tuple(map(len, strips)),
        284: (2 if planar else 1,),
        317: (2 if packing == 8 else 1,),
        339: (numbers,) * bands,
    } | (more or {})
    body = b"".join(strips)
    body += b"\0" * (len(body) % 2)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(body))
    return head + body + _directory(tags, order, 8 + len(body))


def strip(plane: np.ndarray, packing: int) -> bytes:
    """Pack numbers (rows, width, bands) as a strip or tile."""
    if packing != 8:
        return plane.tobytes()
    steps = plane.copy()
    steps[:, 1:] -= plane[:, :-1]
    return zlib.compress(steps.tobytes())


def _directory(tags: dict[int, tuple[int, ...]], order: str, start: int) -> bytes:
    entries, beyond, end = b"", b"", start + 6 + 12 * len(tags)
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        place = packed if len(values) == 1 else struct.pack(order + "I", end + len(beyond))
        entries += struct.pack(order + "HHI", tag, 4, len(values)) + place
        beyond += packed if len(values) > 1 else b""
    return struct.pack(order + "H", len(tags)) + entries + b"\0\0\0\0" + beyond


def deep(pixels: np.ndarray) -> np.ndarray:
    """Give 16-bit numbers of which the upper byte is the picture and the lower is not."""
    lower = np.arange(pixels.size).reshape(pixels.shape) % 251
    return pixels.astype(np.uint16) << 8 | lower.astype(np.uint16)


def readable() -> list[tuple[str, bytes, np.ndarray]]:
    """Give names, bytes and the exact pixels of TIFF pictures that are read."""
    p = picture()
    g = grey(p)[..., None]
    alpha = np.dstack([p, g])
    inks = np.dstack([255 - p, np.zeros_like(g)])
    seen = [
        (f"rgb16_{name}_{packing}_{order}.tif", p, COLOURS, planar, packing, order)
        for name, planar in (("planes", True), ("pixels", False))
        for packing in (1, 8)
        for order in "<>"
    ]
    made = [
        (name, tiff(deep(v), kind, planar=planar, packing=packing, order=order), v)
        for name, v, kind, planar, packing, order in seen
    ]
    three = rgb(g[..., 0])
    return [
        *made,
        ("white16.tif", tiff(65_535 - deep(g), WHITE_IS_ZERO), three),
        ("white16_big.tif", tiff(65_535 - deep(g), WHITE_IS_ZERO, order=">"), three),
        ("grey16_more.tif", tiff(deep(np.dstack([g, 255 - g])), more={338: (0,)}), three),
        ("nir.tif", tiff(alpha, COLOURS, more={338: (0,)}), p),
        ("nir_planes.tif", tiff(alpha, COLOURS, planar=True, more={338: (0,)}), p),
        ("rgb_and_five.tif", tiff(np.dstack([p, p, g, g]), COLOURS, more={338: (0,) * 5}), p),
        ("rgba16_planes.tif", _alpha16(alpha), on_white(alpha)),
        ("cmyk16_planes.tif", tiff(deep(inks), INKS, planar=True), _inked(inks)),
        ("palette_of_bytes.tif", *_palette(p)),
        *_packed(g),
    ]


def _alpha16(alpha: np.ndarray) -> bytes:
    return tiff(deep(alpha), COLOURS, planar=True, more={338: (2,)})


def _inked(inks: np.ndarray) -> np.ndarray:
    return np.array(Image.fromarray(inks, "CMYK").convert("RGB"))


def _palette(p: np.ndarray) -> tuple[bytes, np.ndarray]:
    """A table of colours from 0 to 255 where the rule says 0 to 65,535."""
    colours = Image.fromarray(p).quantize(16)
    table = np.zeros((256, 3), np.uint8)
    listed = np.array(colours.getpalette(), np.uint8).reshape(-1, 3)
    table[: len(listed)] = listed
    data = tiff(np.array(colours)[..., None], PALETTE, more={320: tuple(table.T.ravel().tolist())})
    return data, np.array(colours.convert("RGB"))


def _packed(g: np.ndarray) -> list[tuple[str, bytes, np.ndarray]]:
    """Numbers of 10 and 14 bits, with no bits between them."""
    made = []
    for bits in (10, 14):
        values = g[..., 0].astype(np.uint16) << (bits - 8) | 1
        ones = (values[..., None] >> np.arange(bits)[::-1] & 1).astype(np.uint8)
        rows = np.packbits(ones.reshape(len(values), -1), axis=1)
        tags = {256: (g.shape[1],), 258: (bits,)}
        made.append((f"grey{bits}.tif", tiff(rows[..., None], more=tags), rgb(g[..., 0])))
    return made


def refused() -> list[tuple[str, bytes, str]]:
    """Give names, bytes and a word of the reason for whole TIFF pictures that are not read."""
    p = picture()
    packed = saved(Image.fromarray(p), "TIFF")
    return [
        ("bands3.tif", tiff(p), "3 bands"),
        ("bands4.tif", tiff(np.dstack([p, p[..., :1]])), "4 bands"),
        ("bands4_planes.tif", tiff(np.dstack([p, p[..., :1]]), planar=True, packing=8), "4 bands"),
        ("bands13.tif", tiff(deep(np.dstack([p] * 5)[..., :13]), planar=True), "13 bands"),
        ("jpeg2000_inside.tif", tiff(p, COLOURS, packing=JPEG_2000), "JPEG 2000"),
        ("jpeg2000_deep.tif", tiff(deep(p), COLOURS, packing=JPEG_2000), "JPEG 2000"),
        ("lab16.tif", tiff(deep(p), 8), "CIELab"),
        ("palette_and_more.tif", tiff(p[..., :2], PALETTE, more={320: (0, 257) * 384}), "palette"),
        ("grey_5_and_6.tif", tiff(p[..., :2], more={258: (5, 6)}), "5/6-bit colours"),
        ("thumbnail.nef", tiff(p, COLOURS, more={254: (1,), 330: (8,)}), "camera raw"),
        ("photo.dng", tiff(p, COLOURS, more={50706: (1, 4, 0, 0)}), "camera raw"),
        ("bands_too_large.tif", _declared(20_000, 20_000, 13), "13 bands"),
        ("big_big.tif", b"MM\0+" + packed[4:], "BigTIFF"),
    ]


def _declared(width: int, height: int, bands: int) -> bytes:
    """A file that says it is large, and is not."""
    small = deep(picture(2, 2)[..., :1].repeat(bands, axis=2))
    return tiff(small, planar=True, more={256: (width,), 257: (height,)})


def without_brightness() -> list[tuple[str, bytes, str]]:
    """Give pictures whose numbers have no one meaning as brightness, and what these are."""
    p = picture()
    return [
        ("rgb_float.tif", tiff((p / 255).astype(np.float32), COLOURS), "floating-point"),
        ("rgb_half.tif", tiff((p / 255).astype(np.float16), COLOURS), "floating-point"),
        ("double.tif", tiff(p[..., :1] / 255), "floating-point"),
        ("complex.tif", tiff(p[..., :1].astype(np.complex64)), "complex"),
        ("tomogram.tif", tiff(p[..., :1].astype(np.int16) - 100), "signed 16-bit"),
        ("signed.tif", tiff(p[..., :1].astype(np.int8)), "signed 8-bit"),
        ("counts.tif", tiff(p[..., :1].astype(np.uint32)), "32-bit"),
    ]
