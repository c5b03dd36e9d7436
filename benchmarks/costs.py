"""What heads cost in whole runs with a filled cache: ``python run.py bench costs FOLDER``.

The images of a folder of class folders, and the same turned, make a data set of so many; 70 % of
them are learned from. Each preset has its head solved, and learned in the steps that it had before:
seconds of the head and of the whole run, the least and the middle of a few, and the least that
processors worked on it, which other programs disturb less. Two seeds name the test images; the last
column is how many they name alike.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks.bench import table
from benchmarks.ours import Result, WarmEngine
from core import datasets, runs
from core.ingest import requests
from core.models import presets
from core.records import Dataset, Phase, Split, TrainConfig
from core.runs import estimates
from core.runs.inference import Engine
from core.workspace import Workspace

CASES: Mapping[str, Mapping[str, str | int]] = {
    "quick, solved": {"preset": "quick"},
    "quick, Adam, 15 epochs": {"preset": "quick", "optimizer": "adam", "epochs": 15},
    "balanced, solved": {"preset": "balanced"},
    "balanced, Adam, 40 epochs": {"preset": "balanced", "optimizer": "adam", "epochs": 40},
}
TURNS = (None, *(Image.Transpose(turn) for turn in (2, 3, 4, 0, 1, 5, 6)))
HEADER = (
    *("head", "seconds: least", "middle", "of processors", "run: least", "middle", "of processors"),
    "seeds alike",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A run, and the seconds of its head."""

    result: Result
    head: float


def turned(folder: Path, num: int, out: Path) -> Path:
    """Write so many images: those of a folder of class folders, then the same turned."""
    paths = sorted(path for path in folder.glob("*/*") if path.is_file())
    for i in range(min(num, len(paths) * len(TURNS))):
        turn, path = TURNS[i // len(paths)], paths[i % len(paths)]
        place = out / path.parent.name / f"{i:06d}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(path) as image:
            rgb = image.convert("RGB")
        (rgb if turn is None else rgb.transpose(turn)).save(place)
    return out


def measure(ws: Workspace, dataset: Dataset, backbone: str | None, repeats: int) -> None:
    """Print a row for every head; the first run of a preset fills the cache."""
    trainer, judge = WarmEngine(ws), Engine(ws)
    about = {
        "num_train": estimates.num_images(ws, dataset.id, 0, ())[0],
        "side": datasets.usual_side(ws, dataset.id),
        "backbone": backbone,
    }
    rows = []
    try:
        for name, chosen in CASES.items():
            configs = [
                presets.configure(dataset.id, **about, **chosen, seed=seed)
                for seed in range(1 + repeats)
            ]
            found = [_timed(ws, trainer, config) for config in configs]
            alike = _alike(ws, judge, dataset, [one.result.run_id for one in found[:2]])
            rows.append((name, *_cells(found[1:]), f"{alike:.1%}"))
    finally:
        trainer.close()
        judge.close()
    table(HEADER, *rows)


def _timed(ws: Workspace, trainer: WarmEngine, config: TrainConfig) -> Timed:
    result = trainer.train(config)
    epochs = runs.epochs(ws, result.run_id)
    return Timed(result=result, head=sum(e.seconds for e in epochs if e.phase is Phase.HEAD))


def _cells(found: Sequence[Timed]) -> Iterator[str]:
    results = [one.result for one in found]
    for by_clock, worked in (
        ([one.head for one in found], [r.head_processor_seconds for r in results]),
        ([r.seconds for r in results], [r.processor_seconds for r in results]),
    ):
        yield from (f"{value:.2f}" for value in (min(by_clock), median(by_clock), min(worked)))


def _alike(ws: Workspace, judge: Engine, dataset: Dataset, run_ids: Sequence[str]) -> float:
    """Give the share of the test images that two runs name alike."""
    images = datasets.images(ws, dataset.id)
    copies = [datasets.image_path(ws, dataset.id, i) for i in images if i.split is Split.TEST]
    one, other = ([p.label for p in judge.predict(run_id, copies)] for run_id in run_ids)
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(copies)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the data set and measure."""
    parser = argparse.ArgumentParser(prog="python run.py bench costs", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--images", type=int, default=4290, help="3,000 to learn from")
    parser.add_argument("--backbone", help="for all (default: what each preset takes)")
    parser.add_argument("--repeats", type=int, default=5, metavar="N")
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as place:
        written = turned(given.folder, given.images, Path(place) / "images")
        ws = Workspace(Path(place) / "workspace")
        dataset = requests.run(ws, requests.begin(ws, given.folder.name), source=written)
        print(f"{dataset.num_images} images in {len(dataset.classes)} classes")
        measure(ws, dataset, given.backbone, given.repeats)


if __name__ == "__main__":
    main()
