"""A file brought in as a user does it: in processes of their own, tried, kept, trained on."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from core import files, runs
from core.backbones import bringing, inspection, store
from core.engine.bringing import reading, trying
from core.engine.networks import backbones, blocks
from core.errors import UserError
from core.models import catalog, weights
from core.models.catalog import Backbone
from core.records import Accuracy, HeadScore
from core.records.backbones import PIXEL_RANGES, FoundModel
from core.workspace import BackboneFolder, Workspace
from tests import builders
from tests.core.backbones import model_files
from tests.core.backbones.hostile import HOSTILE
from tests.engine import jobs, tiny

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, str]:
    """A workspace, its data set, and a backbone with which every range was tried."""
    ws = Workspace(tmp_path_factory.mktemp("brought"))
    dataset = builders.make_dataset(ws, num=20)
    path = ws.root / "My net (1).keras"
    pixels = keras.Input((32, 32, 3))
    keras.utils.set_random_seed(1)
    tiny.network(False, None, (32, 32, 3), pixels).save(path)
    key = bringing.begin(ws, path)
    bringing.try_ranges(ws, key, dataset.id, 0)
    return ws, dataset.id, bringing.keep(ws, key, pixels="0-1")


def test_it_is_kept_under_a_name_with_what_was_tried(brought: tuple[Workspace, str, str]):
    ws, dataset_id, name = brought
    catalog.look_in(ws)

    own, record = catalog.backbone(name), store.brought(ws, name)

    assert name.startswith("own-my-net-1-")
    assert (own.title, own.preprocessing) == ("My net (1)", "unit")
    assert own.weights[0].hash == files.sha256(ws.backbone(name).model)
    assert (record.pixels, record.file) == ("0-1", "My net (1).keras")
    assert record.trial is not None
    assert {tried.pixels for tried in record.trial.ranges} == set(PIXEL_RANGES)
    assert record.trial.dataset_id == dataset_id
    scores = [tried.accuracy.accuracy for tried in record.trial.ranges]
    assert scores == sorted(scores, reverse=True)
    assert not record.trial.ranges[0].is_worse
    assert all(t.accuracy.images <= 28 for t in record.trial.ranges)  # of the training part
    assert list(ws.staged_backbones.glob("*")) == []


def test_its_facts_are_those_of_the_network_that_is_built(brought: tuple[Workspace, str, str]):
    ws, _, name = brought
    catalog.look_in(ws)
    own = catalog.backbone(name)

    model = backbones.build_backbone(own, 32, weights.locate(own, 32))

    found = blocks.describe(model)
    assert [b.name for b in found] == [b.name for b in own.blocks]
    assert found == own.blocks
    images = np.full((1, 32, 32, 3), 255, np.float32)
    raw = keras.models.load_model(ws.root / "My net (1).keras")
    np.testing.assert_allclose(model(images), raw([images / 255], training=False), atol=1e-5)


def test_a_run_fine_tunes_it_and_its_features_are_kept_by_its_hash(
    brought: tuple[Workspace, str, str],
):
    ws, dataset_id, name = brought
    catalog.look_in(ws)
    config = replace(
        jobs.TINY, dataset_id=dataset_id, backbone=name, weights="imagenet", freeze="block3"
    )

    run_id, ended = jobs.run(ws, config)

    assert ended == "done"
    card = runs.get(ws, run_id).card
    assert card is not None
    assert card.weights_sha256 == catalog.backbone(name).weights[0].hash
    assert jobs.model(ws, run_id).output_shape == (None, 2)
    folder = BackboneFolder(ws.root / "again")  # and its model is a backbone in turn
    inspection.inspect(ws.run(run_id).model, folder.given)
    assert reading.read(folder) == FoundModel(cut_off=2, pixels="0-255")
    again = replace(files.read_record(folder.facts, Backbone), folder=str(folder.path))
    assert backbones.build_backbone(again, 32, folder.model).output_shape == (None, 1, 1, 40)


def test_the_same_file_with_the_same_range_is_there_once(
    brought: tuple[Workspace, str, str], tmp_path: Path
):
    ws, _, name = brought
    catalog.look_in(ws)
    key = "20260101-000000-abcdef"
    for kept, waiting in (
        (ws.backbone(name).brought, bringing.waiting(ws, key).brought),
        (ws.backbone(name).facts, bringing.waiting(ws, key).facts),
    ):
        waiting.parent.mkdir(parents=True, exist_ok=True)
        waiting.write_bytes(kept.read_bytes())

    assert bringing.keep(ws, key, title="Another name", pixels="0-1") == name
    assert store.names(ws) == [name]
    assert files.read_record(ws.backbone(name).facts, Backbone).title == "My net (1)"


def _scored(pixels: str, wrong: int, loss: float) -> trying.Scored:
    share = Accuracy(accuracy=1 - wrong / 60, low=0.1, high=1.0, images=60, majority=0.5)
    right = tuple(number >= wrong for number in range(60))
    names = tuple(f"{number:02}" for number in range(60))
    score = HeadScore(accuracy=share, contents=names, right=right, groups=("",) * 60)
    return PIXEL_RANGES[pixels], score, loss


def test_of_equal_ranges_the_one_of_less_loss_is_first_and_only_the_surely_worse_are_out():
    scored = [
        _scored("0-1", 3, 0.3),
        _scored("signed", 3, 0.2),
        _scored("imagenet", 6, 0.1),  # 3 of 3 changes: may be chance
        _scored("0-255", 30, 0.1),
    ]

    ranked = trying._ranked(scored)

    assert [tried.pixels for tried in ranked] == ["signed", "0-1", "imagenet", "0-255"]
    assert [tried.is_worse for tried in ranked] == [False, False, False, True]


@pytest.mark.parametrize("name", ["Lambda", "a bomb"])
def test_a_refused_file_leaves_nothing(name: str, ws: Workspace, tmp_path: Path):
    make, reason = HOSTILE[name]
    make(tmp_path / "given.keras")

    with pytest.raises(UserError, match=reason):
        bringing.begin(ws, tmp_path / "given.keras")

    assert list(ws.staged_backbones.glob("*")) == []


@pytest.mark.slow
def test_what_keras_alone_finds_wrong_is_said_too(ws: Workspace, tmp_path: Path):
    config = model_files.network()
    config["config"]["layers"][1]["config"]["strides"] = ["x", 1]
    path = model_files.write(tmp_path / "given.keras", config)

    with pytest.raises(UserError, match="Keras cannot load the model"):
        bringing.begin(ws, path)
