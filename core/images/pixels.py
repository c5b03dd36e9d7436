"""From bytes that somebody brought to exact pixels, to our stored copy, to what a network is fed.

There is one path, for training and for prediction: `canonical`, `shrink`, `encode`, `read_copy`.
"""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageFile, ImageOps

from core.errors import UserError
from core.images import refusals, sixteen_bits, tiff_messages as many_bands, tiffs
from core.images.tiff_layouts import TiffError
from core.words import Message, say

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "AVIF", "HEIF")
STORED_SIDE = 512  # pixels of the shorter side of our copy, at most
LOSSLESS_SIDE = 128  # copies up to this shorter side are PNG
FULL_COLOUR_SIDE = 320  # copies below this shorter side keep colour at full resolution
THUMBNAIL_SIDE = 160
_LONGEST_JPEG = 65_500
_ORIENTATION = 0x0112  # EXIF


@dataclass(frozen=True, slots=True)
class Picture:
    """What was decoded: pixels (height, width, 3) uint8, its true kind, and what was changed."""

    pixels: np.ndarray
    kind: str
    changes: tuple[Message, ...] = ()


def canonical(data: bytes, bands: str = "") -> np.ndarray:
    """Decode to exact 8-bit RGB (height, width, 3) uint8; `UserError` says why that cannot be."""
    return decode(data, bands).pixels


def decode(data: bytes, bands: str = "") -> Picture:
    """Decode to exact 8-bit RGB and tell what was changed.

    Upright by EXIF, alpha on white, 16-bit scaled by 256, CMYK and colour profiles to sRGB, first
    frame only. Of many bands without a colour, ``bands="first"`` takes the first three. Raises
    `UserError` where the picture cannot be had exactly, or takes too much memory.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            found = tiffs.read(data, bands)
            with found.image if found else _opened(data) as image:
                return _decode(image, data, found)
    except UserError:
        raise
    except TiffError as error:
        raise many_bands.refusal(error) from None
    except Image.DecompressionBombError:
        raise refusals.too_large() from None
    except MemoryError:
        raise refusals.too_hungry() from None
    except Exception as error:  # decoders raise what they like on damaged files
        raise many_bands.diagnose_tiff(data, error) or refusals.diagnose(data, error) from error


@lru_cache(maxsize=1)
def _formats() -> tuple[str, ...]:
    import pillow_heif  # only now: importing this module registers nothing

    pillow_heif.register_heif_opener()
    return FORMATS


def _opened(data: bytes) -> ImageFile.ImageFile:
    return Image.open(BytesIO(data), formats=_formats())


def _decode(image: Image.Image, data: bytes, found: tiffs.Bands | None) -> Picture:
    kind, mode = image.format or "TIFF", image.mode
    width, height = image.size
    if width * height > refusals.MAX_PIXELS:
        raise refusals.too_large(width, height)
    if min(width, height) < 1:
        raise refusals.refuse(say("The picture has no pixels."))
    told = not found and kind == "TIFF"
    sideways = told and image.getexif().get(_ORIENTATION, 1) != 1  # undone by load()
    tiffs.mend_palette(image)
    packed = sixteen_bits.raw_mode(image)
    image.load()
    rgb, changes = _to_rgb(image, mode)
    if packed:
        with _opened(data) as again:
            changes = sixteen_bits.of_colours(image, again, packed) + changes
    if found:
        changes = many_bands.changes(found) + changes
    upright = ImageOps.exif_transpose(rgb) if _turn(image, rgb) else rgb
    if upright is not rgb or sideways:
        changes += (say("turned upright as the camera noted"),)
    if found.layout.more if found else _has_more_frames(image):
        frames = say("only the first of its frames is used")
        changes += (say(many_bands.PAGES) if kind == "TIFF" else frames,)
    return Picture(np.array(upright), kind, changes)


def _turn(image: Image.Image, rgb: Image.Image) -> bool:
    """Tell whether the camera was held turned, and note it on the converted picture."""
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF is no reason to refuse good pixels
        return False
    rgb.info.clear()
    rgb.getexif().clear()
    rgb.getexif()[_ORIENTATION] = orientation
    return orientation in range(2, 9)


def _has_more_frames(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # a damaged second frame does not matter
        return True


def _to_rgb(image: Image.Image, mode: str) -> tuple[Image.Image, tuple[Message, ...]]:
    if image.mode.startswith("I;16"):
        return sixteen_bits.to_rgb(image)
    if image.mode == "F":
        raise refusals.too_deep(say("floating-point"))
    if image.mode == "I":
        raise refusals.too_deep(say("32-bit"))
    if image.has_transparency_data:
        return _on_white(image)
    changes = (say("converted from {mode} colours", mode=mode),) if mode in _FOREIGN else ()
    return _to_srgb(image, changes)


_FOREIGN = ("CMYK", "LAB", "YCbCr", "HSV")


def _on_white(image: Image.Image) -> tuple[Image.Image, tuple[Message, ...]]:
    transparent = image.info.get("transparency")
    if isinstance(transparent, tuple) and max(transparent) > 255:  # of a 16-bit PNG
        image.info["transparency"] = tuple(value >> 8 for value in transparent)
    coloured = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(coloured, mask=coloured.getchannel("A"))
    white.info["icc_profile"] = image.info.get("icc_profile")
    rgb, changes = _to_srgb(white, ())
    if coloured.getchannel("A").getextrema() == (255, 255):
        return rgb, changes
    return rgb, (*changes, say("transparent parts were put on white"))


def _to_srgb(
    image: Image.Image, changes: tuple[Message, ...]
) -> tuple[Image.Image, tuple[Message, ...]]:
    """Convert to RGB, through the colour profile where there is one that says something else."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with _ignored_profile_errors():
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                target = ImageCms.createProfile("sRGB")
                converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
                if converted is not None:
                    return converted, (say("its colour profile was converted to sRGB"),)
    return (image if image.mode == "RGB" else image.convert("RGB")), changes


