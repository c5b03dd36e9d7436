"""Over ninety odd and hostile images: each with the exact pixels it must give, or why not.

``python -m tests.corpus.images FOLDER`` writes them as files.
"""

import struct
import sys
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from tests.corpus import tiffs
from tests.corpus.drawing import (
    chunk,
    exif_of,
    grey,
    on_white,
    packed_twelve_bits,
    picture,
    plain,
    raw_png,
    raw_tiff,
    rgb,
    saved,
    turned,
)


@dataclass(frozen=True)
class Case:
    """One file: exact `pixels` when it must be accepted, a word of the reason when not."""

    name: str
    data: bytes
    pixels: np.ndarray | None = None
    reason: str = ""


def all_cases() -> list[Case]:
    """Make every case, always the same."""
    with warnings.catch_warnings(action="ignore"):
        good = [*_pngs(), *_jpegs(), *_animations(), *_webps(), *_bitmaps(), *_tiffs()]
        good += [Case(name, data, found) for name, data, found in tiffs.readable()]
        odd = [Case(name, data, reason=reason) for name, data, reason in tiffs.refused()]
        return [*good, *_modern(), *_damaged(), *_bombs(), *too_deep(), *odd, *_others()]


def _deep(channels: int) -> tuple[np.ndarray, bytes]:
    """Make 16-bit values (12 x 10) and the rows of a PNG with them."""
    values = np.arange(12 * 10 * channels, dtype=np.uint32) * 541 % 65_536
    values = values.astype(">u2").reshape(12, 10, channels)
    return values, b"".join(b"\0" + row.tobytes() for row in values)


