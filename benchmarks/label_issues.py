"""How many wrong labels are found, and how many of those shown are right.

``python -m benchmarks.label_issues FOLDER ...`` prints a table as in docs/decisions/label-issues.md
for each folder of class folders, whose labels are taken for right: then it makes 1, 5 and 10 % of
them wrong, by carelessness (any other class) and by confusion (classes the judge itself confuses).
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bench import table
from core import datasets
from core.datasets import features
from core.ingest import requests
from core.insights import label_issues, out_of_fold
from core.models import presets
from core.records import Dataset, Split
from core.runs.inference import Engine
from core.workspace import Workspace

SHARES = (0.01, 0.05, 0.1)
KINDS = ("careless", "confused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The features of a folder of images, with their labels and groups."""

    features: np.ndarray
    labels: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return sorted(set(self.labels))

    def judged(self, labels: Sequence[str]) -> np.ndarray:
        return out_of_fold.predict(self.features, labels, self.names, groups=self.groups)


def load_images(ws: Workspace, dataset: Dataset) -> Images:
    """Have the engine look at the images, as the Data page does."""
    engine = Engine(ws)
    try:
        engine.embed(presets.configure(dataset.id, preset="quick"))
    finally:
        engine.close()
    vectors = features.load(ws, dataset) or {}
    images = [i for i in datasets.images(ws, dataset.id) if i.split is not Split.TEST]
    return Images(
        features=np.stack([vectors[i.content] for i in images]).astype(np.float32),
        labels=tuple(i.label for i in images),
        groups=tuple(i.group for i in images),
    )


def plant(
    images: Images, answers: np.ndarray, share: float, kind: str, rng: np.random.Generator
) -> tuple[list[str], set[int]]:
    """Give the labels with so many wrong ones, and where those are."""
    names, labels = images.names, list(images.labels)
    chosen = rng.choice(len(labels), max(1, round(share * len(labels))), replace=False).tolist()
    for index in chosen:
        weights = answers[index].copy() if kind == "confused" else np.ones(len(names))
        weights[names.index(labels[index])] = 0
        labels[index] = str(rng.choice(names, p=weights / weights.sum()))
    return labels, set(chosen)


def rows(images: Images, repeats: int) -> Iterator[tuple[str, ...]]:
    """Measure each kind and share; the first row is of the labels as they are."""
    answers = images.judged(images.labels)
    yield ("none", "0", "0", *_counted(images, [(list(images.labels), set(), answers)]))
    for kind in KINDS:
        for share in SHARES:
            trials = []
            for seed in range(repeats):
                rng = np.random.default_rng([seed, round(100 * share), KINDS.index(kind)])
                labels, wrong = plant(images, answers, share, kind, rng)
                trials.append((labels, wrong, images.judged(labels)))
            planted = sum(len(wrong) for _, wrong, _ in trials) / repeats
            yield (kind, f"{share:.0%}", f"{planted:.0f}", *_counted(images, trials))


def _counted(
    images: Images, trials: Sequence[tuple[list[str], set[int], np.ndarray]]
) -> tuple[str, ...]:
    """Give the judge's accuracy, issues a trial, and which share of them is right and is found."""
    names = np.array(images.names)
    right = [np.mean(names[a.argmax(axis=1)] == np.array(labels)) for labels, _, a in trials]
    shown = hits = planted = 0
    for labels, wrong, answers in trials:
        indices = {s.index for s in label_issues.find_label_issues(labels, answers, images.names)}
        shown, hits = shown + len(indices), hits + len(indices & wrong)
        planted += len(wrong)
    return (
        f"{np.mean(right):.2f}",
        f"{shown / len(trials):.1f}",
        f"{hits / shown:.2f}" if shown and planted else "-",
        f"{hits / planted:.2f}" if planted else "-",
    )


HEADER = ("wrong labels", "share", "planted", "judge", "issues", "of them right", "of wrong found")


def measure(ws: Workspace, dataset: Dataset, repeats: int) -> None:
    """Print the table of one data set."""
    images = load_images(ws, dataset)
    print(f"\n{dataset.name}: {len(images.labels)} images in {len(images.names)} classes")
    table(HEADER, *rows(images, repeats))


def main() -> None:
    """Measure each folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_issues")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="of each trial")
    options = parser.parse_args()
    for folder in options.folders:
        with tempfile.TemporaryDirectory(prefix="thaw-bench-") as index:
            ws = Workspace(Path(index))
            measure(ws, requests.run(ws, requests.begin(ws), source=folder), options.repeats)


if __name__ == "__main__":
    main()
