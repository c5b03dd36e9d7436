"""How right the presets are, beside what an expert would do with the same features.

``python run.py bench accuracy FOLDER ...`` takes folders of class folders and prints a table in
Markdown: the mean accuracy on the test parts of several splits, images of one group on one side.
All see the same backbone at the same size. A and B are the head solved on the images and on five
views of each, C and D the same learned from validation images too; A-quick has the shorter search
of quick; "steps" is balanced with Adam; guide and keras-tuned are what Keras' guide to transfer
learning does, its head and the whole network after it.

The first column is what the others are compared with: pairs of the same split, their error from
set to set. Presets are run as a user runs them; ``--only A B guide`` leaves them out. On a busy
machine set OPENBLAS_NUM_THREADS=1: threads that wait for each other take ten times as long.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks import frozen, recipes
from benchmarks.ours import WarmEngine
from benchmarks.recipes import RECIPES, Material
from core import datasets, files
from core.datasets import splits
from core.ingest import requests
from core.models import presets
from core.models.catalog import BACKBONES
from core.records import Dataset, ImageRecord
from core.runs import estimates
from core.runs.inference import Engine
from core.workspace import Workspace

PRESETS: Mapping[str, Mapping[str, str]] = {
    **{name: {"preset": name} for name in ("balanced", "quick", "thorough")},
    "steps": {"preset": "balanced", "optimizer": "adam"},
}
VIEWS = 4  # beside the image itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is measured."""

    names: tuple[str, ...]  # of recipes and presets, the one to compare with first
    backbone: str
    size: int  # pixels
    num_splits: int
    most: int  # images of a folder; 0: all


def bring_in(ws: Workspace, folder: Path, most: int) -> tuple[Dataset, list[ImageRecord]]:
    """Bring a folder in, and draw some of its images."""
    dataset = requests.run(ws, requests.begin(ws, folder.name), source=folder)
    records = list(datasets.images(ws, dataset.id))
    if most and len(records) > most:
        kept = np.random.default_rng(0).permutation(len(records))[:most]
        records = [records[i] for i in sorted(kept)]
    return dataset, records


def divided(ws: Workspace, dataset: Dataset, records: list[ImageRecord], seed: int) -> Dataset:
    """Make a data set of the same images, split anew."""
    labels, groups = [r.label for r in records], [r.group for r in records]
    parts = splits.assign(labels, groups, seed=seed)
    moved = [replace(r, split=part) for r, part in zip(records, parts, strict=True)]
    counts = tuple(replace(c, count=labels.count(c.name)) for c in dataset.classes)
    made = replace(
        dataset, id=f"{dataset.id}-{seed}", num_images=len(moved), classes=counts, warnings=()
    )
    folder = ws.dataset(made.id)
    folder.path.mkdir(parents=True)
    folder.images.symlink_to(ws.dataset(dataset.id).images)
    files.write_records(folder.listing(), moved)
    files.write_record(folder.record, made)
    return made


def scores(folder: Path, asked: Options) -> dict[str, list[float]]:
    """Give the accuracy of everything on each split of a folder."""
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as place:
        ws = Workspace(Path(place))
        dataset, records = bring_in(ws, folder, asked.most)
        made = [divided(ws, dataset, records, seed) for seed in range(asked.num_splits)]
        found = {name: [] for name in asked.names}
        if heads := [name for name in asked.names if name in RECIPES]:
            features, _ = frozen.look_at(
                ws, dataset, records, backbone=asked.backbone, size=asked.size, num_views=VIEWS
            )
            for material in materials(ws, made, features, asked):
                for name in heads:
                    found[name].append(material.score(RECIPES[name](material)))
        for name in set(PRESETS) & set(asked.names):
            found[name] = list(_tested(ws, made, name, asked))
        return found


