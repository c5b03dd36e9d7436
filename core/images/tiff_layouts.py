"""How a TIFF says that it is stored, and which of these ways are read here.

This needs NumPy and Pillow only: the script that is taken away with a model carries this text.
"""

import math
import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import TiffImagePlugin

MAX_BYTES = 400_000_000  # of one picture, unpacked
GREY, COLOURS, INKS = (0, 1), 2, 5  # photometric interpretations that are read here
BYTEWISE = (1, 5, 8, 32946, 32773, 34925, 50000)  # compressions that give back what was packed
PREDICTED = (5, 8, 32946, 34925, 50000)  # of these, those before which neighbours are subtracted
NUMBERS = {2: "signed {bits}-bit", 3: "floating-point", 5: "complex", 6: "complex"}
KINDS = {
    0: "grey",
    1: "grey",
    2: "RGB",
    3: "palette",
    5: "CMYK",
    6: "YCbCr",
    8: "CIELab",
    9: "ICCLab",
    10: "ITULab",
    32844: "LogL",
}
PACKINGS = {
    6: "JPEG",
    7: "JPEG",
    33003: "JPEG 2000",
    33004: "JPEG 2000",
    33005: "JPEG 2000",
    34712: "JPEG 2000",
    22610: "JPEG XR",
    34934: "JPEG XR",
    34887: "LERC",
    34933: "PNG",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
REASONS = {
    "raw": "it is a photo as a camera recorded it (camera raw)",
    "numbers": "its {kind} numbers have no fixed black and white",
    "bands": "it has {num} bands and does not say which are red, green and blue",
    "colours": "its {bits}-bit {kind} colours cannot be read",
    "packing": "its compression cannot be read: {kind}",
    "size": "it is too large: {width} x {height} pixels in {num} bands",
}


class TiffError(ValueError):
    """A TIFF picture that is not damaged and cannot be read; `reason` is a key of `REASONS`."""

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(REASONS[reason].format(**values))
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True, kw_only=True)
class TiffLayout:
    """How the first picture of a TIFF file says that it is stored."""

    width: int
    height: int
    bits: int  # of one number; 0 where the bands differ
    samples: int  # numbers of one pixel
    numbers: int  # 1: whole and not negative
    photometric: int
    planar: bool  # each band by itself, one after the other
    compression: int
    extras: tuple[int, ...]  # what bands beyond the colours are; 1 and 2: transparency
    more: bool  # pictures follow
    order: str  # of bytes: < or >
    tags: Any  # an `ImageFileDirectory_v2`

    @property
    def num_colours(self) -> int:
        """How many bands are colours, by what the file says; the first three of many."""
        if self.photometric in GREY:
            return 3 if self.is_multi_band else 1
        return 3 if self.photometric == COLOURS else 4

    @property
    def is_multi_band(self) -> bool:
        """Whether there are three bands and more of which none is said to be a colour."""
        return self.photometric in GREY and self.samples - self.has_alpha >= 3

    @property
    def has_alpha(self) -> bool:
        """Whether the band after the colours is transparency."""
        return self.extras[:1] in ((1,), (2,))

    @property
    def is_plain(self) -> bool:
        """Whether Pillow reads it right by itself."""
        if self.photometric not in (*GREY, COLOURS, INKS):
            return self.bits <= 8
        if self.samples == 1:
            return self.bits in (1, 2, 4, 8)
        fits = self.samples == self.num_colours + self.has_alpha and not self.is_multi_band
        contiguous = not self.planar or self.compression not in BYTEWISE
        return self.bits == 8 and fits and contiguous

    @property
    def is_tiled(self) -> bool:
        """Whether tiles are packed, not strips of whole rows."""
        return 324 in self.tags

    @property
    def data_tags(self) -> tuple[int, int]:
        """The tags that say where tiles or strips begin, and how long they are."""
        return (324, 325) if self.is_tiled else (273, 279)

    @property
    def num_together(self) -> int:
        """How many numbers of a pixel lie side by side."""
        return 1 if self.planar else self.samples

    @property
    def grid(self) -> tuple[int, int]:
        """How many tiles or strips lie side by side and one below the other."""
        width, height = self.tile
        return math.ceil(self.width / width), math.ceil(self.height / height)

    @property
    def row_bytes(self) -> int:
        """How many bytes a row of a tile or strip takes."""
        return math.ceil(self.tile[0] * self.num_together * self.bits / 8)

    @property
    def tile(self) -> tuple[int, int]:
        """The width and height of what is packed together: a tile, or a strip."""
        if self.is_tiled:
            return self.tags[322], self.tags[323]
        return self.width, min(self.tags.get(278, self.height), self.height)


