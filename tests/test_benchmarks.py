import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import (
    accuracy,
    costs,
    gpu,
    image_sizes,
    ours,
    photographs,
    recipes,
    solving,
)
from benchmarks.recipes import Material
from core import datasets
from core.judging import solver
from core.records import ImageRecord, Split
from core.workspace import Workspace
from tests import builders

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


@pytest.mark.parametrize("name", ["A", "A-quick", "B", "C", "D"])
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


def _records(num: int) -> list[ImageRecord]:
    """Make records of two classes, four images to a group."""
    return [
        ImageRecord(
            content=f"{i:032x}",
            file=f"{i}.png",
            label="ab"[i % 2],
            split=Split.TRAIN,
            stored="",
            width=64,
            height=64,
            group=f"group {i // 4}",
        )
        for i in range(num)
    ]


def test_images_that_are_not_drawn_are_test_images_unless_their_group_is_drawn():
    records = _records(80)

    made = image_sizes.drawn(records, np.zeros((80, 1, 3)), 20, seed=1)

    drawn = {made.groups[i] for i in np.flatnonzero(made.part("train", "validation"))}
    tested = {made.groups[i] for i in np.flatnonzero(made.part("test"))}
    assert drawn.isdisjoint(tested)
    assert made.part("train").sum() < 20 < made.part("test").sum()
    assert (made.part("train", "validation", "test") | (made.parts == "")).all()


def test_without_a_number_all_images_are_split():
    made = image_sizes.drawn(_records(80), np.zeros((80, 1, 3)), 0, seed=1)

    assert made.part("train", "validation", "test").all()
    assert made.part("train").sum() == 56


def test_sizes_stand_beside_the_first_with_what_an_image_costs():
    found = image_sizes.Found(
        accuracies={"tiles": {"224": [0.8, 0.9], "160": [0.8, 0.8]}},
        milliseconds={"224": 4.25, "160": 2.5},
    )

    lines = image_sizes.table([("tiles", found)], [224, 160]).splitlines()

    assert "| tiles | 0.850 | 0.800 |" in lines
    assert "| tiles: ms an image | 4.2 | 2.5 |" in lines
    assert "| tiles: points over 224 (se) |  | -5.0 (5.0) |" in lines


def test_a_folder_is_filled_up_with_turned_images(tmp_path: Path):
    for colour, label in enumerate(("red", "green")):
        for seed in range(2):
            builders.write_image(tmp_path / "in" / label / f"{seed}.png", colour=colour, seed=seed)

    written = sorted(costs.turned(tmp_path / "in", 10, tmp_path / "out").rglob("*.png"))

    assert Counter(path.parent.name for path in written) == {"green": 6, "red": 4}
    assert len({path.read_bytes() for path in written}) == 10


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


def test_without_a_gpu_the_benchmark_says_so_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PATH", "")  # no nvidia-smi

    with pytest.raises(SystemExit) as ended:
        gpu.main([])

    assert ended.value.code == 2
    assert "There is no GPU here" in capsys.readouterr().err


@pytest.mark.usefixtures("two_gpus")
def test_a_hidden_gpu_is_said_to_be_hidden(monkeypatch: pytest.MonkeyPatch):
    assert gpu.no_gpu() == ""

    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    assert "CUDA_VISIBLE_DEVICES=-1 hides it" in gpu.no_gpu()


def test_answers_of_one_more_image_are_noise_and_of_twenty_are_not():
    right = {"noisy": [True] * 30, "wrong": [False] * 20 + [True] * 10, "processor": [True] * 29}
    right["processor"].append(False)

    noisy, wrong = gpu.compared(right)

    assert noisy.endswith("1 images better, 0 worse: within noise (p = 1.00)")
    assert "1 images better, 20 worse: MORE THAN NOISE" in wrong


def test_what_processes_tell_stands_in_one_table(capsys: pytest.CaptureFixture[str]):
    found = gpu.Findings()
    for column, text in (("GPU", "900"), ("processor", "80")):
        found.take({"row": "images a second", "column": column, "text": text})
    found.take({"row": "memory", "column": "processor", "text": "1 MB"})

    gpu.show(found)

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["images", "a", "second", "900", "80"] in lines
    assert ["memory", "1", "MB"] in lines


def _trial(ws: Workspace) -> gpu.Plan:
    """Plan what `--cpu` does, smaller still."""
    return gpu.Plan(
        root=str(ws.root),
        dataset_id=builders.make_dataset(ws, num=12).id,
        backbone="Tiny",
        size=32,
        num_features=30,
        freeze="block4",
        epochs=1,
        is_trial=True,
    )


@pytest.fixture
def _tiny_backbone() -> Iterator[None]:
    import keras

    from tests.engine import tiny  # only now: it loads TensorFlow

    with tiny.known():
        yield
    keras.config.set_dtype_policy("float32")


NUMPY = "ignore:__array__ implementation:DeprecationWarning"  # Keras 3.15 with NumPy 2


@pytest.mark.engine
@pytest.mark.filterwarnings(NUMPY)
@pytest.mark.usefixtures("_tiny_backbone")
def test_the_steps_for_a_gpu_are_taken_on_the_processor_too(ws: Workspace):
    from benchmarks import gpu_steps

    found, told = gpu.Findings(), []
    gpu_steps.on_gpu(_trial(ws), lambda **line: told.append(line), gpu_steps.POLICIES[:1])
    for line in told:
        found.take(line)

    assert "self-test passed" in told[0]["sentence"]
    assert list(found.right) == ["CPU, mixed_float16"]
    assert [list(cells) for cells in found.cells.values()] == [list(found.right)] * 7


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.filterwarnings(NUMPY)
@pytest.mark.usefixtures("_tiny_backbone")
def test_too_little_memory_is_tried_on_the_processor_too(ws: Workspace):
    from benchmarks import gpu_steps

    told = []
    gpu_steps.out_of_memory(_trial(ws), lambda **line: told.append(line["sentence"]))

    assert told == ["Memory for batches of 32 images is short: trained with half of that."]


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.usefixtures("_tiny_backbone")
def test_fine_tuning_in_plain_keras_learns_from_pixels_of_the_training_part(ws: Workspace):
    import keras

    from core.engine.networks import backbones
    from core.models.catalog import BACKBONES

    dataset = builders.make_dataset(ws, num=40)
    asked = accuracy.Options(names=(), backbone="Tiny", size=32, num_splits=1, most=0)
    keras.utils.set_random_seed(0)
    base = backbones.build_backbone(BACKBONES["Tiny"], 32, None)
    copies = [datasets.image_path(ws, dataset.id, r) for r in datasets.images(ws, dataset.id)]
    images = np.stack([np.asarray(Image.open(copy).resize((32, 32))) for copy in copies])
    features = base.predict(images, verbose=0).mean(axis=(1, 2))[:, None]
    (made,) = accuracy.materials(ws, [dataset], features, asked)
    closed = replace(made, labels=np.where(made.part("test"), 0, made.labels))

    answers = recipes.RECIPES["keras-tuned"](closed)

    assert answers.shape == (12, 2)
    assert made.score(answers) > 0.7
