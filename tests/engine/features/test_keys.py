"""The names under which features are kept: another one for all that makes other features."""

import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import pytest
import tensorflow as tf

from core.engine.device import Device
from core.engine.features import prefixes, views
from core.engine.features.views import ViewPlan
from core.engine.networks import network
from core.engine.training import setup
from core.engine.training.progress import Silent
from core.engine.training.setup import Setup
from core.models import weights
from core.models.catalog import AUGMENTATIONS, HEADS
from core.records import Phase, TrainConfig
from core.workspace import Workspace
from tests.engine import jobs

pytestmark = pytest.mark.engine
ENGINE = (
    "engine/networks/backbones.py",
    "engine/networks/blocks.py",
    "engine/networks/converting.py",
    "engine/features/extraction.py",
    "engine/networks/openvino_choice.py",
    "engine/networks/openvino_network.py",
    "engine/features/running.py",
    "engine/networks/from_scratch.py",
    "engine/features/views.py",
)
CONFIG = replace(jobs.TINY, weights="imagenet")


def ready(config: TrainConfig = CONFIG, *, values: str = "ab", policy: str = "float32") -> Setup:
    unused: Any = None
    return Setup(
        config=config,
        data=unused,
        network=unused,
        weights_file="",
        weights=values,
        device=Device(name="", strategy=unused, policy=policy),
        cache=Path(),
    )


def key(phase: Phase = Phase.HEAD, *, values: str = "ab", policy: str = "float32", **changes: Any):
    return setup.key_of(ready(replace(CONFIG, **changes), values=values, policy=policy), phase)


@pytest.mark.parametrize(
    "change",
    [
        {"phase": Phase.FINE_TUNE},
        {"backbone": "MobileNet-0.50"},
        {"values": "cd"},
        {"image_size": 64},
        {"pooling": "flatten"},
        {"policy": "mixed_float16"},
    ],
)
def test_what_makes_other_features_makes_another_name(change: dict[str, Any]):
    assert key(**change) != key()


def test_each_pooling_has_a_name_of_its_own_also_one_that_is_added(
    monkeypatch: pytest.MonkeyPatch,
):
    for name in ("max", "first"):
        entry = replace(HEADS["average"], name=name)
        monkeypatch.setitem(HEADS, name, entry)  # type: ignore[arg-type]

    assert len({key(pooling=name) for name in HEADS}) == len(HEADS)
    assert len({key(Phase.FINE_TUNE, pooling=name) for name in HEADS}) == 1  # not yet pooled


def test_the_cut_names_what_is_frozen_while_fine_tuning():
    assert key(Phase.FINE_TUNE, freeze="block_11") != key(Phase.FINE_TUNE)
    assert key(freeze="block_11") == key()


@pytest.mark.parametrize(
    "change", [{"epochs": 9}, {"hidden_units": 8}, {"seed": 9}, {"augmentation": "light"}]
)
def test_runs_that_differ_elsewhere_share_their_features(change: dict[str, Any]):
    assert key(**change) == key()


@pytest.mark.parametrize("library", [keras, tf])
def test_another_version_makes_another_name(library: Any, monkeypatch: pytest.MonkeyPatch):
    before = key()

    monkeypatch.setattr(library, "__version__", "0.1")

    assert key() != before


def test_the_code_is_part_of_the_name(monkeypatch: pytest.MonkeyPatch):
    before = key()

    monkeypatch.setattr(prefixes, "_loaded_code", lambda: "another")

    assert key() != before


@pytest.mark.parametrize("source", ["images/augmenting.py", *ENGINE])
def test_another_code_makes_another_name(tmp_path: Path, source: str):
    core = Path(prefixes.__file__).parents[2]
    unneeded = shutil.ignore_patterns("*.h5", "locale", "__pycache__")
    copy = shutil.copytree(core, tmp_path / "core", ignore=unneeded)
    before = prefixes.code_version(copy)

    with (copy / source).open("a") as file:
        file.write("\n")

    assert prefixes.code_version(copy) != before


@pytest.fixture
def name_of_values(ws: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Name the values of a backbone, without building it."""
    monkeypatch.setattr(network, "build", lambda *given, **more: None)
    data: Any = SimpleNamespace(labels=("green", "red"), train=SimpleNamespace(images=()))

    def name(config: TrainConfig) -> str:
        return setup.prepare(ws, config, data, device=jobs.CPU, report=Silent()).weights

    return name


def test_random_values_are_named_by_their_seed(name_of_values):
    plain = replace(CONFIG, weights="none")

    assert name_of_values(plain) == name_of_values(replace(plain, epochs=9))
    assert name_of_values(plain) != name_of_values(replace(plain, seed=9))


def test_pretrained_values_are_named_by_what_their_file_holds(
    name_of_values, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    names = []
    for folder, content in (("1", b"one"), ("2", b"two"), ("3", b"one")):
        file = tmp_path / folder / "weights.h5"
        file.parent.mkdir()
        file.write_bytes(content)
        monkeypatch.setattr(weights, "locate", lambda backbone, size, file=file: file)
        names.append(name_of_values(CONFIG))

    assert names[0] != names[1]
    assert names[0] == names[2]


def test_views_are_those_that_the_configuration_asks_for():
    config = replace(CONFIG, augmentation="strong", num_views=5, flips=False)

    plan = ready(config).views

    assert plan == ViewPlan(augmentation="strong", num_views=5, flips=False)
    assert plan != ready(replace(config, flips=True)).views


def test_each_view_has_a_name_of_its_own_and_the_image_itself_has_its_own_always():
    plans = [
        ViewPlan(augmentation=kind, flips=flips, seed=seed)
        for kind, flips, seed in product(("light", "standard", "strong"), (True, False), (0, 1))
    ]

    names = [views.row_key("ab", view, plan) for plan in plans for view in (1, 2)]

    assert len(set(names)) == len(names) == 24
    assert {views.row_key("ab", 0, plan) for plan in plans} == {"ab"}


def test_a_view_is_named_by_what_its_augmentation_does_not_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
):
    plan, names = ViewPlan(augmentation="new"), []
    for degrees in (5, 6):
        entry = replace(AUGMENTATIONS["light"], name="new", rotation=degrees)
        monkeypatch.setitem(AUGMENTATIONS, "new", entry)  # type: ignore[arg-type]
        names.append(views.row_key("ab", 1, plan))

    assert names[0] != names[1]
