"""Decode pictures in a child process that may be killed: python -m core.ingest.decoding.decoder.

It says that it is ready. Then it reads a length and that many bytes, and answers with a line of
JSON and the copies' bytes. What it is called with says what to do with many bands: "first".
"""

import faulthandler
import os
import signal
import struct
import sys
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from core import files
from core.errors import Problem, UserError
from core.images import capture_time, pixels, refusals
from core.words import Message

SECONDS = 20  # of a processor's time for one picture, where the system counts it
SHARPNESS_SIDE = 256
COLOURS_OF = 16_384  # pixels whose colours are counted
MOST = 0.95  # of them; the rest may be blurred edges, as JPEG makes them
MEMORY = 2 << 30  # bytes of address space, where the system keeps to it
LENGTH = struct.Struct("<Q")
READY = b"ready\n"  # said once, when pictures may come


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What became of one file's bytes; the copy and the thumbnail follow it on the pipe."""

    problem: Problem | None = None
    kind: str = ""
    content: str = ""
    suffix: str = ""
    width: int = 0
    height: int = 0
    signature: str = ""  # hex: perceptual hash, then a tiny picture
    sharpness: float = 0.0
    border: tuple[int, int, int] = (0, 0, 0)  # mean colour along the edges
    colours: int = 0  # exact ones that most pixels have; few in a mask
    changes: tuple[Message, ...] = ()
    taken_at: float = 0.0  # by the clock of the camera
    copy_bytes: int = 0
    thumbnail_bytes: int = 0


def main(bands: str = "") -> None:
    """Answer until the pipe closes; a picture that takes too long ends the process."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not spoil the answers
    _limit_memory()
    warm_up()
    answers.write(READY)
    answers.flush()
    while (length := sys.stdin.buffer.read(LENGTH.size)) and len(length) == LENGTH.size:
        data = sys.stdin.buffer.read(LENGTH.unpack(length)[0])
        _limit_time(SECONDS)
        answer(data, answers, bands)
        _limit_time(0)


def _limit_time(seconds: int) -> None:
    """End the process after so much work: on a machine with much else to do, an hour may pass."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
    elif seconds:  # Windows
        faulthandler.dump_traceback_later(seconds, exit=True)
    else:
        faulthandler.cancel_dump_traceback_later()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    given = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min((MEMORY, *given)), hard))


def warm_up() -> None:
    """Load every library before the first picture is timed."""
    small = np.zeros((8, 8, 3), np.uint8)
    pixels.canonical(pixels.encode(small)[0])
    signature(small)


def answer(data: bytes, stream: BinaryIO, bands: str = "") -> None:
    """Decode one file and write the answer."""
    copy = thumbnail = b""
    try:
        decoded, copy, thumbnail = decode(data, bands)
    except UserError as error:
        decoded = Decoded(problem=error.problem)
    except MemoryError:
        decoded = Decoded(problem=refusals.too_hungry().problem)
    stream.write(files.encode(decoded).encode("utf-8") + b"\n" + copy + thumbnail)
    stream.flush()


def decode(data: bytes, bands: str = "") -> tuple[Decoded, bytes, bytes]:
    """Make our copy and all that ingest wants to know of a picture."""
    picture = pixels.decode(data, bands)
    height, width = picture.pixels.shape[:2]
    content = pixels.content_id(picture.pixels)
    small = pixels.shrink(picture.pixels)
    copy, suffix = pixels.encode(small)
    thumbnail = pixels.thumbnail(small)
    decoded = Decoded(
        kind=picture.kind,
        content=content,
        suffix=suffix,
        width=width,
        height=height,
        signature=signature(small),
        sharpness=sharpness(small),
        border=border(small),
        colours=colours(picture.pixels),
        changes=picture.changes,
        taken_at=capture_time.taken_at(data),
        copy_bytes=len(copy),
        thumbnail_bytes=len(thumbnail),
    )
    return decoded, copy, thumbnail


def signature(small: np.ndarray) -> str:
    """Give the 64 bits of the perceptual hash and an 8 x 8 picture in colour, as hex.

    ``small``: (height, width, 3) uint8.
    """
    import imagehash

    image = Image.fromarray(small)
    tiny = image.resize((8, 8), Image.Resampling.BILINEAR)
    return str(imagehash.phash(image)) + tiny.tobytes().hex()


def sharpness(small: np.ndarray) -> float:
    """Give the variance of the Laplacian in grey levels, at 256 pixels at most.

    ``small``: (height, width, 3) uint8.
    """
    image = Image.fromarray(small).convert("L")
    image.thumbnail((SHARPNESS_SIDE, SHARPNESS_SIDE), Image.Resampling.BOX)
    grey = np.asarray(image, dtype=np.float32)
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    across, down = grey[1:-1, :-2] + grey[1:-1, 2:], grey[:-2, 1:-1] + grey[2:, 1:-1]
    return round(float((across + down - 4 * middle).var()), 2)


def border(small: np.ndarray) -> tuple[int, int, int]:
    """Give the mean colour along the four edges. ``small``: (height, width, 3) uint8."""
    edges = (small[0], small[-1], small[:, 0], small[:, -1])
    red, green, blue = np.concatenate(edges).mean(axis=0).round().astype(int).tolist()
    return red, green, blue


def colours(exact: np.ndarray) -> int:
    """Count the exact colours that hold nearly all of some pixels, evenly spread.

    ``exact``: (height, width, 3) uint8.
    """
    height, width = exact.shape[:2]
    step = max(1, int((height * width / COLOURS_OF) ** 0.5))
    some = exact[::step, ::step].reshape(-1, 3).astype(np.uint32)
    _, counts = np.unique(some[:, 0] << 16 | some[:, 1] << 8 | some[:, 2], return_counts=True)
    covered = np.cumsum(np.sort(counts)[::-1])
    return int(np.searchsorted(covered, MOST * covered[-1])) + 1


if __name__ == "__main__":
    main(*sys.argv[1:2])
