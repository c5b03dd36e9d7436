"""Predict as Thaw does: python predict.py PHOTO_OR_FOLDER ... [--csv FILE] [--model FILE]

The libraries that it needs stand in requirements.txt: those of the model's format, and Pillow.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.exports.answers import HERE, Card, NoAnswerError, answering
from core.exports.openers import Model, opened_model
from core.images.tiffs import mend_palette, read

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "AVIF", "HEIF")
MOST_PIXELS = 50_000_000  # of a photo
_SHOWN = "backslashreplace"  # so that a name which cannot be written ends nothing
TOO_LARGE = f"it has more than {MOST_PIXELS // 1_000_000} million pixels"


def main(arguments: list[str]) -> int:
    """Print what the model says of every photo; give 1 where one has no answer, else 0.

    Raises `SystemExit` where there is no photo.
    """
    parser = argparse.ArgumentParser(description="Say what is in photos, or in folders of them.")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO_OR_FOLDER")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table, too")
    parser.add_argument("--model", default="", metavar="FILE", help="which of several models")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_SHOWN)
    found = [*photos(options.photos)]
    if not found:
        raise SystemExit("There is no photo in these folders.")
    card, model = described(), opened_model(HERE, name=options.model)
    rows = [answer(model, card, path) for path in found]
    if options.csv:
        table = options.csv.open("w", newline="", encoding="utf-8-sig", errors=_SHOWN)
        with table as file:
            writer = csv.writer(file)
            head = ["file", *answering(card).columns(card), "error"]
            writer.writerows([[safe(cell) for cell in row] for row in (head, *rows)])
    return int(any(row[-1] for row in rows))


def described() -> Card:
    """Read what model.json says of the model. Raises `SystemExit` where it says nothing."""
    try:
        card: Card = json.loads((HERE / "model.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"model.json is missing beside this script, or damaged: {error}") from None
    return card


def photos(paths: list[Path]) -> Iterator[Path]:
    """Give files as they are, and of folders what is in them, in the order of their names."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in inside if not file.is_dir() and file.name[0] != ".")


def answer(model: Model, card: Card, path: Path) -> list[Any]:
    """Say what is in a photo, and give its row of the table."""
    task = answering(card)
    try:
        image = pixels(path, card["config"]["image_size"], card["bands"])
        said = task.answer(model, card, image)
    except Exception as error:  # the others are still answered
        failed = "has no answer:" if isinstance(error, NoAnswerError) else "could not be read:"
        print(path, failed, why(error), file=sys.stderr)
        return [path, *("" for _ in task.columns(card)), why(error)]
    print(path, said.line)
    return [path, *said.cells, ""]


def safe(cell: Any) -> Any:
    """Keep spreadsheets from taking a name for a formula."""
    is_formula = isinstance(cell, str | Path) and str(cell).startswith(tuple("=+-@\t\r"))
    return f"'{cell}" if is_formula else cell


def why(error: Exception) -> str:
    """Say in words what a library says in its own language."""
    if isinstance(error, UnidentifiedImageError):
        return "it is not an image"
    if isinstance(error, Image.DecompressionBombError):
        return TOO_LARGE
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return str(error)


def pixels(photo: str | Path | bytes, size: int, bands: str = "") -> np.ndarray:
    """Give what the network is fed: (size, size, 3), float32 in 0..255.

    ``photo``: its path, or its bytes. As in training: the shorter side is at most 512, stored as
    JPEG, then squeezed to a square.
    """
    image, copy = rgb(photo, bands), BytesIO()
    short = min(image.size)
    if short > 512:
        width, height = (round(side * 512 / short) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    sampling = "4:4:4" if min(image.size) < 320 else "4:2:0"
    kind = "JPEG" if min(image.size) > 128 and max(image.size) <= 65500 else "PNG"
    Image.fromarray(np.array(image)).save(copy, kind, quality=95, subsampling=sampling)
    stored = Image.open(copy)
    stored.draft("RGB", (size, size))
    return np.array(stored.resize((size, size), Image.Resampling.BILINEAR), np.float32)


def rgb(photo: str | Path | bytes, bands: str = "") -> Image.Image:
    """Read a picture upright, in 8 bits, on white, in sRGB: an RGB image.

    Raises ValueError or OSError where it cannot be read, or not exactly.
    """
    data = photo if isinstance(photo, bytes) else Path(photo).read_bytes()
    image = opened(data, bands)
    if image.width * image.height > MOST_PIXELS:
        raise ValueError(TOO_LARGE)
    mend_palette(image)
    image.load()
    if image.mode in ("I", "F"):
        raise ValueError("its numbers have no fixed black and white")
    if image.mode.startswith("I;16"):
        image = eight_bits(image)
    image = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        white, image = Image.new("RGB", image.size, "white"), image.convert("RGBA")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    if profile and image.mode in ("RGB", "CMYK"):
        image = in_srgb(image, profile)
    return image.convert("RGB")


def opened(data: bytes, bands: str) -> Image.Image:
    """Open a picture; a TIFF that Pillow alone would not read right is read here.

    Gives it in any mode of Pillow, not loaded yet.
    """
    found = read(data, bands)
    if found is not None:
        return found.image
    try:
        import pillow_heif

        pillow_heif.register_heif_opener()
    except ImportError:
        pass  # photos of iPhones (HEIC) then need converting
    Image.init()
    return Image.open(BytesIO(data), formats=[kind for kind in FORMATS if kind in Image.OPEN])


def eight_bits(image: Image.Image) -> Image.Image:
    """Bring grey of 16 bits to 8; the value that stands for a hole becomes white.

    Mode I;16 becomes L.
    """
    turned, hole = image.getexif().get(274, 1), image.info.get("transparency")
    values = np.asarray(image).astype(np.uint16)
    grey = Image.fromarray(np.where(values == hole, 255, values >> 8).astype(np.uint8))
    grey.getexif()[274] = turned
    return grey


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Bring the colours of a profile to sRGB; a damaged profile is none.

    From mode RGB or CMYK to RGB.
    """
    try:
        source: Any = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target: Any = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
