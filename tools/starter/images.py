"""The images the starter learns from: drawn ones, photographs that are not kept out, and crops."""

import multiprocessing
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.starter import procedural

Pixels = NDArray[np.uint8]
Pool = tuple[Image.Image, ...]

SHARES = {"trashnet": 0.42, "eurosat": 0.2, "mnist_png": 0.03}
"""How much of a batch each folder of photographs fills; drawn images fill the rest."""

IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}


def is_kept_out(file: Path) -> bool:
    """Say whether a file is for measuring only: every fruit, and half of the other sets."""
    return file.parent.parent.name == "fruit_ms" or bool(zlib.crc32(file.read_bytes()) % 2)


def list_images(folder: Path) -> list[Path]:
    """List the images in the class folders of a data set, in order."""
    return sorted(file for file in folder.glob("*/*") if file.suffix.lower() in IMAGE_SUFFIXES)


def photographs(data: Path) -> dict[str, Pool]:
    """Decode the photographs that may be trained on, by data set."""
    return {
        name: tuple(
            Image.open(file).convert("RGB")
            for file in list_images(data / name)
            if not is_kept_out(file)
        )
        for name in SHARES
    }


def batches(data: Path, drawn: Path, *, seed: int, batch: int, size: int) -> Iterator[Pixels]:
    """Give batches of random crops without end: (batch, size, size, 3), uint8."""
    random = np.random.default_rng(seed)
    pools, canvases = photographs(data), np.load(drawn, mmap_mode="r")
    names, shares = [*SHARES, "drawn"], [*SHARES.values(), 1 - sum(SHARES.values())]
    while True:
        crops = []
        for name in random.choice(names, size=batch, p=shares):
            if name == "drawn":
                image = Image.fromarray(canvases[random.integers(len(canvases))])
            else:
                image = pools[name][random.integers(len(pools[name]))]
            crops.append(crop(random, image, size=size))
        yield np.stack(crops)


def crop(random: np.random.Generator, image: Image.Image, *, size: int) -> Pixels:
    """Take a random resized crop: 0.1 to 1 of the area, sides 3:4 to 4:3, either flip."""
    area = image.width * image.height * random.uniform(0.1, 1)
    ratio = float(np.exp(random.uniform(np.log(3 / 4), np.log(4 / 3))))
    width = min(image.width, (area * ratio) ** 0.5)
    height = min(image.height, (area / ratio) ** 0.5)
    left, top = random.uniform(0, image.width - width), random.uniform(0, image.height - height)
    box = (left, top, left + width, top + height)
    filters = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)
    small = image.resize((size, size), filters[random.integers(2)], box=box, reducing_gap=2.0)
    pixels = np.asarray(small)[:: random.choice((-1, 1))]
    return pixels[:, :: random.choice((-1, 1))]


def write_drawn(out: Path, *, number: int, size: int) -> None:
    """Draw `number` images on every core and keep them as one array of bytes."""
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as workers:
        drawn = workers.map(partial(procedural.draw, size=size), range(number), chunksize=20)
        np.save(out, np.stack(list(drawn)))
