"""How many changed copies are found, and how many other pictures are called copies.

``python -m benchmarks.near_duplicates FOLDER ...`` prints a table as in
docs/decisions/near-duplicates.md for each folder of pictures. Of every tenth picture a changed copy
is put among all pictures of its folder.
"""

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from benchmarks.bench import table
from core.datasets import duplicates, similarity
from core.images import pixels
from core.ingest.decoding import decoder

EVERY = 10
Picture = Image.Image


def _saved(image: Picture, quality: int = 40) -> Picture:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def _small(image: Picture, side: int = 64) -> Picture:
    scale = side / min(image.size)
    width, height = (max(1, round(scale * length)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _cut(image: Picture, share: float) -> Picture:
    across, down = (round(share * length / 2) for length in image.size)
    return image.crop((across, down, image.width - across, image.height - down))


def _bright(image: Picture) -> Picture:
    return ImageEnhance.Brightness(image).enhance(1.1)


CHANGES: Mapping[str, Callable[[Picture], Picture]] = {
    "JPEG of quality 40": _saved,
    "64 pixels": _small,
    "brighter by 10 %": _bright,
    "cut by 3 %": lambda image: _cut(image, 0.03),
    "cut by 6 %": lambda image: _cut(image, 0.06),
    "all, cut by 3 %": lambda image: _saved(_small(_bright(_cut(image, 0.03)))),
}


def _signatures(path: Path) -> list[str]:
    """Give the signature of a picture, and of each changed copy."""
    image = Image.fromarray(pixels.canonical(path.read_bytes()))
    return [_look(image), *(_look(change(image)) for change in CHANGES.values())]


def _look(image: Picture) -> str:
    return decoder.signature(pixels.shrink(np.asarray(image)))


def _row(signatures: list[list[str]], change: int) -> tuple[str, int]:
    """Give how many copies are found, and how many pairs of other pictures are linked."""
    originals = [look[0] for look in signatures]
    indices = range(0, len(signatures), EVERY)
    copies = [signatures[index][change] for index in indices]
    groups = duplicates.joined(
        len(signatures) + len(copies), similarity.near_pairs([*originals, *copies])
    )
    group_of = {index: number for number, group in enumerate(groups) for index in group}
    found = sum(
        group_of.get(index, -1) == group_of.get(len(signatures) + number, -2)
        for number, index in enumerate(indices)
    )
    inside = [sum(index < len(signatures) for index in group) for group in groups]
    return f"{found} of {len(copies)}", sum(num * (num - 1) // 2 for num in inside)


def main() -> None:
    """Measure each folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_duplicates")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    for folder in parser.parse_args().folders:
        paths = sorted(path for path in folder.rglob("*.*") if path.is_file())
        if not paths:
            parser.error(f"there are no pictures in {folder}")
        with ProcessPoolExecutor() as pool:
            signatures = list(pool.map(_signatures, paths, chunksize=16))
        print(f"\n{folder.name}: {len(paths)} pictures")
        rows = [(title, *_row(signatures, index)) for index, title in enumerate(CHANGES, 1)]
        table(("the copy was", "found", "other pairs called copies"), *rows)


if __name__ == "__main__":
    main()
