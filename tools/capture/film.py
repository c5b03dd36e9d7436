"""A film out of screenshots: an animated WebP that is small enough for the first screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image

WIDTH = 800  # pixels
MOST_BYTES = 2_000_000
_QUALITIES = (70, 55, 40, 28)
_STILL = 0.7  # seconds that a picture without any change is shown, at most
_LAST = 2.5  # seconds of the last one


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot and the second it was taken at."""

    at: float
    data: bytes


def write(shots: Sequence[Shot], path: Path, *, seconds: float) -> int:
    """Write a film of about so many seconds; give its bytes. Waits are cut, the rest is faster."""
    kept = _changes(shots)
    times = [min(_STILL, after.at - shot.at) for shot, after in pairwise(kept)]
    faster = max(1.0, sum(times) / (seconds - _LAST))
    lengths = [max(20, round(1000 * time / faster)) for time in times] + [round(1000 * _LAST)]
    frames = [_frame(shot) for shot in kept]
    for quality in _QUALITIES:
        data = _packed(frames, lengths, quality)
        if len(data) <= MOST_BYTES:
            path.write_bytes(data)
            return len(data)
    raise ValueError(f"the film is larger than {MOST_BYTES} bytes at any quality")


def still(data: bytes, path: Path) -> None:
    """Write a screenshot as a small picture."""
    with Image.open(BytesIO(data)) as image:
        image.convert("RGB").save(path, "WEBP", quality=82, method=6)


def _changes(shots: Sequence[Shot]) -> list[Shot]:
    """Leave out what looks as the shot before it."""
    return [
        shot
        for number, shot in enumerate(shots)
        if not number or shot.data != shots[number - 1].data
    ]


def _frame(shot: Shot) -> Image.Image:
    with Image.open(BytesIO(shot.data)) as image:
        height = round(image.height * WIDTH / image.width)
        return image.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)


def _packed(frames: Sequence[Image.Image], lengths: Sequence[int], quality: int) -> bytes:
    buffer = BytesIO()
    frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=list(lengths),
        loop=0,
        quality=quality,
        method=4,
        minimize_size=True,
    )
    return buffer.getvalue()
