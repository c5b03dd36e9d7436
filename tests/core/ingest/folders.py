"""Folders of pictures for ingests, and an ingest of one."""

from pathlib import Path

import numpy as np
from PIL import Image

from core.ingest import requests
from core.records import Dataset
from core.records.imports import Options
from core.workspace import Workspace


def ingest(ws: Workspace, source: Path, options: Options | None = None) -> Dataset:
    return requests.run(ws, requests.begin(ws), source=source, options=options)


def scene(seed: int) -> Image.Image:
    """Draw pictures that are no near-duplicates of each other."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((80, 60), Image.Resampling.BICUBIC)


def put(root: Path, *names: str, first: int = 0) -> Path:
    """Write one scene for each name."""
    for number, name in enumerate(names, start=first):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        scene(number).save(path)
    return root


def classes(dataset: Dataset) -> dict[str, int]:
    return {c.name: c.count for c in dataset.classes}


def many(label: str, count: int) -> list[str]:
    return [f"{label}/{n}.png" for n in range(count)]