def materials(
    ws: Workspace, made: Sequence[Dataset], features: np.ndarray, asked: Options
) -> Iterator[Material]:
    """Give what recipes learn from, split by split."""
    names = [c.name for c in made[0].classes]
    for seed, one in enumerate(made):
        records = datasets.images(ws, one.id)
        yield Material(
            features=features,
            labels=np.array([names.index(r.label) for r in records]),
            groups=tuple(r.group for r in records),
            contents=tuple(r.content for r in records),
            parts=np.array([r.split.value for r in records]),
            num_classes=len(names),
            seed=seed,
            copies=tuple(datasets.image_path(ws, one.id, r) for r in records),
            backbone=asked.backbone,
            size=asked.size,
        )


def _tested(ws: Workspace, made: Sequence[Dataset], name: str, asked: Options) -> Iterator[float]:
    """Train a preset on each split, and open its test part."""
    trainer, judge = WarmEngine(ws), Engine(ws)
    try:
        for seed, dataset in enumerate(made):
            num_train, _ = estimates.num_images(ws, dataset.id, 0, ())
            config = presets.configure(
                dataset.id,
                num_train=num_train,
                **PRESETS[name],
                backbone=asked.backbone,
                image_size=asked.size,
                seed=seed,
            )
            yield judge.test(trainer.train(config).run_id).test.accuracy
    finally:
        trainer.close()
        judge.close()


def table(found: dict[str, dict[str, list[float]]], names: Sequence[str]) -> str:
    """Set the means of sets against each other, with gains over the first column."""
    lines = [line(["", *names]), line(["---"] * (1 + len(names)))]
    for folder, by_name in found.items():
        lines.append(line([folder, *(f"{np.mean(by_name[n]):.3f}" for n in names)]))
    means = {n: np.array([np.mean(by_name[n]) for by_name in found.values()]) for n in names}
    lines.append(line(["**mean**", *(f"{means[n].mean():.3f}" for n in names)]))
    gains = [gain(means[n] - means[names[0]]) for n in names[1:]]
    lines.append(line([f"points over {names[0]} (se over sets)", "", *gains]))
    within = [
        gain(np.concatenate([np.subtract(b[n], b[names[0]]) for b in found.values()]))
        for n in names[1:]
    ]
    lines.append(line(["the same over all splits (se over splits)", "", *within]))
    return "\n".join(lines)


def gain(differences: np.ndarray) -> str:
    """Give a mean difference in points, with its error."""
    if len(differences) < 2:
        return f"{100 * differences.mean():+.1f}"
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return f"{100 * differences.mean():+.1f} ({100 * error:.1f})"


def line(cells: Sequence[str]) -> str:
    """Write a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def options(arguments: Sequence[str] | None) -> tuple[list[Path], Options]:
    """Read the command line."""
    known = (*PRESETS, *RECIPES)
    parser = argparse.ArgumentParser(prog="python run.py bench accuracy", description=__doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--only", nargs="+", choices=known, metavar="NAME", help=", ".join(known))
    parser.add_argument("--backbone", default="MobileNetV2-0.35", choices=BACKBONES)
    parser.add_argument("--size", type=int, default=224, help="pixels")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--most", type=int, default=0, metavar="N", help="images of a folder")
    given = parser.parse_args(arguments)
    return given.folders, Options(
        names=tuple(given.only or known),
        backbone=given.backbone,
        size=given.size,
        num_splits=given.splits,
        most=given.most,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every folder, one after another, and print the table so far."""
    folders, asked = options(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "sklearn" in asked.names and not recipes.has_sklearn():
        print(recipes.WITHOUT_SKLEARN)
        asked = replace(asked, names=tuple(name for name in asked.names if name != "sklearn"))
    found: dict[str, dict[str, list[float]]] = {}
    for folder in folders:
        found[folder.name] = scores(folder, asked)
        print(f"\n{asked.backbone} at {asked.size} pixels, {asked.num_splits} splits\n")
        print(table(found, asked.names), flush=True)


if __name__ == "__main__":
    main()
