"""The files of the network that a run began with: which runs have one, and where they come from."""

from dataclasses import replace

import pytest

from core.errors import UserError
from core.models import original, weights
from core.models.catalog import BACKBONES, STARTER
from core.records import TrainConfig

OFFICIAL = [name for name in BACKBONES if name != STARTER]
MOBILENET = BACKBONES["MobileNetV2"]


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_official_network_has_a_file_with_its_head(name):
    backbone, top = BACKBONES[name], BACKBONES[name].top

    assert top is not None
    assert top.url.startswith("https://storage.googleapis.com/")
    assert top.url.endswith(".h5")
    assert "notop" not in top.file.replace("_", "")
    assert len(top.hash) == {"": 0, "md5": 32, "sha256": 64}[top.hash_kind]
    assert top.megabytes > backbone.megabytes


def test_known_files_are_as_published():
    resnet, vgg = BACKBONES["ResNet50"].top, BACKBONES["VGG16"].top

    assert resnet is not None
    assert resnet.file == "resnet50_weights_tf_dim_ordering_tf_kernels.h5"
    assert resnet.hash == "2cb95161c43110f7111970584f804107"
    assert vgg is not None
    assert vgg.megabytes == pytest.approx(138_357_544 * 4 / 1e6, abs=0.1)  # parameters, published


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (TrainConfig(dataset_id="a", backbone="ResNet50", weights="none"), "random values"),
        (TrainConfig(dataset_id="a", backbone=STARTER), "has no head"),
    ],
)
def test_a_run_that_did_not_begin_with_one_says_so(config, said):
    with pytest.raises(UserError, match=said):
        original.backbone_of(config)


def test_it_is_here_once_both_files_are(models):
    config = TrainConfig(dataset_id="a", backbone="MobileNetV2")
    backbone = original.backbone_of(config)
    assert not original.is_here(backbone)
    with pytest.raises(UserError, match="is missing"):
        original.locate_original(backbone)

    (models / original.CLASS_INDEX.file).write_text('{"0": ["n1", "te')
    assert weights.locate_file(original.CLASS_INDEX) is None, "cut off"


def test_without_a_network_the_file_is_named_and_that_the_model_does_without(models):
    nowhere = replace(MOBILENET.top, url="http://127.0.0.1:9/top.h5")

    with pytest.raises(UserError) as caught:
        original.fetch_original(replace(MOBILENET, top=nowhere))

    problem = caught.value.render()
    assert MOBILENET.top.file in problem["what"]
    assert str(models) in problem["expected"]
    assert "the model itself does not need this file" in problem["mend"]
    assert list(models.iterdir()) == []
