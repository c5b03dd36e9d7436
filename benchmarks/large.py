"""Whether time stays a straight line and memory flat: ``python run.py bench large``.

Draws small images, up to 100,000 of them, and goes the whole way with an eighth, a quarter, half
and all: brings them in, trains quickly, opens the Data page and what is to be checked there, has
Predict name as many others, and opens its page. Each step is a process of its own. Printed are the
seconds of processors for 1,000 images, so that others at work on the machine count little, and the
most memory that one of its processes took.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.bench import table
from core import datasets, files, runs
from core.batch_predictions.folder import folder_of
from core.records.batches import BatchRequest, BatchStage, BatchState
from core.runs.engine_process import ROOT
from core.workspace import Workspace

CLASSES, SIDE, COARSE = 10, 64, 6  # COARSE: pixels of the blobs that an image is made of
COPY_EVERY = 100  # images, of which one is the one before it, a little brighter
BATCH = "large"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step took."""

    seconds: float  # of processors, of all its processes
    megabytes: float  # of its largest process, at the peak


Costs = dict[str, Cost]  # by step


def draw(folder: Path, numbers: range, seed: int) -> None:
    """Write images of these numbers into one folder for each class, those of before stay."""
    for label in range(CLASSES):
        (folder / f"class {label}").mkdir(parents=True, exist_ok=True)
    some = [range(first, min(first + 500, numbers.stop)) for first in numbers[::500]]
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_draw, folder, seed), some))


def _draw(folder: Path, seed: int, numbers: range) -> None:
    for number in numbers:
        label = number // 2 % CLASSES  # so that a copy is of the class of its original
        pixels = _blobs(number, label, seed)
        Image.fromarray(pixels).save(folder / f"class {label}" / f"{number:06}.jpg", quality=90)


def _blobs(number: int, label: int, seed: int) -> np.ndarray:
    """Draw soft blobs, in one of three of them the colour of the class: (64, 64, 3) uint8."""
    is_copy = number % COPY_EVERY == 1
    rng = np.random.default_rng((seed, number - is_copy))
    coarse = rng.uniform(40, 200, (COARSE, COARSE, 3))
    own = np.random.default_rng(label).uniform(40, 200, 3)
    coarse[rng.random((COARSE, COARSE)) < 1 / 3] = own
    image = Image.fromarray((coarse + 8 * is_copy).astype(np.uint8))
    soft = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC), float)
    return (soft + rng.normal(0, 6, (SIDE, SIDE, 1))).clip(0, 255).astype(np.uint8)


def measure(home: Path, num: int) -> Iterator[tuple[str, Cost]]:
    """Go the whole way with so many of the images that lie there, and tell of each step."""
    ws, core = Workspace(home / f"workspace-{num}"), ("-m", "core")
    there = ("--workspace", str(ws.root))
    yield "bring in", spent(*core, "ingest", str(home / "images"), *there)[0]
    [dataset_id] = datasets.ids(ws)
    page = ("-m", "benchmarks.large_pages", str(ws.root))
    yield from _of_page("Data", *spent(*page, "data"))
    yield from _of_page("Check", *spent(*page, "data", "part=check"))
    yield "train", spent(*core, "train", dataset_id, "--preset", "quick", *there)[0]
    [run_id] = runs.ids(ws)
    asked(ws, run_id, home / "others")
    yield "predict", spent("-m", "core.batch_predictions", str(ws.root), BATCH)[0]
    yield from _of_page("Predict", *spent(*page, "predict", "source=folder", f"batch={BATCH}"))


def asked(ws: Workspace, run_id: str, folder: Path) -> None:
    """Ask for answers to the images of a folder, as the page does, but start no process."""
    card = runs.get(ws, run_id).card
    request = BatchRequest(
        run_id=run_id,
        labels=card.labels if card else (),
        name="others",
        created_at=time.time(),
        sources=(str(folder),),
    )
    folder_of(ws, BATCH).path.mkdir(parents=True)
    files.write_record(folder_of(ws, BATCH).state, BatchState(stage=BatchStage.WAITING))
    files.write_record(folder_of(ws, BATCH).request, request)


def spent(*words: str) -> tuple[Cost, str]:
    """Run Python with these words; give what it and its children took, and what it printed."""
    locks = Path(tempfile.gettempdir()) / "thaw-bench-locks"
    with tempfile.NamedTemporaryFile("w+") as told:
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.spent", told.name, *words],
            cwd=ROOT,
            env={"THAW_LOCKS": str(locks), **os.environ},
            stdout=subprocess.PIPE,
            check=True,
        )
        said = Path(told.name).read_text()
    code, seconds, kilobytes = json.loads(answer.stdout)
    if code:
        raise SystemExit(f"error: {' '.join(words)} ended with {code}: {said[-2000:]}")
    return Cost(seconds, kilobytes / 1000), said


def _of_page(name: str, cost: Cost, said: str) -> Iterator[tuple[str, Cost]]:
    """Tell apart what a page took at each press; its memory is that of all together."""
    presses: Mapping[str, float] = json.loads(said.splitlines()[-1])
    for press, seconds in presses.items():
        yield f"{name}: {press}", Cost(seconds, cost.megabytes)


def rows(found: Mapping[int, Costs]) -> Iterator[Sequence[object]]:
    """Give a row for each step and number of images, with what it is beside the fewest."""
    yield "step", "images", "s for 1,000", "beside the fewest", "MB", "KB more an image"
    fewest = min(found)
    for step in found[fewest]:
        first = found[fewest][step]
        for num, costs in found.items():
            cost = costs[step]
            more = (cost.megabytes - first.megabytes) / max(num - fewest, 1) * 1000
            ratio = cost.seconds / num / max(first.seconds / fewest, 1e-9)
            thousand = f"{1000 * cost.seconds / num:.3f}"
            yield step, num, thousand, f"x{ratio:.2f}", f"{cost.megabytes:.0f}", f"{more:.1f}"


def main(arguments: Sequence[str]) -> None:
    """Draw, measure and print, a table after each number of images."""
    parser = argparse.ArgumentParser(prog="python run.py bench large", description=__doc__)
    parser.add_argument("--images", type=int, default=100_000, help="the most (default: 100,000)")
    where = "where to work, and leave all for a look (default: a folder that is deleted)"
    parser.add_argument("--folder", type=Path, help=where)
    options = parser.parse_args(arguments)
    counts, found = [options.images // part for part in (8, 4, 2, 1)], dict[int, Costs]()
    with tempfile.TemporaryDirectory(prefix="thaw-bench-", dir=options.folder) as folder:
        home, drawn = options.folder or Path(folder), 0
        for num in counts:
            for name, seed in (("images", 1), ("others", 2)):
                draw(home / name, range(drawn, num), seed)
            drawn, found[num] = num, {}
            for step, cost in measure(home.resolve(), num):
                found[num][step] = cost
                said = f"{num} images, {step}: {cost.seconds:.1f} s, {cost.megabytes:.0f} MB"
                print(said, file=sys.stderr, flush=True)  # all of them take hours
            table(*rows(found))
