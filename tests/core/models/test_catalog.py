"""The facts of every backbone hold together, and reading them costs nothing."""

import json
import re
import subprocess
import sys
from itertools import pairwise

import pytest

from core.errors import UserError
from core.models import catalog
from core.models.backbone_texts import WORDS
from core.models.catalog import BACKBONES, STARTER, choose
from core.words import say

NAMES = list(BACKBONES)
OFFICIAL = [name for name in NAMES if name != STARTER]


def test_all_forty_models_of_keras_applications_are_there():
    assert len({BACKBONES[name].constructor for name in OFFICIAL}) == 40


def test_the_mobilenets_are_there_in_all_their_widths():
    widths = {name for name in NAMES if name.startswith(("MobileNet-", "MobileNetV2-"))}

    assert widths == {
        *("MobileNet-0.25", "MobileNet-0.5", "MobileNet-0.75"),
        *("MobileNetV2-0.35", "MobileNetV2-0.5", "MobileNetV2-0.75"),
        *("MobileNetV2-1.3", "MobileNetV2-1.4"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_blocks_hold_all_parameters_and_have_names_of_their_own(name):
    backbone = BACKBONES[name]
    names = [block.name for block in backbone.blocks]

    assert sum(block.parameters for block in backbone.blocks) == backbone.parameters
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", block) for block in names)
    assert not {"all", "none"} & set(names)


@pytest.mark.parametrize("name", NAMES)
def test_the_blocks_are_in_order_from_large_maps_to_small(name):
    sides = [block.output_shape[0] for block in BACKBONES[name].blocks]

    assert sides == sorted(sides, reverse=True)
    assert all(block.multiply_adds > 0 for block in BACKBONES[name].blocks)


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_backbone_has_an_official_file_without_its_top(name):
    for file in BACKBONES[name].weights:
        assert re.search(r"no.?top(_v2)?\.h5$", file.file)
        assert re.fullmatch(r"https://storage\.googleapis\.com/.*\.h5", file.url)
        assert len(file.hash) == {"": 0, "md5": 32, "sha256": 64}[file.hash_kind]
        assert file.megabytes > 0.5


def test_facts_and_words_name_the_same_backbones():
    facts = json.loads(catalog._FACTS.read_text(encoding="utf-8")).keys()

    alone = facts ^ (WORDS.keys() - {STARTER})

    assert not alone, f"These have facts or words, but not both: {sorted(alone)}"


@pytest.mark.parametrize("name", NAMES)
def test_every_backbone_is_described_in_words(name):
    backbone = BACKBONES[name]

    assert backbone.title
    assert backbone.good_at
    assert backbone.sentence.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_sizes_and_preprocessing_are_known(name):
    backbone = BACKBONES[name]

    assert 32 <= backbone.smallest_size <= backbone.default_size <= 600
    assert backbone.preprocessing in ("inside", "caffe", "tf", "torch")


def test_known_facts_are_as_published():
    resnet, mobilenet = BACKBONES["ResNet50"], BACKBONES["MobileNetV2"]

    assert resnet.parameters == 23_587_712  # Keras Applications, without top
    assert 3.8e9 < resnet.multiply_adds < 3.9e9  # He et al. 2015, table 1
    assert 2.9e8 < mobilenet.multiply_adds < 3.1e8  # Sandler et al. 2018, table 4
    assert resnet.preprocessing == "caffe"
    assert BACKBONES["EfficientNetB7"].default_size == 600
    assert BACKBONES["Xception"].smallest_size == 71


def test_the_weights_of_the_very_size_are_chosen_else_those_of_the_default_size():
    mobilenet = BACKBONES["MobileNetV2"]

    assert mobilenet.weights_for(160).file.endswith("_1.0_160_no_top.h5")
    assert mobilenet.weights_for(100).file.endswith("_1.0_224_no_top.h5")
    assert BACKBONES["ResNet50"].weights_for(100).size is None


def test_blocks_are_counted_up_to_the_last_frozen_one():
    vgg = BACKBONES["VGG16"]

    assert [vgg.blocks_up_to(name) for name in ("none", "block1", "block5", "all")] == [0, 1, 5, 5]


def test_an_unknown_name_is_answered_with_the_nearest_known_one():
    with pytest.raises(UserError, match="Did you mean 'MobileNetV2'"):
        choose(BACKBONES, "mobilenet_v2", say("backbone"))


def test_a_name_like_no_other_is_answered_with_the_list():
    with pytest.raises(UserError, match=r"Known are: .*VGG16.* Choose one of them"):
        choose(BACKBONES, "?", say("backbone"))


def test_reading_the_catalog_does_not_load_a_network_library():
    code = (
        "import sys, core.models.catalog;"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_mobilenets_of_different_widths_say_what_sets_them_apart():
    widths = [
        (title, *said) for name, (title, *said) in WORDS.items() if name.startswith("MobileNet")
    ]

    for one, other in pairwise(widths):
        assert one[1:] != other[1:], (one[0], other[0])
