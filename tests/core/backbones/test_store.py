"""Backbones of a user: found in their workspace, named, deleted, put back."""

from pathlib import Path

import pytest

from core import trash
from core.backbones import store
from core.errors import UserError
from core.models import catalog, image_sizes, presets, summary, weights
from core.models.catalog import BACKBONES
from core.records import TrainConfig
from core.workspace import Workspace
from tests import own_backbones


@pytest.fixture(autouse=True)
def _here(ws: Workspace) -> None:
    catalog.look_in(ws)


def test_a_backbone_is_found_in_its_workspace_before_those_of_keras(ws: Workspace):
    name = own_backbones.make(ws)

    assert list(catalog.known()) == [name, *BACKBONES]
    assert catalog.backbone(name).title == "Mine"
    assert catalog.backbone("MobileNetV2") is BACKBONES["MobileNetV2"]


def test_one_of_another_workspace_is_refused_in_a_sentence(ws: Workspace, tmp_path: Path):
    name = own_backbones.make(Workspace(tmp_path / "other"))

    with pytest.raises(UserError, match="not in this workspace"):
        catalog.backbone(name)
    with pytest.raises(UserError, match="not in this workspace"):
        presets.configure("x", backbone=name)


def test_its_weights_are_here_and_it_is_trained_at_its_own_size(ws: Workspace):
    name = own_backbones.make(ws)

    config = presets.configure("x", preset="balanced", backbone=name, num_train=100)

    assert config.backbone == name
    assert config.image_size == 64
    own = catalog.backbone(name)
    assert weights.locate(own, 128) == ws.backbone(name).model
    assert own.side(65) == 17
    assert summary.num_features(TrainConfig(dataset_id="x", backbone=name, pooling="flatten",
                                            image_size=65)) == 17 * 17 * 8  # fmt: skip


def test_a_network_for_one_size_takes_no_other(ws: Workspace):
    own = catalog.backbone(own_backbones.make(ws, only_size=True, steps=()))

    image_sizes.check_size(own, 64)
    with pytest.raises(UserError, match="64 pixels only"):
        image_sizes.check_size(own, 96)
    assert own.side(64) == 16


def test_a_deleted_one_lies_in_the_trash_and_comes_back(ws: Workspace):
    name = own_backbones.make(ws)

    store.delete(ws, name)

    assert name not in catalog.known()
    [thing] = trash.listing(ws)
    assert (thing.kind, trash.name_of(thing)) == (trash.TrashKind.BACKBONE, "Mine")
    store.restore(ws, name)
    assert catalog.backbone(name).title == "Mine"


def test_two_are_never_called_alike(ws: Workspace):
    own_backbones.make(ws)
    other = own_backbones.make(ws, "own-other-00000000", "Other")

    store.rename(ws, other, "  Mine ")

    assert store.titles(ws) == {"Mine", "Mine 2"}


def test_a_folder_without_facts_is_no_backbone(ws: Workspace):
    (ws.backbones / "own-half-00000000").mkdir(parents=True)

    assert list(catalog.known()) == list(BACKBONES)
    assert store.names(ws) == []
