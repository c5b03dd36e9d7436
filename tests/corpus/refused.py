"""Files that must be refused, each with a word of the reason why."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.corpus import tiffs
from tests.corpus.drawing import (
    chunk,
    picture,
    raw_png,
    saved,
)


@dataclass(frozen=True)
class Case:
    """One file: exact `pixels` when it must be accepted, a word of the reason when not."""

    name: str
    data: bytes
    pixels: np.ndarray | None = None
    reason: str = ""


def damaged() -> list[Case]:
    """Make files that were cut off, or have noise in them."""
    image = Image.fromarray(picture(120, 160))
    jpeg, png = saved(image, "JPEG", quality=95), saved(image, "PNG")
    still, webp = saved(image, "GIF"), saved(image, "WEBP", quality=90)
    bmp, tiff = saved(image, "BMP"), saved(image, "TIFF")
    at = png.index(b"IDAT") + 30
    noise = np.random.default_rng(5).bytes(2000)
    return [
        Case("half.jpg", jpeg[: len(jpeg) // 2], reason="truncated"),
        Case("almost.jpg", jpeg[:-30], reason="truncated"),
        Case("head.jpg", jpeg[:200], reason="JPEG"),
        Case("two_bytes.jpg", b"\xff\xd8", reason="JPEG"),
        Case("noise.jpg", b"\xff\xd8\xff" + noise, reason="JPEG"),
        Case("half.png", png[: len(png) // 2], reason="truncated"),
        Case("head.png", png[:33], reason="PNG"),
        Case("magic.png", png[:8], reason="PNG"),
        Case("noise.png", png[:8] + noise, reason="PNG"),
        Case("flipped.png", png[:at] + bytes([png[at] ^ 255]) + png[at + 1 :], reason="damaged"),
        Case("no_width.png", _sized_png(0, 5), reason="PNG"),
        Case("half.gif", still[: len(still) // 2], reason="GIF"),
        Case("head.gif", still[:13], reason="GIF"),
        Case("half.webp", webp[: len(webp) // 2], reason="WebP"),
        Case("noise.webp", b"RIFF\xd0\x07\0\0WEBP" + noise, reason="WebP"),
        Case("half.bmp", bmp[: len(bmp) // 2], reason="truncated"),
        Case("half.tif", tiff[: len(tiff) // 2], reason="TIFF"),
        Case("noise.tif", b"II*\0" + noise, reason="TIFF"),
        Case("loop.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", reason="TIFF"),
    ]


def _sized_png(width: int, height: int) -> bytes:
    """A PNG that says it is of this size and holds a row of nothing."""
    return raw_png(width, height, depth=8, colour=0, rows=b"\0" * 1000)


def bombs() -> list[Case]:
    """Make small files that claim, or would become, a great deal."""
    gif = bytearray(saved(Image.new("L", (4, 4)), "GIF"))
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    bmp = bytearray(saved(Image.new("RGB", (4, 4)), "BMP"))
    bmp[18:26] = struct.pack("<ii", 50_000, 50_000)
    flat = raw_png(9000, 6000, depth=8, colour=0, rows=(b"\0" * 9001) * 6000)
    text = chunk(b"zTXt", b"comment\0\0" + zlib.compress(b"\0" * 5_000_000))
    return [
        Case("54_megapixels.png", flat, reason="too large"),
        Case("claims_much.png", _sized_png(30_000, 30_000), reason="too large"),
        Case("claims_most.png", _sized_png(2**31 - 1, 2**31 - 1), reason="too large"),
        Case("claims_much.gif", bytes(gif), reason="too large"),
        Case("claims_much.bmp", bytes(bmp), reason="too large"),
        Case(
            "text_bomb.png",
            raw_png(2, 2, depth=8, colour=0, rows=b"\0\1\2" * 2, extra=text),
            reason="PNG",
        ),
    ]


def too_deep() -> list[Case]:
    """Make pictures whose numbers have no one meaning as brightness."""
    values = np.linspace(0, 1, 70, dtype=np.float32).reshape(7, 10)
    whole = np.arange(70, dtype=np.int32).reshape(7, 10) * 99_999
    return [
        Case("float.tif", saved(Image.fromarray(values), "TIFF"), reason="floating-point"),
        Case("int32.tif", saved(Image.fromarray(whole), "TIFF"), reason="signed 32-bit"),
        *(Case(name, data, reason=kind) for name, data, kind in tiffs.without_brightness()),
    ]


def others() -> list[Case]:
    """Make files of other kinds under the names of pictures."""
    image = Image.fromarray(picture())
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    return [
        Case("empty.jpg", b"", reason="empty"),
        Case("zeros.jpg", b"\0" * 4096, reason="zero bytes"),
        Case("text.jpg", b"Dear all, the photo is attached.", reason="not an image"),
        Case("page.jpg", b"<!DOCTYPE html><html>404</html>", reason="web page"),
        Case("page2.png", b"\n <html><body>Sign in</body></html>", reason="web page"),
        Case("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', reason="SVG"),
        Case("drawing.png", b'<?xml version="1.0"?><svg></svg>', reason="SVG"),
        Case("xml.jpg", b'<?xml version="1.0"?><annotation/>', reason="XML"),
        Case("pointer.jpg", pointer, reason="Git LFS"),
        Case("paper.jpg", b"%PDF-1.7\n...", reason="PDF"),
        Case("post.jpg", saved(image, "EPS"), reason="PostScript"),
        Case("packed.jpg", b"PK\x03\x04" + b"\0" * 60, reason="ZIP"),
        Case("packed.png", b"\x1f\x8b\x08" + b"\0" * 60, reason="gzip"),
        Case("packed.bmp", b"Rar!\x1a\x07\0" + b"\0" * 60, reason="RAR"),
        Case("report.jpg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, reason="Office"),
        Case("layers.jpg", b"8BPS\0\x01" + b"\0" * 60, reason="Photoshop"),
        Case("icon.jpg", saved(image, "ICO"), reason="icon"),
        Case("new.jpg", saved(image, "JPEG2000"), reason="JPEG 2000"),
        Case("old.jpg", saved(image, "TGA"), reason="TGA"),
        Case("plain.ppm", saved(image, "PPM"), reason="PPM"),
        Case("raw.CR2", b"II*\0\x10\0\0\0CR\2\0" + b"\0" * 60, reason="camera raw"),
        Case("film.jpg", b"\0\0\0\x20ftypisom" + b"\0" * 99, reason="video"),
        Case("noise.jpg.bin", np.random.default_rng(6).bytes(5000), reason="not an image"),
        Case("scan.dcm", b"\0" * 128 + b"DICM\2\0" + b"\0" * 99, reason="DICOM"),
        Case("scan", b"\x08\0\x05\0CS\x0a\0ISO_IR 100" + b"\0" * 99, reason="DICOM"),
        Case("brain.nii", b"\\\1" + b"\0" * 342 + b"n+1\0", reason="NIfTI"),
        Case("sky.hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n", reason="Radiance HDR"),
        Case("sky.exr", b"\x76\x2f\x31\x01\2\0\0\0" + b"\0" * 99, reason="OpenEXR"),
        Case("new.jxr", b"II\xbc\1" + b"\0" * 99, reason="JPEG XR"),
        Case("line_first.jpg", b"\r\n" + saved(image, "JPEG"), reason="2 stray bytes"),
        *_odd_jpegs(saved(image, "JPEG")),
        Case("numbers.jpg", b"\x89HDF\r\n\x1a\n" + b"\0" * 99, reason="HDF5"),
    ]


def _odd_jpegs(data: bytes) -> list[Case]:
    """The same JPEG, which says that it is of another kind."""
    at = data.index(b"\xff\xc0")
    twelve = data[: at + 4] + b"\x0c" + data[at + 5 :]
    lossless = data[: at + 1] + b"\xf7" + data[at + 2 :]
    return [
        Case("twelve_bits.jpg", twelve, reason="12-bit JPEG"),
        Case("lossless.jpg", lossless, reason="JPEG-LS"),
    ]
