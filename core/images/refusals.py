"""Why bytes are not a picture that can be used, in words the user can act on."""

from core.errors import UserError
from core.images import signatures
from core.words import Message, nsay, say

READABLE = "JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF, HEIC"
MAX_PIXELS = 50_000_000


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


def too_many_bands(*, width: int, height: int, num: int) -> UserError:
    """The picture has so many bands that unpacking it takes more memory than is given to one."""
    return refuse(
        say(
            "The picture is too large: {width} x {height} pixels in {num} bands.",
            width=width,
            height=height,
            num=num,
        ),
        say("Make it smaller in a picture editor, or leave it out."),
    )


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
    kind = signatures.other(data)
    if kind:
        what = say("This is not a readable image but a file of kind {kind}.", kind=kind)
        return refuse(what, _mend(kind))
    return _begun_late(data)


def _mend(kind: str) -> Message | None:
    if kind in signatures.SCANS:
        return say("Open it in the program it is for, and save it as PNG with the window you want.")
    if kind in signatures.BRIGHT:
        return say("Open it in a photo program, and save it as JPEG with the exposure you want.")
    return None


def _begun_late(data: bytes) -> UserError | None:
    """Tell of a picture before which something was written, a line break as a rule."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    kind, num = signatures.picture(start), min(len(data), 64) - len(start)
    if not kind or not num:
        return None
    return refuse(
        nsay(
            "There is {num} stray byte before the {kind} image: a program wrote it wrongly.",
            "There are {num} stray bytes before the {kind} image: a program wrote it wrongly.",
            num=num,
            kind=kind,
        )
    )


def _damaged(data: bytes, error: Exception) -> UserError:
    kind, odd = signatures.picture(data), signatures.odd_jpeg(data)
    again = say("Copy it again from where it came, or leave it out.")
    if not kind:
        return refuse(say("This is not an image of a readable kind."))
    if kind == "JPEG" and odd:
        what = say("The picture is whole, but of a kind that cannot be read: {kind}.", kind=odd)
        return refuse(what, say("Open it in the program it is for, and save it as PNG."))
    if "truncated" in str(error).lower() or "unexpected end" in str(error).lower():
        return refuse(say("The {kind} image is truncated: its end is missing.", kind=kind), again)
    return refuse(say("The {kind} image is damaged and cannot be decoded.", kind=kind), again)
