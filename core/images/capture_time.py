"""When a photograph was taken, by the clock of its camera: from EXIF, or from its name."""

import re
import warnings
from datetime import UTC, datetime
from io import BytesIO

from PIL import ExifTags, Image

from core.images import pixels

_FIRST_YEAR = 1990  # before digital cameras: a clock that was never set
_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)[-_ T.]([0-2]\d)[-_.:h]?([0-5]\d)"
    r"[-_.:m]?([0-5]\d)(?!\d{4})"
)


def taken_at(data: bytes) -> float:
    """Give when the shutter opened, in seconds since 1970 of the camera's clock; 0: not noted.

    Only the time is looked at: neither the place nor anything else of EXIF is kept. When a file
    was last changed says nothing: many are saved in one go.
    """
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(data), formats=pixels.FORMATS) as image,
        ):
            if image.format != "TIFF" and "exif" not in image.info:
                return 0.0  # else a PNG is decoded whole to look for it behind its pixels
            details = image.getexif().get_ifd(ExifTags.IFD.Exif)
    except Exception:  # damaged EXIF is no reason to refuse good pixels
        return 0.0
    moment = str(details.get(ExifTags.Base.DateTimeOriginal, ""))
    parts = str(details.get(ExifTags.Base.SubsecTimeOriginal, "")).strip()
    fraction = float(f"0.{parts}") if parts.isdecimal() and parts.isascii() else 0.0
    return _seconds(re.split(r"[:\s/.T-]+", moment.strip())[:6], fraction)


def from_name(name: str) -> float:
    """Give the time of a name such as ``IMG_20240501_120301.jpg``; 0 where it holds none."""
    found = _IN_NAME.search(name)
    return _seconds(found.groups()) if found else 0.0


def without_time(name: str) -> str:
    """Give a name without the time in it."""
    return _IN_NAME.sub("", name)


def _seconds(pieces: "tuple[str, ...] | list[str]", fraction: float = 0.0) -> float:
    try:
        year, month, day, hour, minute, second = map(int, pieces)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return 0.0
    return moment.timestamp() + fraction if year >= _FIRST_YEAR else 0.0