def _pngs() -> list[Case]:
    p = picture()
    g = grey(p)
    colours = Image.fromarray(p).quantize(16)
    alpha = np.dstack([p, np.linspace(0, 255, p.size // 3).reshape(p.shape[:2]).astype(np.uint8)])
    grey_alpha = np.dstack([g, alpha[..., 3]])
    cases = [
        Case("rgb.png", saved(Image.fromarray(p), "PNG"), p),
        Case("grey.png", saved(Image.fromarray(g), "PNG"), rgb(g)),
        Case("bits.png", saved(Image.fromarray(g > 99), "PNG"), rgb((g > 99) * np.uint8(255))),
        Case("palette.png", saved(colours, "PNG"), np.array(colours.convert("RGB"))),
        Case("rgba.png", saved(Image.fromarray(alpha), "PNG"), on_white(alpha)),
        Case(
            "grey_alpha.png",
            saved(Image.fromarray(grey_alpha, "LA"), "PNG"),
            on_white(np.dstack([g, g, g, alpha[..., 3]])),
        ),
        Case("opaque.png", saved(Image.fromarray(p).convert("RGBA"), "PNG"), p),
        Case("is_png.jpg", saved(Image.fromarray(p), "PNG"), p),
        Case("no_suffix", saved(Image.fromarray(p), "PNG"), p),
        Case("one_pixel.png", saved(Image.fromarray(p[:1, :1]), "PNG"), p[:1, :1]),
        Case("one_row.png", saved(Image.fromarray(p[:1]), "PNG"), p[:1]),
        Case("one_column.png", saved(Image.fromarray(p[:, :1]), "PNG"), p[:, :1]),
        Case("wide.png", saved(Image.fromarray(picture(3, 4000)), "PNG"), picture(3, 4000)),
        Case("white.png", saved(Image.new("RGB", (9, 7), "white"), "PNG"), np.full((7, 9, 3), 255)),
    ]
    return [*cases, *_transparent_pngs(p, g), *_deep_pngs(), *_turned_pngs(p)]


def _transparent_pngs(p: np.ndarray, g: np.ndarray) -> list[Case]:
    colours = Image.fromarray(p).quantize(16)
    palette = np.array(colours.convert("RGB"))
    index = np.array(colours)
    one_colour = tuple(int(v) for v in p[3, 4])
    hidden = (p == p[3, 4]).all(axis=-1)
    return [
        Case(
            "palette_hole.png",
            saved(colours, "PNG", transparency=5),
            np.where((index == 5)[..., None], 255, palette),
        ),
        Case(
            "palette_alpha.png",
            saved(colours, "PNG", transparency=bytes(range(0, 256, 16))),
            on_white(np.dstack([palette, index * np.uint8(16)])),
        ),
        Case(
            "rgb_hole.png",
            saved(Image.fromarray(p), "PNG", transparency=one_colour),
            np.where(hidden[..., None], 255, p),
        ),
        Case(
            "grey_hole.png",
            saved(Image.fromarray(g), "PNG", transparency=int(g[3, 4])),
            rgb(np.where(g == g[3, 4], np.uint8(255), g)),
        ),
        Case("hidden.png", saved(Image.new("RGBA", (9, 7), 0), "PNG"), np.full((7, 9, 3), 255)),
    ]


def _deep_pngs() -> list[Case]:
    one, one_rows = _deep(1)
    two, two_rows = _deep(2)
    three, three_rows = _deep(3)
    four, four_rows = _deep(4)
    high = {n: (v >> 8).astype(np.uint8) for n, v in ((1, one), (2, two), (3, three), (4, four))}
    hole = chunk(b"tRNS", struct.pack(">H", int(one[0, 1, 0])))
    holed = high[1].copy()
    holed[one == one[0, 1, 0]] = 255
    with_alpha = np.dstack([high[2][..., :1]] * 3 + [high[2][..., 1:]])
    sizes = {"width": 10, "height": 12, "depth": 16}
    return [
        Case("grey16.png", raw_png(**sizes, colour=0, rows=one_rows), rgb(high[1][..., 0])),
        Case(
            "grey16_hole.png",
            raw_png(**sizes, colour=0, rows=one_rows, extra=hole),
            rgb(holed[..., 0]),
        ),
        Case("rgb16.png", raw_png(**sizes, colour=2, rows=three_rows), high[3]),
        Case("grey16_alpha.png", raw_png(**sizes, colour=4, rows=two_rows), on_white(with_alpha)),
        Case("rgba16.png", raw_png(**sizes, colour=6, rows=four_rows), on_white(high[4])),
    ]


def _turned_pngs(p: np.ndarray) -> list[Case]:
    image = Image.fromarray(p)
    return [
        Case(f"turned{n}.png", saved(image, "PNG", exif=exif_of(n)), turned(p, n)) for n in (3, 6)
    ]


def _jpegs() -> list[Case]:
    image = Image.fromarray(picture())
    data = saved(image, "JPEG", quality=90)
    grey_data = saved(image.convert("L"), "JPEG")
    cmyk = saved(image.convert("CMYK"), "JPEG")
    progressive = saved(image, "JPEG", progressive=True)
    narrow = saved(image, "JPEG", subsampling=2, quality=40)
    full = saved(image, "JPEG", subsampling=0)
    wild_exif = b"Exif\0\0II*\0" + b"\xff" * 40
    bad_exif = saved(image, "JPEG", exif=wild_exif)
    bad_profile = saved(image, "JPEG", icc_profile=b"this is no profile" * 9)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cases = [
        Case("plain.jpg", data, plain(data)),
        Case("IMG_1.JPG", data, plain(data)),
        Case("grey.jpg", grey_data, plain(grey_data)),
        Case("cmyk.jpg", cmyk, plain(cmyk)),
        Case("progressive.jpg", progressive, plain(progressive)),
        Case("narrow.jpg", narrow, plain(narrow)),
        Case("full.jpg", full, plain(full)),
        Case("bad_exif.jpg", bad_exif, plain(bad_exif)),
        Case("bad_profile.jpg", bad_profile, plain(bad_profile)),
        Case("srgb.jpg", saved(image, "JPEG", quality=90, icc_profile=srgb), plain(data)),
        Case("comment.jpg", saved(image, "JPEG", quality=90, comment=b"x" * 60_000), plain(data)),
        Case("trailing.jpg", data + b"<html>" * 999, plain(data)),
        Case("with_zip.jpg", data + b"PK\x03\x04" + b"\0" * 99, plain(data)),
        Case("one_pixel.jpg", *_same(saved(Image.new("RGB", (1, 1), "red"), "JPEG"))),
    ]
    upright = plain(saved(image, "JPEG", quality=90))
    for n in range(10):
        turned_data = saved(image, "JPEG", quality=90, exif=exif_of(n))
        cases.append(Case(f"orientation{n}.jpg", turned_data, turned(upright, n)))
    return cases


def _same(data: bytes) -> tuple[bytes, np.ndarray]:
    return data, plain(data)


def _animations() -> list[Case]:
    frames = [Image.fromarray(picture() // (n + 1)) for n in range(4)]
    rest = {"save_all": True, "append_images": frames[1:], "duration": 50}
    gif = saved(frames[0], "GIF", **rest)
    apng, webp = saved(frames[0], "PNG", **rest), saved(frames[0], "WEBP", lossless=True, **rest)
    mpo = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    still = saved(frames[0], "GIF")
    holed = Image.fromarray(picture()).quantize(16)
    hole = saved(holed, "GIF", transparency=3)
    pages = [frame.copy() for frame in frames]
    tiff = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    index, colours = np.array(holed), np.array(holed.convert("RGB"))
    return [
        Case("moving.gif", gif, plain(gif)),
        Case("still.gif", still, plain(still)),
        Case("hole.gif", hole, np.where((index == 3)[..., None], 255, colours)),
        Case("moving.png", apng, picture()),
        Case("moving.webp", webp, picture()),
        Case("two_views.mpo", mpo, plain(saved(frames[0], "JPEG"))),
        Case("pages.tif", tiff, picture()),
        Case("gif_cut_in_frame_3.gif", gif[: len(gif) * 2 // 3], plain(gif)),
    ]


def _webps() -> list[Case]:
    p = picture()
    alpha = np.dstack([p, 255 - p[..., 0]])
    lossy = saved(Image.fromarray(p), "WEBP", quality=50)
    turned_data = saved(Image.fromarray(p), "WEBP", lossless=True, exif=exif_of(8))
    exact = saved(Image.fromarray(alpha), "WEBP", lossless=True, exact=True)
    return [
        Case("lossless.webp", saved(Image.fromarray(p), "WEBP", lossless=True), p),
        Case("lossy.webp", lossy, plain(lossy)),
        Case("alpha.webp", exact, on_white(alpha)),
        Case("turned.webp", turned_data, turned(p, 8)),
        Case("is_webp.jpg", lossy, plain(lossy)),
    ]


def _bitmaps() -> list[Case]:
    p = picture()
    g = grey(p)
    colours = Image.fromarray(p).quantize(16)
    return [
        Case("rgb.bmp", saved(Image.fromarray(p), "BMP"), p),
        Case("grey.bmp", saved(Image.fromarray(g), "BMP"), rgb(g)),
        Case("palette.bmp", saved(colours, "BMP"), np.array(colours.convert("RGB"))),
        Case("bits.bmp", saved(Image.fromarray(g > 99), "BMP"), rgb((g > 99) * np.uint8(255))),
        Case("plain.dib", saved(Image.fromarray(p), "DIB"), p),
    ]


def _tiffs() -> list[Case]:
    p = picture()
    g = grey(p)
    deep = (g.astype(np.uint16) << 8) + 77
    image, deep_grey = Image.fromarray(p), Image.fromarray(deep)
    alpha = np.dstack([p, p[..., 1]])
    cmyk = saved(image.convert("CMYK"), "TIFF")
    ycc = saved(image.convert("YCbCr"), "TIFF")
    packed = saved(image, "TIFF", compression="jpeg")
    cases = [
        Case(f"{kind}.tif", saved(image, "TIFF", compression=kind), p)
        for kind in ("raw", "tiff_lzw", "tiff_deflate", "packbits")
    ]
    return [
        *cases,
        Case("grey16.tif", saved(deep_grey, "TIFF"), rgb(g)),
        Case(
            "grey16_turned.tif", saved(deep_grey, "TIFF", tiffinfo={0x0112: 6}), turned(rgb(g), 6)
        ),
        Case("grey16_big.tiff", raw_tiff(deep.astype(">u2").tobytes(), *g.shape, bits=16), rgb(g)),
        Case("grey12.tif", raw_tiff(packed_twelve_bits(deep), *g.shape, bits=12), rgb(g)),
        Case("rgba.tif", saved(Image.fromarray(alpha), "TIFF"), on_white(alpha)),
        Case("turned.tif", saved(image, "TIFF", tiffinfo={0x0112: 6}), turned(p, 6)),
        Case("cmyk.tif", cmyk, plain(cmyk)),
        Case("ycc.tif", ycc, plain(ycc)),
        Case("jpeg_inside.tif", packed, plain(packed)),
        Case(
            "fax.tif",
            saved(Image.fromarray(g > 99), "TIFF", compression="group4"),
            rgb((g > 99) * np.uint8(255)),
        ),
    ]


def _modern() -> list[Case]:
    pillow_heif.register_heif_opener()
    image = Image.fromarray(picture(64, 96))
    avif, heic = saved(image, "AVIF", quality=80), saved(image, "HEIF", quality=80)
    return [
        Case("photo.avif", avif, plain(avif)),
        Case("IMG_0001.HEIC", heic, plain(heic)),
        Case("is_heic.jpg", heic, plain(heic)),
        Case("cut.avif", avif[: len(avif) * 2 // 3], reason="HEIC or AVIF"),
        Case("cut.heic", heic[: len(heic) * 2 // 3], reason="HEIC or AVIF"),
        Case("head.heic", heic[:24], reason="HEIC or AVIF"),
    ]


def _damaged() -> list[Case]:
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


def _bombs() -> list[Case]:
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


def _others() -> list[Case]:
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


if __name__ == "__main__":
    for case in all_cases():
        Path(sys.argv[1], case.name).write_bytes(case.data)