def layout_of(data: bytes) -> TiffLayout | None:
    """Tell how a TIFF is stored; None for what is none, or too damaged to tell."""
    if data[:4] not in TiffImagePlugin.PREFIXES:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            return _layout(data)
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError):
        return None
    except struct.error:
        return None


def _layout(data: bytes) -> TiffLayout:
    tags: Any = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if data[2] == 43 else 8])
    file = BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    samples = int(tags.get(277, 1))
    bits, numbers = as_tuple(tags, 258, 1), as_tuple(tags, 339, 1)
    return TiffLayout(
        width=int(tags[256]),
        height=int(tags[257]),
        bits=bits[0] if len(set(bits[:samples])) == 1 else 0,
        samples=samples,
        numbers=numbers[0] if len(set(numbers)) == 1 else 0,
        photometric=int(tags.get(262, 1)),
        planar=samples > 1 and tags.get(284, 1) == 2,
        compression=int(tags.get(259, 1)),
        extras=as_tuple(tags, 338, 0) if 338 in tags else (),
        more=tags.next != 0,
        order="<" if tags.prefix == b"II" else ">",
        tags=tags,
    )


def as_tuple(tags: Any, tag: int, default: int) -> tuple[int, ...]:
    values = tags.get(tag, default)
    return tuple(int(v) for v in (values if isinstance(values, tuple) else (values,)))


def check_meaning(found: TiffLayout) -> None:
    """Refuse numbers that are no brightness, and raw photos, of which Pillow sees a thumbnail.

    Raises `TiffError`.
    """
    thumbnail = found.tags.get(254, 0) & 1 and 330 in found.tags
    if thumbnail or 50706 in found.tags or found.photometric in (32803, 34892):
        raise TiffError("raw")
    if found.numbers in NUMBERS:
        raise TiffError("numbers", kind=NUMBERS[found.numbers].format(bits=found.bits))
    if found.bits > 16:
        raise TiffError("numbers", kind=f"{found.bits}-bit")


def check_storage(found: TiffLayout) -> None:
    """Refuse what cannot be unpacked here, or would take too much memory, before it is tried.

    Raises `TiffError`, or ValueError where the file contradicts itself.
    """
    known = found.photometric in (*GREY, COLOURS, INKS) and found.numbers in (1, 4)
    if not known or not found.bits or found.samples < found.num_colours:
        raise unknown_colours(found)
    if found.compression not in BYTEWISE:
        kind = PACKINGS.get(found.compression, str(found.compression))
        raise TiffError("packing", kind=f"{kind}, {found.samples} x {found.bits} bits")
    (width, height), size = found.tile, (found.width, found.height)
    if min(width, height, *size) < 1 or found.tags.get(317, 1) not in (1, 2):
        raise ValueError("no such tiles")  # damaged
    pixels = math.prod(found.grid) * width * height
    if pixels * max(found.samples * found.bits, 8 * (found.num_colours + 1)) > 8 * MAX_BYTES:
        raise too_much_memory(found)


def unknown_colours(found: TiffLayout) -> TiffError:
    """What the numbers mean is not known here."""
    bits = sorted(set(as_tuple(found.tags, 258, 1)))
    kind = KINDS.get(found.photometric, str(found.photometric))
    return TiffError("colours", bits="/".join(map(str, bits)), kind=kind)


def too_much_memory(found: TiffLayout) -> TiffError:
    """Unpacking it would take too much memory."""
    return TiffError("size", width=found.width, height=found.height, num=found.samples)