@contextmanager
def _ignored_profile_errors() -> Iterator[None]:
    """Treat a damaged colour profile as none."""
    try:
        yield
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return


def shrink(pixels: np.ndarray, side: int = STORED_SIDE) -> np.ndarray:
    """Bring the shorter side down to `side` (Lanczos after a box filter); smaller ones stay.

    (height, width, 3) uint8.
    """
    height, width = pixels.shape[:2]
    shorter = min(height, width)
    if shorter <= side:
        return pixels
    size = (max(1, round(width * side / shorter)), max(1, round(height * side / shorter)))
    image = Image.fromarray(pixels)
    return np.array(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def encode(pixels: np.ndarray) -> tuple[bytes, str]:
    """Make the stored copy and its suffix: PNG for small pictures, else JPEG 95.

    Colour is kept at half resolution (4:2:0) where that is still more than networks look at.
    ``pixels``: (height, width, 3) uint8.
    """
    height, width = pixels.shape[:2]
    buffer = BytesIO()
    if min(height, width) <= LOSSLESS_SIDE or max(height, width) > _LONGEST_JPEG:
        Image.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue(), ".png"
    sampling = "4:4:4" if min(height, width) < FULL_COLOUR_SIDE else "4:2:0"
    Image.fromarray(pixels).save(buffer, "JPEG", quality=95, subsampling=sampling)
    return buffer.getvalue(), ".jpg"


def read_copy(copy: Path | bytes, size: int) -> np.ndarray:
    """Read a stored copy as (size, size, 3) uint8: the whole picture, squeezed (bilinear).

    JPEG is decoded at the smallest scale of 1/8 steps that is not below `size`. Thread-safe.
    """
    source = BytesIO(copy) if isinstance(copy, bytes) else copy
    with Image.open(source, formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (size, size))
        rgb = image if image.mode == "RGB" else image.convert("RGB")
        return np.array(rgb.resize((size, size), Image.Resampling.BILINEAR))


def copy_of(data: bytes, bands: str = "") -> bytes:
    """Turn a picture to predict into the copy that training would have stored, for `read_copy`.

    Raises `UserError` where it cannot be decoded.
    """
    return encode(shrink(canonical(data, bands)))[0]


def thumbnail(pixels: np.ndarray) -> bytes:
    """Make a JPEG of (height, width, 3) uint8 for lists; its longer side is at most 160 pixels."""
    image = Image.fromarray(pixels)
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.HAMMING)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def content_id(pixels: np.ndarray) -> str:
    """Name pixels (height, width, 3) uint8: 32 hex characters of SHA-256 over shape and values."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()[:32]
