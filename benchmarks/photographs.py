"""Photographs to measure with: crops of real ones where they are at hand, else drawn ones."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from core.images import sample

REAL = Path(__file__).parents[2] / "shared" / "data" / "trashnet"
SIDES = (500, 375)  # of a photograph, pixels
VALIDATION_SHARE = 0.15
TEST = 2  # of each class: with a test part given, both recipes train on the same images


def write(folder: Path, num: int) -> Path:
    """Write about ``num`` JPEGs into ``train`` and ``val``, one folder for each class in each.

    Crops of one photograph never stand on both sides. A few more lie in ``test``: without such,
    Thaw takes a test part from the training images, which the other recipe would train on.
    """
    sources = _real() if REAL.is_dir() else _drawn(folder.parent / "drawn")
    per_class = math.ceil(num / len(sources))
    jobs = []
    for name, paths in sorted(sources.items()):
        held_back = max(1, round(VALIDATION_SHARE * len(paths)))
        num_validation = round(VALIDATION_SHARE * per_class)
        jobs += _jobs(folder / "val" / name, paths[:held_back], num_validation)
        jobs += _jobs(folder / "test" / name, paths[held_back : held_back + 1], TEST)
        jobs += _jobs(folder / "train" / name, paths[held_back + 1 :], per_class - num_validation)
    with ThreadPoolExecutor() as pool:
        list(pool.map(_write_one, jobs))
    return folder


def _real() -> dict[str, list[Path]]:
    return {c.name: sorted(c.iterdir()) for c in sorted(REAL.iterdir()) if c.is_dir()}


def _drawn(folder: Path) -> dict[str, list[Path]]:
    return {name: sorted((folder / name).iterdir()) for name in sample.write(folder)}


def _jobs(folder: Path, paths: Sequence[Path], num: int) -> list[tuple[Path, Path, int]]:
    folder.mkdir(parents=True, exist_ok=True)
    return [(paths[i % len(paths)], folder / f"{i:05}.jpg", i) for i in range(num)]


def _write_one(job: tuple[Path, Path, int]) -> None:
    """Write one crop, turned, lit and mirrored differently from all others of its photograph."""
    source, target, number = job
    rng = np.random.default_rng((number, *source.name.encode()))
    with Image.open(source) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    share = rng.uniform(0.7, 1)
    width, height = (max(1, int(side * share)) for side in image.size)
    left = int(rng.integers(0, image.width - width + 1))
    top = int(rng.integers(0, image.height - height + 1))
    crop = image.crop((left, top, left + width, top + height)).rotate(
        float(rng.uniform(-8, 8)), Image.Resampling.BILINEAR
    )
    if rng.random() < 0.5:
        crop = ImageOps.mirror(crop)
    crop = ImageEnhance.Brightness(crop).enhance(float(rng.uniform(0.8, 1.2)))
    sides = SIDES if width >= height else SIDES[::-1]
    crop.resize(sides, Image.Resampling.LANCZOS).save(target, quality=90)
