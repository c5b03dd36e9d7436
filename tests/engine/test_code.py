"""The code of a run, executed, comes to the model of the run: the proof that it says all of it."""

import contextlib
import io
import json
import re
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from core import datasets, files, runs
from core.exports.code import packing
from core.images import pixels
from core.records import ModelCard, State, TrainConfig
from core.workspace import Workspace
from tests import builders
from tests.core.ingest.folders import ingest
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]

SIZE, NUM = 96, 300
SOLVED = TrainConfig(
    dataset_id="", backbone="ThawStarter", image_size=SIZE, optimizer="solve", preset="quick"
)
TUNED = replace(
    SOLVED,
    optimizer="adam",
    freeze="block_14",
    epochs=3,
    batch_size=30,  # of 210 images: every batch is whole, and nothing is traced twice
    fine_tune_epochs=2,
    learning_rate=0.01,
    fine_tune_learning_rate=0.001,
    layer_decay=0.8,
    schedule="cosine",
    augmentation="light",
    class_weights=True,
    hidden_units=16,
    dropout=0.0,  # whose numbers are others here
    patience=3,
)


def write_pictures(folder: Path) -> Path:
    """Write 300 pictures of three classes that can be mixed up, of satellites if there are."""
    tiles = builders.SHARED / "data" / "eurosat"
    for name in ("AnnualCrop", "PermanentCrop", "HerbaceousVegetation"):
        (folder / name).mkdir(parents=True)
        given = sorted((tiles / name).glob("*.jpg"))[: NUM // 3]
        for number in range(NUM // 3):
            path = folder / name / f"{number} of {name}.png"
            if given:
                Image.open(given[number]).save(path)
            else:
                builders.write_image(path, colour=len(name), seed=number, size=64)
    return folder


@dataclass(frozen=True)
class Made:
    """A run, and what its code came to."""

    ws: Workspace
    run_id: str
    folder: Path  # of the code
    printed: str

    @property
    def loss(self) -> float:
        """Give the validation loss of the code."""
        return float(re.findall(r"^loss (\S+) accuracy", self.printed, re.MULTILINE)[-1])

    @property
    def loss_of_run(self) -> float:
        """Give the validation loss of the run."""
        return float(runs.epochs(self.ws, self.run_id)[-1].val_loss or 0)

    def probabilities(self) -> tuple[np.ndarray, np.ndarray]:
        """Have the model of the run and that of the code answer about every image."""
        config = files.read_record(self.ws.run(self.run_id).card, ModelCard).config
        images = datasets.images(self.ws, config.dataset_id)
        copies = [datasets.image_path(self.ws, config.dataset_id, image) for image in images]
        seen = np.array([pixels.read_copy(copy, config.image_size) for copy in copies])
        first, second = (
            keras.saving.load_model(path, compile=False).predict(seen, verbose=0)
            for path in (self.ws.run(self.run_id).model, self.folder / "model.keras")
        )
        return first, second


Make = Callable[[TrainConfig], Made]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Train a run on the pictures, write its code and execute that on the same pictures."""
    root = tmp_path_factory.mktemp("code")
    pictures, ws = write_pictures(root / "pictures"), Workspace(root / "workspace")
    dataset = ingest(ws, pictures)

    def made(config: TrainConfig) -> Made:
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
        keras.utils.clear_session()  # as in a process of its own
        runpy.run_path(str(script), run_name="__main__")
    return printed.getvalue()


def test_a_solved_head_comes_out_as_in_the_run(make: Make):
    made = make(SOLVED)

    run, code = made.probabilities()

    assert made.loss == pytest.approx(made.loss_of_run, abs=0.01)
    assert (run.argmax(axis=1) == code.argmax(axis=1)).mean() >= 0.99


def test_fine_tuning_comes_out_as_in_the_run(make: Make):
    made = make(TUNED)

    run, code = made.probabilities()

    assert made.loss == pytest.approx(made.loss_of_run, abs=0.03)
    assert (run.argmax(axis=1) == code.argmax(axis=1)).mean() >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("views", ["none", "standard"])
def test_a_solved_head_comes_out_alike_with_any_seed_and_from_views(make: Make, views: str):
    for seed in (1, 2, 3):
        made = make(replace(SOLVED, seed=seed, augmentation=views, num_views=2))
        run, code = made.probabilities()

        assert made.loss == pytest.approx(made.loss_of_run, abs=0.01)
        assert (run.argmax(axis=1) == code.argmax(axis=1)).mean() >= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["solve", "adamw"])
def test_fine_tuning_comes_out_alike_over_three_seeds(make: Make, optimizer: str):
    hidden = 0 if optimizer == "solve" else 16
    config = replace(TUNED, optimizer=optimizer, hidden_units=hidden, dropout=0.2)

    made = [make(replace(config, seed=seed)) for seed in (1, 2, 3)]

    apart = np.array([one.loss - one.loss_of_run for one in made])
    assert abs(apart.mean()) <= max(0.03, 3 * apart.std(ddof=1) / len(apart) ** 0.5)


RARE = {
    "two classes by one number, the third left out": {
        "output": "sigmoid",
        "left_out": ("PermanentCrop",),
        "optimizer": "sgd",
    },
    "solved for two classes": {
        "output": "sigmoid",
        "left_out": ("PermanentCrop",),
        "optimizer": "solve",
        "hidden_units": 0,
        "fine_tune_epochs": 0,
        "freeze": "all",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RARE)
def test_rare_settings_come_out_as_in_the_run(make: Make, name: str):
    made = make(replace(TUNED, **RARE[name]))

    run, code = made.probabilities()

    assert made.loss == pytest.approx(made.loss_of_run, abs=0.03)
    named = [p[:, 0] > 0.5 if p.shape[1] == 1 else p.argmax(axis=1) for p in (run, code)]
    assert (named[0] == named[1]).mean() >= 0.95


@pytest.mark.slow
def test_the_cells_of_a_notebook_come_to_the_same_model(make: Make, monkeypatch):
    made = make(SOLVED)
    packing.export(made.ws, made.run_id, format="notebook", out=made.folder / "train.ipynb")
    (made.folder / "pictures").symlink_to(made.ws.root.parent / "pictures")
    cells = json.loads((made.folder / "train.ipynb").read_text("utf-8"))["cells"]
    monkeypatch.chdir(made.folder)
    (made.folder / "model.keras").unlink()

    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)

    run, code = made.probabilities()
    assert (run.argmax(axis=1) == code.argmax(axis=1)).mean() >= 0.99
