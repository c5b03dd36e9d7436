"""What the cases of the corpus are drawn with: pictures, containers written by hand."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image


def picture(height: int = 40, width: int = 60) -> np.ndarray:
    """Draw a picture without symmetry, so that every turn of it differs."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / max(1, width - 1)
    green = 255 * y / max(1, height - 1)
    blue = 128 + 127 * np.sin(x / 5 + y / 3)
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def grey(pixels: np.ndarray) -> np.ndarray:
    return np.array(Image.fromarray(pixels).convert("L"))


def rgb(grey_pixels: np.ndarray) -> np.ndarray:
    return np.repeat(grey_pixels[..., None], 3, axis=-1)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.copy().save(buffer, kind, **options)  # saving leaves marks on an image
    return buffer.getvalue()


def plain(data: bytes) -> np.ndarray:
    """Decode as Pillow alone does: right for files with nothing odd about them."""
    with Image.open(BytesIO(data)) as image:
        return np.array(image.convert("RGB"))


def on_white(rgba: np.ndarray) -> np.ndarray:
    colour, alpha = rgba[..., :3].astype(np.uint32), rgba[..., 3:].astype(np.uint32)
    mixed = colour * alpha + 255 * (255 - alpha) + 128
    return ((mixed + (mixed >> 8)) >> 8).astype(np.uint8)


def turned(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turn as EXIF says, by arrays alone."""
    turns: dict[int, Callable[[np.ndarray], np.ndarray]] = {
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
        8: lambda p: np.rot90(p),
    }
    return turns.get(orientation, lambda p: p)(pixels)


def exif_of(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a camera"
    return exif.tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def raw_png(
    width: int, height: int, *, depth: int, colour: int, rows: bytes, extra: bytes = b""
) -> bytes:
    """Write a PNG by hand, for what Pillow cannot write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + packed + chunk(b"IEND", b"")


def packed_twelve_bits(deep: np.ndarray) -> bytes:
    """Write the upper 12 of 16 bits as a microscope packs them: two numbers in three bytes."""
    first, second = (deep.ravel() >> 4).reshape(-1, 2).T
    return (
        np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], 1)
        .astype(np.uint8)
        .tobytes()
    )


def raw_tiff(body: bytes, height: int, width: int, *, bits: int) -> bytes:
    """Write a grey TIFF of `bits` per pixel from its pixels."""
    order = ">" if bits == 16 else "<"
    sizes = [(256, width), (257, height), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1)]
    tags = [*sizes, (278, height), (279, len(body))]
    table = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8 + len(body))
    return head + body + struct.pack(order + "H", len(tags)) + table + b"\0\0\0\0"
