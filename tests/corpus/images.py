"""Over ninety odd and hostile images: each with the exact pixels it must give, or why not.

``python -m tests.corpus.images FOLDER`` writes them as files.
"""

import struct
import sys
import warnings
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from tests.corpus import refused, tiffs
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
from tests.corpus.refused import Case


def all_cases() -> list[Case]:
    """Make every case, always the same."""
    with warnings.catch_warnings(action="ignore"):
        good = [*_pngs(), *_jpegs(), *_animations(), *_webps(), *_bitmaps(), *_tiffs()]
        good += [Case(name, data, found) for name, data, found in tiffs.readable()]
        odd = [Case(name, data, reason=reason) for name, data, reason in tiffs.refused()]
        return [
            *good,
            *_modern(),
            *refused.damaged(),
            *refused.bombs(),
            *refused.too_deep(),
            *odd,
            *refused.others(),
        ]


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


if __name__ == "__main__":
    for case in all_cases():
        Path(sys.argv[1], case.name).write_bytes(case.data)
