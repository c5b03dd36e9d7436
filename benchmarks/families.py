"""One network of each family in every format, through the gate: ``bench export --families``.

What was found is written line by line; where it was stopped it goes on from there when it is asked
again with the same folder. The networks have the statistics of images, but no training
(`benchmarks.spread_weights`), at the smallest size from 96 pixels.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import ours
from benchmarks.bench import table
from core import datasets, runs
from core.errors import UserError
from core.exports import environments, store
from core.exports.formats import EXPORT_FORMATS, format_of
from core.models import presets
from core.models.catalog import BACKBONES, STARTER
from core.records import Dataset, Export, State
from core.records.choices import ExportFormat
from core.records.requests import TrainRun
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace

SMALLEST = (  # one of each family
    *("MobileNet-0.25", "MobileNetV2-0.35", "MobileNetV3Small", "EfficientNetB0"),
    *("EfficientNetV2B0", "NASNetMobile", "DenseNet121", "ResNet50", "ResNet50V2", "VGG16"),
    *("InceptionV3", "InceptionResNetV2", "Xception", "ConvNeXtTiny", STARTER),
)
FORMATS = tuple(entry for entry in EXPORT_FORMATS.values() if entry.runtime)
HEADER = ("family", *(entry.name for entry in FORMATS))
_OF_A_CLASS = 30  # images
_SPREAD_BY = 32  # images that give the statistics
_PROBLEM, _FILE = "problem", "families.jsonl"


def make_run(folder: Path, name: str) -> tuple[Workspace, str]:
    """Solve a head on a backbone whose features tell images apart, in a folder of its own.

    It sets ``$KERAS_HOME``, where the weights are written.
    """
    ws = Workspace(folder / name)
    if done := [run.id for run in runs.all_runs(ws) if run.card is not None]:
        return ws, done[0]
    backbone, dataset = BACKBONES[name], _dataset(folder / "pictures", ws)
    size = max(96, backbone.smallest_size)
    os.environ["KERAS_HOME"] = str(folder / "keras")
    if name != STARTER:
        _write_weights(folder / "keras" / "models", name, size, ws, dataset)
    config = presets.configure(dataset.id, preset="quick", backbone=name, image_size=size)
    run_id = runs.create(ws, config)
    with closing(EngineProcess("train", ws)) as process:
        process.ask(TrainRun(run_id=run_id))
    runs.set_state(ws, run_id, State.DONE)
    return ws, run_id


def _dataset(pictures: Path, ws: Workspace) -> Dataset:
    """Bring pictures in that any features tell apart: noise in three colours."""
    for colour, name in enumerate(("red", "green", "blue")):
        (pictures / name).mkdir(parents=True, exist_ok=True)
        for number in range(_OF_A_CLASS):
            rng = np.random.default_rng([colour, number])
            drawn = rng.integers(0, 120, (64, 64, 3), dtype=np.uint8)
            drawn[..., colour] += 120
            Image.fromarray(drawn).save(pictures / name / f"{number:02}.png")
    return ours.ingest(ws, pictures)


def _write_weights(models: Path, name: str, size: int, ws: Workspace, dataset: Dataset) -> None:
    """Write them by a process of its own, so that this one holds no network."""
    file = models / BACKBONES[name].weights_for(size).file
    models.mkdir(parents=True, exist_ok=True)
    images = datasets.images(ws, dataset.id)[:: max(1, dataset.num_images // _SPREAD_BY)]
    paths = [str(datasets.image_path(ws, dataset.id, image)) for image in images]
    command = [sys.executable, "-m", "benchmarks.spread_weights", name, str(size), str(file)]
    subprocess.run([*command, *paths], check=True)


def walk(folder: Path, names: Sequence[str], formats: Sequence[str] = ()) -> None:
    """Take families through formats that are installed, but those that were tried before.

    ``formats``: their names; none: all.
    """
    wanted = [format_of(name) for name in formats] or FORMATS
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / _FILE
    known = {(one["family"], one["format"]) for one in _read(results)}
    for name in names:
        left = [e for e in wanted if (name, e.name) not in known and not environments.missing([e])]
        for found in _tried(folder, name, left) if left else ():
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found) + "\n")
            print(found, flush=True)


def _tried(
    folder: Path, name: str, formats: Sequence[ExportFormat]
) -> Iterator[dict[str, str | float]]:
    """Try formats of a family, and tell of each."""
    ws, run_id = make_run(folder, name)
    with closing(Engine(ws)) as engine:
        for entry in formats:
            began, told = time.monotonic(), {"family": name, "format": entry.name}
            try:
                found = _facts(store.make(ws, run_id, entry.name, engine, lambda _: None))
            except UserError as error:
                found = {_PROBLEM: str(error)}
            yield {**told, **found, "seconds": round(time.monotonic() - began, 1)}


def _facts(made: Export) -> dict[str, str | float]:
    parity = made.parity
    assert parity is not None  # it was tried
    return {
        "answers": parity.images + parity.files,
        "same": round(parity.agreement * (parity.images + parity.files)),
        "difference": parity.max_difference,
        "megabytes": round(made.num_bytes / 1e6, 2),
        "milliseconds": parity.milliseconds,
    }


def _read(results: Path) -> list[dict[str, str | float]]:
    lines = results.read_text("utf-8").splitlines() if results.exists() else []
    return [json.loads(line) for line in lines]


def show(folder: Path, names: Sequence[str]) -> None:
    """Print a table of what was found: the largest difference, and how many name the same class."""
    found = {(one["family"], one["format"]): one for one in _read(folder / _FILE)}
    rows = [(n, *(_cell(found.get((n, e.name), {})) for e in FORMATS)) for n in names]
    table(HEADER, *rows)


def _cell(found: dict[str, str | float]) -> str:
    if _PROBLEM in found:
        return "refused"
    same, answers = found.get("same"), found.get("answers")
    share = "all" if same == answers else f"{same} of {answers}"
    return f"{found['difference']:.1e}, {share}" if found else ""
