"""Runs whose code is written and executed on the same pictures, to be compared with them."""

import contextlib
import csv
import io
import re
import runpy
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from core import datasets, files, runs
from core.exports.code import packing
from core.images import pixels
from core.records import Dataset, ModelCard, State, TrainConfig
from core.records.choices import CLASSIFICATION
from core.records.imports import Options
from core.workspace import Workspace
from tests import builders
from tests.core.ingest.folders import ingest
from tests.engine import jobs

NUM = 300
TILES = builders.SHARED / "data" / "eurosat"
MIXED_UP = ("AnnualCrop", "PermanentCrop", "HerbaceousVegetation")
ALONE, IN_GROUPS = "{number} of {label}.png", "{label} {group}_{number}.png"  # of two


def write_pictures(folder: Path, labels: Sequence[str], name: str) -> Path:
    """Write 300 pictures of some classes, of satellites if there are."""
    for label in labels:
        (folder / label).mkdir(parents=True)
        given = sorted((TILES / label).glob("*.jpg"))[: NUM // len(labels)]
        for number in range(NUM // len(labels)):
            path = folder / label / name.format(label=label, number=number, group=number // 2)
            if given:
                Image.open(given[number]).save(path)
            else:
                builders.write_image(path, colour=len(label), seed=number, size=64)
    return folder


def write_numbers(folder: Path, pictures: Path) -> Path:
    """Give the same pictures a number each: how bright their middle is."""
    with (folder / "list.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "brightness"])
        for path in sorted(pictures.rglob("*.png")):
            name = path.relative_to(pictures).as_posix().replace("/", " ")
            (folder / name).hardlink_to(path)
            middle = np.asarray(Image.open(path).convert("L"))[16:48, 16:48]
            table.writerow([name, f"{middle.mean() - 100:.1f}"])  # of which some are below 0
    return folder


@dataclass(frozen=True)
class Made:
    """A run, and what its code came to."""

    ws: Workspace
    run_id: str
    folder: Path  # of the code
    printed: str

    @property
    def card(self) -> ModelCard:
        """Give what the run says of its model."""
        return files.read_record(self.ws.run(self.run_id).card, ModelCard)

    @property
    def loss(self) -> float:
        """Give the validation loss of the code."""
        return float(re.findall(r"^loss (\S+) ", self.printed, re.MULTILINE)[-1])

    @property
    def loss_of_run(self) -> float:
        """Give the validation loss of the run, of the epoch that became its model."""
        card, epochs = self.card, runs.epochs(self.ws, self.run_id)
        ended = [e for e in epochs if str(e.phase) == card.kept_phase]
        return float(ended[-1].val_loss or 0)

    @property
    def apart(self) -> float:
        """Give how much higher the loss of the code is; of numbers, that of standardised ones."""
        target = self.card.target
        return (self.loss - self.loss_of_run) / (target.deviation**2 if target else 1)

    @property
    def agreement(self) -> float:
        """Give the share of all images that both models name alike."""
        run, code = map(_named, self.answers())
        return float((run == code).mean())

    @property
    def r2(self) -> float:
        """Give the share of the spread of numbers that the code explains."""
        return float(re.findall(r" R2 (\S+)", self.printed)[-1])

    @property
    def farthest(self) -> float:
        """Give how far apart both answers are at most; of numbers, as a share of their spread."""
        run, code = self.answers()
        target = self.card.target
        return float(np.abs(run - code).max() / (target.deviation if target else 1))

    def answers(self) -> tuple[np.ndarray, np.ndarray]:
        """Have the model of the run and that of the code answer about every image."""
        config = self.card.config
        images = datasets.images(self.ws, config.dataset_id)
        copies = [datasets.image_path(self.ws, config.dataset_id, image) for image in images]
        seen = np.array([pixels.read_copy(copy, config.image_size) for copy in copies])
        run, code = self.ws.run(self.run_id).model, self.folder / "model.keras"
        return _asked(run, seen), _asked(code, seen)


def _asked(path: Path, seen: np.ndarray) -> np.ndarray:
    model = keras.saving.load_model(path, compile=False)
    model.jit_compile = False
    answers: np.ndarray = model.predict(seen, batch_size=len(seen), verbose=0)
    return answers


def _named(probabilities: np.ndarray) -> np.ndarray:
    one = probabilities.shape[1] == 1
    return probabilities[:, 0] > 0.5 if one else probabilities.argmax(axis=1)


Make = Callable[[TrainConfig], Made]


def maker(root: Path, labels: Sequence[str] = MIXED_UP, *, group_by: str = "") -> Make:
    """Give what trains a run on pictures, writes its code and executes that on the same.

    What was made is kept. A run of numbers learns from the same pictures: their features are there.
    """
    named = IN_GROUPS if group_by else ALONE
    pictures, ws = write_pictures(root / "pictures", labels, named), Workspace(root / "workspace")

    @cache
    def brought_in(task: str) -> tuple[Path, Dataset]:
        if task == CLASSIFICATION:
            return pictures, ingest(ws, pictures, Options(group_by=group_by))
        (root / "numbers").mkdir()
        folder = write_numbers(root / "numbers", pictures)
        return folder, ingest(ws, folder, Options(target="column:brightness"))

    @cache
    def made(config: TrainConfig) -> Made:
        pictures, dataset = brought_in(config.task)
        run_id, ended = jobs.run(ws, replace(config, dataset_id=dataset.id))
        assert ended == "done"
        runs.set_state(ws, run_id, State.DONE)
        folder = root / run_id
        folder.mkdir()
        packing.export(ws, run_id, format="code", out=folder / "train.py")
        return Made(ws, run_id, folder, executed(folder / "train.py", pictures))

    return made


def executed(script: Path, pictures: Path) -> str:
    """Run a script as a user does, but for a process of its own; give what it prints."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(sys, "argv", [str(script), str(pictures)])
        patch.syspath_prepend(script.parent)  # where data.py lies, if there is one
        sys.modules.pop("data", None)
        keras.utils.clear_session()  # as in a process of its own
        runpy.run_path(str(script), run_name="__main__")
    return printed.getvalue()


def is_chance(made: Sequence[Made]) -> bool:
    """Tell whether runs of several seeds and their code differ by chance alone, or by little."""
    apart = np.array([one.apart for one in made])
    error = apart.std(ddof=1) / len(apart) ** 0.5
    print(f"apart {apart.round(4)}: {apart.mean():.4f} with a standard error of {error:.4f}")
    return bool(abs(apart.mean()) <= max(0.03, 3 * error))
