"""What is said of TIFF pictures: what was done for one, why another cannot be read, what to ask."""

from PIL import UnidentifiedImageError

from core.errors import UserError
from core.images import refusals, sixteen_bits
from core.images.tiff_layouts import PACKINGS, TiffError, layout_of, unknown_colours
from core.images.tiffs import Bands
from core.words import Message, mark, say

CHOICES = ("first", "refuse")  # what may be done with pictures of more bands than colours
UNNAMED = mark(
    "The TIFF picture has {num} bands and does not say which are red, green and blue: scientific "
    "cameras write such files."
)
PAGES = mark("only the first of its pages, which may be layers or channels, is used")
TAKEN = mark("its first three of {num} bands were taken as red, green and blue")


def changes(found: Bands) -> tuple[Message, ...]:
    """Tell what was done to make a picture of a TIFF."""
    layout, said = found.layout, list[Message]()
    if layout.bits > 8:
        said.append(sixteen_bits.scaled(found.levels, layout.bits - 8))
    if layout.is_multi_band:
        said.append(say(TAKEN, num=layout.samples))
    elif layout.samples > found.num_taken:
        said.append(
            say(
                "bands beyond its colours were left out: {num}",
                num=layout.samples - found.num_taken,
            )
        )
    return tuple(said)


def refusal(error: TiffError) -> UserError:
    """Say why a TIFF picture that is whole cannot be used, and what to do."""
    reason, values = error.reason, error.values
    if reason == "numbers":
        return refusals.too_deep(_numbers(str(values["kind"])))
    if reason == "size":
        return refusals.too_many_bands(**{name: int(values[name]) for name in values})
    what, mend = _SENTENCES[reason]
    return refusals.refuse(say(what, **values), say(mend))


def diagnose_tiff(data: bytes, error: Exception) -> UserError | None:
    """Say of a TIFF that Pillow cannot decode that it is stored in a way that is not read here."""
    found = layout_of(data)
    if found is None or found.data_tags[0] not in found.tags:
        return None
    if PACKINGS.get(found.compression, "JPEG") != "JPEG":
        return refusal(TiffError("packing", kind=PACKINGS[found.compression]))
    if isinstance(error, UnidentifiedImageError) and min(found.width, found.height) > 0:
        return refusal(unknown_colours(found))
    return None


_SENTENCES = {
    "bands": (
        UNNAMED,
        mark(
            "Bring the data set in with the first three bands as red, green and blue "
            "(--bands first), or save three bands as a colour picture."
        ),
    ),
    "colours": (
        mark("The TIFF picture holds {bits}-bit colours of the kind {kind}, which cannot be read."),
        mark("Save it as a TIFF or PNG in RGB or grey."),
    ),
    "packing": (
        mark("The TIFF picture is whole, but its compression cannot be read: {kind}."),
        mark("Save it as a TIFF with LZW or Deflate compression, or as PNG."),
    ),
    "raw": (
        mark("This is not a readable image but a photo as the camera recorded it (camera raw)."),
        mark("Develop it in a photo program, and save it as JPEG or PNG."),
    ),
}


def _numbers(kind: str) -> Message:
    if kind == "floating-point":
        return say("floating-point")
    if kind == "complex":
        return say("complex")
    if kind.startswith("signed"):
        return say("signed {bits}-bit", bits=kind.split()[1].removesuffix("-bit"))
    return say("{bits}-bit", bits=kind.removesuffix("-bit"))


def asks(message: Message) -> bool:
    """Tell whether a reason says that ``bands="first"`` would let the picture in."""
    inner = (value for _, value in message.values if isinstance(value, Message))
    return message.text == UNNAMED or any(asks(value) for value in inner)
