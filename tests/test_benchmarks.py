import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import accuracy, ours, photographs, recipes, solving
from benchmarks.recipes import Material
from core import datasets
from core.judging import solver
from core.records import Split
from core.workspace import Workspace

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write photographs once for all: it takes seconds, and they are only read."""
    return photographs.write(tmp_path_factory.mktemp("written") / "photographs", 48)


def test_every_photograph_is_another_file_of_about_500_pixels(written: Path):
    paths = sorted(written.rglob("*.jpg"))
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    num_classes = len(list((written / "train").iterdir()))
    assert len(digests) == len(paths) == 48 + num_classes * photographs.TEST
    for path in paths[::7]:
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert max(image.size) == 500


def test_both_sides_have_the_same_classes(written: Path):
    train, val = (sorted(p.name for p in (written / side).iterdir()) for side in ("train", "val"))

    assert train == val


def test_thaw_learns_from_the_very_images_that_the_other_recipe_learns_from(
    ws: Workspace, written: Path
):
    dataset = ours.ingest(ws, written)

    parts = Counter(image.split for image in datasets.images(ws, dataset.id))
    assert parts[Split.TRAIN] == len(list((written / "train").rglob("*.jpg")))
    assert parts[Split.VALIDATION] == len(list((written / "val").rglob("*.jpg")))


def test_an_unknown_part_is_named():
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True
    )

    assert said.returncode == 2
    assert "unknown: speed; parts are: ingest, extraction, head-only" in said.stderr


def test_memory_of_a_process_that_is_gone_is_zero():
    assert ours.anonymous_memory(2**30) == 0


def _material() -> Material:
    """Draw three classes in two views each, of which the last ten images are the test part."""
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 3
    features = np.eye(3)[labels][:, None] + 0.2 * rng.normal(size=(40, 2, 3))
    return Material(
        features=np.abs(features),
        labels=labels,
        groups=("",) * 40,
        contents=tuple(f"{i:03d}" for i in range(40)),
        parts=np.repeat(["train", "validation", "test"], [20, 10, 10]),
        num_classes=3,
        seed=0,
    )


@pytest.mark.parametrize("name", ["A", "B", "C", "D"])
def test_a_solved_recipe_learns_from_its_parts_alone(name: str):
    made = _material()
    closed = made.part("test") if name in "CD" else ~made.part("train")
    others = replace(made, labels=np.where(closed, 0, made.labels))

    answers = recipes.RECIPES[name](made)

    assert made.score(answers) == 1
    assert recipes.RECIPES[name](others) == pytest.approx(answers)


def test_recipes_stand_beside_the_first_in_pairs():
    found = {
        "birds": {"balanced": [0.5, 0.7], "A": [0.6, 0.8]},
        "tiles": {"balanced": [0.8, 0.8], "A": [0.8, 0.8]},
    }

    lines = accuracy.table(found, ["balanced", "A"]).splitlines()

    assert "| birds | 0.600 | 0.700 |" in lines
    assert "| **mean** | 0.700 | 0.750 |" in lines
    assert "| points over balanced (se over sets) |  | +5.0 (5.0) |" in lines
    assert "| the same over all splits (se over splits) |  | +5.0 (2.9) |" in lines


def test_without_scikit_learn_the_benchmark_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)

    assert not recipes.has_sklearn()
    assert "python -m pip install -r benchmarks/requirements.txt" in recipes.WITHOUT_SKLEARN
    assert (ROOT / "benchmarks" / "requirements.txt").exists()


def test_the_drawn_features_are_solved_as_a_run_solves_them():
    given, labels = solving.features(60)

    head, strength, iterations, converged = solving.solved(given, labels, "quick")

    assert converged
    assert strength in solver.STRENGTHS
    assert iterations > 1
    assert (head.probabilities(given).argmax(axis=1) == labels).mean() > 0.9
