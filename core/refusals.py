"""Why bytes are not a picture that can be used, in words the user can act on."""

from core.errors import UserError
from core.words import Message, say

READABLE = "JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF, HEIC"
MAX_PIXELS = 50_000_000

_PICTURES = (  # how files of the readable kinds begin
    (b"\xff\xd8", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"miaf")
_OTHERS = (  # how files of other kinds begin
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xd0\xcf\x11\xe0", "Office"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"\x00\x00\x00\x0cjP", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x01\x00", "Windows icon"),
    (b"\x00\x00\x00\x0cJXL", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"DDS ", "DDS"),
    (b"SIMPLE  =", "FITS"),
    (b"II*\0\x10\0\0\0CR", "CR2 (camera raw)"),
    (b"\0\0\0\x18ftypcrx", "CR3 (camera raw)"),
    (b"IIRO", "ORF (camera raw)"),
    (b"IIRS", "ORF (camera raw)"),
    (b"IIU\0", "RW2 (camera raw)"),
    (b"FUJIFILMCCD-RAW", "RAF (camera raw)"),
    (b"\x89HDF", "HDF5"),
)


def refuse(what: Message, mend: Message | None = None) -> UserError:
    """Make the error for a picture that cannot be used."""
    return UserError(
        what,
        expected=say("Pictures of these kinds can be read: {kinds}.", kinds=READABLE),
        mend=mend or say("Open it in a picture viewer, save it again as JPEG, or leave it out."),
    )


def empty() -> UserError:
    """The file has no bytes."""
    return refuse(
        say("The file is empty (0 bytes)."),
        say("Copy it again from where it came, or leave it out."),
    )


def too_large(width: int = 0, height: int = 0) -> UserError:
    """The picture has more pixels than are decoded here; known sizes are named."""
    limit = MAX_PIXELS // 1_000_000
    if width and height:
        what = say(
            "The picture is too large: {width} x {height} pixels, over {limit} megapixels.",
            width=width,
            height=height,
            limit=limit,
        )
    else:
        what = say("The picture is too large: over {limit} megapixels.", limit=limit)
    return refuse(what, say("Make it smaller in a picture editor, or leave it out."))


def too_hungry() -> UserError:
    """Decoding took more memory than is given to one picture."""
    return refuse(
        say("Decoding the picture takes more memory than allowed: it is too large or damaged.")
    )


def too_deep(kind: Message) -> UserError:
    """The numbers in the file have no one meaning as brightness."""
    return refuse(
        say("The picture holds {kind} numbers, which have no fixed black and white.", kind=kind),
        say("Save it as an 8-bit or 16-bit picture with the brightness you want."),
    )


def diagnose(data: bytes, error: Exception) -> UserError:
    """Name what the bytes are, from how they begin and from what the decoder said."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not data.strip(b"\0"):
        return empty() if not data else refuse(say("The file holds only zero bytes."))
    if head.startswith(b"version https://git-lfs"):
        return _pointer()
    return _not_a_picture(data, head) or _damaged(data, error)


def _pointer() -> UserError:
    return refuse(
        say("This is not an image but a Git LFS pointer: the image itself was not downloaded."),
        say("Run 'git lfs pull' where it came from, then bring it in again."),
    )


def _not_a_picture(data: bytes, head: bytes) -> UserError | None:
    """Tell known kinds that are no readable picture; None for what begins like a picture."""
    lower = head[:512].lower()
    if b"<svg" in lower:
        return refuse(say("This is an SVG drawing, not an image made of pixels."))
    if lower.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head")):
        return refuse(say("This is not an image but a web page or XML text."))
    kind = next((kind for start, kind in _OTHERS if data.startswith(start)), "")
    if kind:
        return refuse(say("This is not a readable image but a file of kind {kind}.", kind=kind))
    return None


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "HEIC or AVIF" if data[8:12] in _BRANDS else ""
    return next((kind for start, kind in _PICTURES if data.startswith(start)), "")


def _damaged(data: bytes, error: Exception) -> UserError:
    kind = _kind(data)
    again = say("Copy it again from where it came, or leave it out.")
    if not kind:
        return refuse(say("This is not an image of a readable kind."))
    if "truncated" in str(error).lower() or "unexpected end" in str(error).lower():
        return refuse(say("The {kind} image is truncated: its end is missing.", kind=kind), again)
    return refuse(say("The {kind} image is damaged and cannot be decoded.", kind=kind), again)
