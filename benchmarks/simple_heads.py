"""Heads on frozen features, on folders of class folders.

``python run.py bench classifiers FOLDER ...`` judges each simple classifier fold by fold, as the
table in docs/decisions/classifiers.md has it. ``bench curves FOLDER ...`` draws learning curves of
the same images, dealt and drawn anew each time, and says from their points up to 40 % what all
images come to: docs/decisions/studies.md.
"""

import argparse
import hashlib
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.bench import table
from core import datasets
from core.datasets import features
from core.ingest import requests
from core.judging import folds, paired, solver
from core.judging.classifiers import fitting
from core.judging.design import prepare
from core.judging.evaluation import draws, learning_curve
from core.judging.evaluation.draws import Images, JudgedDraws
from core.models import presets
from core.runs.inference import Engine
from core.workspace import Workspace

POINTS = learning_curve.FROM + 1  # of a curve, up to 40 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What the beginning of a curve says of its end."""

    expected: float
    low: float
    high: float
    seen: float

    @property
    def holds(self) -> bool:
        """Tell whether the band holds what was seen."""
        return self.low <= self.seen <= self.high


def classifiers(arguments: Sequence[str]) -> None:
    """Print a table of the classifiers for each folder."""
    for name, images, num_classes in _folders("classifiers", arguments)[0]:
        print(f"\n{name}: {len(images.labels)} images in {num_classes} classes")
        table(("classifier", "right", "alone", "linear alone", "p", "loss"),
              *_compared(images, num_classes))  # fmt: skip


def curves(arguments: Sequence[str]) -> None:
    """Print what was foretold and what was seen, for each folder."""
    folders, repeats = _folders("curves", arguments)
    for name, images, num_classes in folders:
        found = [foretold(shuffled(images, seed), num_classes) for seed in range(repeats)]
        print(f"\n{name}: {len(images.labels)} images in {num_classes} classes")
        rows = [
            (f"{one.expected:.3f}", f"{one.low:.3f}-{one.high:.3f}", f"{one.seen:.3f}", one.holds)
            for one in found
            if one is not None
        ]
        table(("foretold", "band", "seen", "holds"), *rows)
        print(f"{sum(row[-1] for row in rows)} of {repeats} bands hold what was seen", flush=True)


def foretold(images: Images, num_classes: int) -> Foretold | None:
    """Say from up to 40 % of the images what all come to; None where the points follow no law."""
    seen = draws.judged(images, list(draws.solve(images, num_classes)))
    begun = JudgedDraws(learned=seen.learned[:POINTS], right=seen.right[:POINTS])
    found = learning_curve.prospect(begun, images.groups, seen.learned[-1])
    score = float(seen.right[-1].mean())
    if found is None:
        return None
    return Foretold(expected=found.value, low=found.low, high=found.high, seen=score)


def shuffled(images: Images, seed: int) -> Images:
    """Give the images under other names, by which they are dealt and drawn."""
    names = (hashlib.sha256(f"{seed} {one}".encode()).hexdigest() for one in images.contents)
    return replace(images, contents=tuple(names))


def _folders(part: str, arguments: Sequence[str]) -> tuple[Iterator[tuple[str, Images, int]], int]:
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {part}", description=__doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--repeats", type=int, default=10, metavar="N", help="of each curve")
    options = parser.parse_args(arguments)
    return map(_seen, options.folders), options.repeats


def _seen(folder: Path) -> tuple[str, Images, int]:
    """Have the engine look at a folder, the test part left out."""
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as home:
        ws = Workspace(Path(home))
        dataset = requests.run(ws, requests.begin(ws), source=folder)
        engine = Engine(ws)
        try:
            engine.embed(presets.configure(dataset.id, preset="quick"))
        finally:
            engine.close()
        vectors = features.load(ws, dataset) or {}
        records = [i for i in datasets.images(ws, dataset.id) if i.content in vectors]
        names = sorted({record.label for record in records})
        images = Images(
            features=np.stack([vectors[i.content] for i in records]).astype(np.float32),
            labels=np.array([names.index(i.label) for i in records], np.int64),
            groups=tuple(i.group for i in records),
            contents=tuple(i.content for i in records),
        )
    return dataset.name, images, len(names)


def _compared(images: Images, num_classes: int) -> Iterator[tuple[str, ...]]:
    """Judge each classifier on the same folds, and beside the linear head."""
    dealt = folds.deal(images.labels.tolist(), images.groups, images.contents)
    given = (images.features, images.labels, dealt, num_classes)
    ways: dict[str, Callable[[], np.ndarray]] = {
        "linear": lambda: _linear(images, dealt, num_classes),
        "class-mean": lambda: fitting.held_out("class-mean", *given).logits,
        "knn": lambda: fitting.held_out("knn", *given).logits,
    }
    first = None
    for name, judge in ways.items():
        logits = judge()
        right = logits.argmax(axis=1) == images.labels
        first = right if first is None else first
        found = paired.compare(first, right, images.groups)
        loss = f"{_loss(logits, images.labels):.2f}"
        counts = (str(found.fixed), str(found.broke), f"{found.p:.1g}")
        yield name, f"{right.mean():.3f}", *counts, loss


def _linear(images: Images, dealt: np.ndarray, num_classes: int) -> np.ndarray:
    """Solve a head for each fold, its strength chosen inside the others."""
    logits = np.zeros((len(dealt), num_classes))
    for number in range(folds.NUMBER):
        inside = np.flatnonzero(dealt != number)
        design, labels = prepare(images.features[inside]), images.labels[inside]
        told = ([of[i] for i in inside] for of in (images.groups, images.contents))
        inner = folds.deal(labels.tolist(), *told)
        trials = tuple(solver.search(design, labels, inner, num_classes=num_classes))
        steps = solver.solve(design, labels, solver.best(trials), num_classes=num_classes)
        head = design.head(deque(steps, maxlen=1)[0].weights)
        logits[dealt == number] = head.logits(images.features[dealt == number])
    return logits


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    logits = logits - logits.max(axis=1, keepdims=True)
    told = logits[np.arange(len(labels)), labels] - np.log(np.exp(logits).sum(axis=1))
    return float(-told.mean())
