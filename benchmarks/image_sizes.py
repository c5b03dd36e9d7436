"""What each image size is worth, and what it costs: ``python run.py bench image-sizes FOLDER ...``.

Frozen features of each size, with the head that presets solve on them (recipe A), on splits made
as the product makes them. With ``--most 100 500`` so many images of a folder are drawn for each
split and those not drawn are test images too, so that a small test part does not blur the answer.
Below stands what the features of an image cost: milliseconds of one processor.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import accuracy, frozen, recipes
from benchmarks.recipes import Material
from core.datasets import splits
from core.models.catalog import BACKBONES
from core.records import ImageRecord, Split
from core.workspace import Workspace

SIZES = (224, 96, 128, 160)  # the first is what the others are compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of a folder: by name of the set and size, and what an image costs by size."""

    accuracies: dict[str, dict[str, list[float]]]
    milliseconds: dict[str, float]


def drawn(records: Sequence[ImageRecord], features: np.ndarray, num: int, seed: int) -> Material:
    """Draw so many images, 0 for all, and split them. What is left is test, if no copy is drawn.

    `features`: (images, 1, dimensions).
    """
    labels, groups = [r.label for r in records], [r.group for r in records]
    names = sorted(set(labels))
    order = np.random.default_rng(seed).permutation(len(records))
    inside = sorted(order[: num or len(records)].tolist())
    own, together = ([values[i] for i in inside] for values in (labels, groups))
    parts = np.array([Split.TEST.value if g not in {*together} - {""} else "" for g in groups], "O")
    parts[inside] = [part.value for part in splits.assign(own, together, seed=seed)]
    return Material(
        features=features,
        labels=np.array([names.index(label) for label in labels]),
        groups=tuple(groups),
        contents=tuple(r.content for r in records),
        parts=parts.astype(str),
        num_classes=len(names),
        seed=seed,
    )


def measure(
    folder: Path, backbone: str, sizes: Sequence[int], most: Sequence[int], num_splits: int
) -> Found:
    """Measure a folder at every size, in every number of images."""
    sets = {f"{folder.name}, {num}" if num else folder.name: num for num in most}
    found = Found(accuracies={name: {} for name in sets}, milliseconds={})
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as place:
        ws = Workspace(Path(place))
        dataset, records = accuracy.bring_in(ws, folder, 0)
        for size in sizes:
            features, cost = frozen.look_at(ws, dataset, records, backbone=backbone, size=size)
            found.milliseconds[str(size)] = cost
            for name, num in sets.items():
                if num < len(records):
                    seeds = range(num_splits)
                    made = [drawn(records, features, num, seed) for seed in seeds]
                    found.accuracies[name][str(size)] = [
                        one.score(recipes.solved(one)) for one in made
                    ]
    return found


def table(found: Sequence[tuple[str, Found]], sizes: Sequence[int]) -> str:
    """Set sizes against each other, with the gains over the first by set and what they cost."""
    names = [str(size) for size in sizes]
    sets = {k: v for _, one in found for k, v in one.accuracies.items() if v}
    lines = [accuracy.table(sets, names)]
    for folder, one in found:
        costs = [f"{one.milliseconds[name]:.1f}" for name in names]
        lines.append(accuracy.line([f"{folder}: ms an image", *costs]))
    for name, by_size in sets.items():
        gains = [accuracy.gain(np.subtract(by_size[n], by_size[names[0]])) for n in names[1:]]
        lines.append(accuracy.line([f"{name}: points over {names[0]} (se)", "", *gains]))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every folder, one after another, and print the table so far."""
    parser = argparse.ArgumentParser(prog="python run.py bench image-sizes", description=__doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--backbone", default="MobileNetV2-0.35", choices=BACKBONES)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="PIXELS")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--most", nargs="+", type=int, default=[0], metavar="N", help="0: all")
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    found: list[tuple[str, Found]] = []
    for folder in given.folders:
        one = measure(folder, given.backbone, given.sizes, given.most, given.splits)
        found.append((folder.name, one))
        print(f"\n{given.backbone}, {given.splits} splits\n")
        print(table(found, given.sizes), flush=True)


if __name__ == "__main__":
    main()
