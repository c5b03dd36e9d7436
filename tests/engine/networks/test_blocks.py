"""Cuts at block ends: found in every graph, exact, and as the catalog says."""

import pytest

from core.errors import UserError
from core.models.catalog import BACKBONES
from tests.engine.networks.test_backbones import OFFICIAL, every_backbone, numbers, pixels

keras = pytest.importorskip("keras")

import numpy as np  # noqa: E402

from core.engine.networks import backbones, blocks  # noqa: E402

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]


def diamond():
    """image -> stem -> two branches -> add -> out: no clean cut between the branches."""
    image = keras.Input((8, 8, 3))
    stem = keras.layers.Conv2D(4, 1, name="block1_conv")(image)
    left = keras.layers.Conv2D(4, 1, name="block2_left")(stem)
    right = keras.layers.Conv2D(4, 1, name="block2_right")(stem)
    joined = keras.layers.Add()([left, right])
    return keras.Model(image, keras.layers.Conv2D(2, 1, name="block3_conv")(joined))


def shared(*models):
    return {id(weight) for model in models if model for weight in model.weights}


def test_blocks_end_where_branches_have_joined_and_not_between_them():
    ends = blocks.block_ends(diamond())

    assert [name for name, _ in ends] == ["block1", "block2", "block3"]
    assert ends[1][1].name.startswith("add")


def test_layers_that_another_model_uses_too_do_not_hide_a_cut():
    model = diamond()
    keras.Model(model.get_layer("block1_conv").output, model.output)
    model.get_layer("block3_conv")(keras.Input((8, 8, 4)))

    assert [name for name, _ in blocks.block_ends(model)] == ["block1", "block2", "block3"]


def test_a_graph_that_cannot_be_cut_is_one_block():
    image = keras.Input((8, 8, 3))
    out = keras.layers.Add()([keras.layers.Conv2D(3, 1)(image), image])

    assert [name for name, _ in blocks.block_ends(keras.Model(image, out))] == ["network"]


def test_the_work_of_a_block_is_counted_by_hand():
    first, second, third = blocks.describe(diamond())

    assert (first.parameters, first.multiply_adds) == (3 * 4 + 4, 8 * 8 * 3 * 4)
    assert (second.parameters, second.multiply_adds) == (2 * (4 * 4 + 4), 8 * 8 * 2 * 4 * 4)
    assert third.output_shape == (8, 8, 2)


@pytest.mark.parametrize("name", every_backbone("MobileNetV2-0.35"))
def test_the_catalog_tells_the_blocks_that_the_graph_has(name):
    backbone = BACKBONES[name]
    model = backbones.build_backbone(backbone, backbone.default_size, None)

    assert blocks.describe(model) == backbone.blocks
    assert model.count_params() == backbone.parameters


def nested():
    """image -> stem, a model as one layer -> a block with a model and a short cut -> out."""
    image = keras.Input((8, 8, 3))
    stem = keras.Sequential([keras.layers.Conv2D(4, 1), keras.layers.LayerNormalization()])(image)
    inner = keras.Sequential([keras.layers.Conv2D(4, 3, padding="same"), keras.layers.ReLU()])
    joined = keras.layers.Add(name="net_stage_0_block_0_add")([stem, inner(stem)])
    out = keras.layers.Conv2D(2, 1, name="net_downsampling_block_0_conv")
    return keras.Model(image, out(joined))


# quick: short cuts; branches and layers nested in layers are those of the small ones above
@pytest.mark.parametrize("name", every_backbone("MobileNetV2-0.35"))
def test_a_backbone_is_cut_exactly_saved_and_read_back(name, tmp_path):
    backbone = BACKBONES[name]
    model = backbones.build_backbone(backbone, backbone.smallest_size, None)

    check_cuts(model, [block.name for block in backbone.blocks], tmp_path)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (diamond, ["block1", "block2", "block3"]),
        (nested, ["stem", "stage_0_block_0", "downsampling_block_0"]),
    ],
)
def test_branches_and_nested_layers_are_cut_exactly_saved_and_read_back(model, names, tmp_path):
    check_cuts(model(), names, tmp_path)


def check_cuts(model, names, tmp_path):
    """Cut at the first, a middle and the last block; both parts compute what the whole does."""
    image = pixels(model.input_shape[1])
    expected = numbers(model(image, training=False))

    assert [end for end, _ in blocks.block_ends(model)] == names
    for block in {names[index] for index in (0, len(names) // 2, -1)}:
        prefix, suffix = blocks.split(model, block)
        halfway = prefix(image, training=False)
        answer = suffix(halfway, training=False) if suffix else halfway
        np.testing.assert_array_equal(numbers(answer), expected)
        assert shared(prefix, suffix) == shared(model, None)
    model.save(tmp_path / "backbone.keras")
    again = keras.saving.load_model(tmp_path / "backbone.keras", safe_mode=True)
    np.testing.assert_array_equal(numbers(again(image, training=False)), expected)


@pytest.mark.parametrize("name", every_backbone("MobileNet-0.25"))
def test_the_catalog_tells_the_last_feature_map_of_any_size(name):
    backbone = BACKBONES[name]

    for size in (101, 150):
        shape = backbones.build_backbone(backbone, size, None).output_shape

        assert shape[1:3] == (backbone.side(size), backbone.side(size))


def test_all_freezes_everything_and_none_nothing():
    model = diamond()

    assert blocks.split(model, "all") == (model, None)
    assert blocks.split(model, "block3") == (model, None)
    assert blocks.split(model, "none") == (None, model)


def test_a_block_that_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(UserError, match="Did you mean 'block2'"):
        blocks.split(diamond(), "blok2")


def test_every_family_of_keras_applications_is_covered():
    assert len({BACKBONES[name].constructor for name in OFFICIAL}) == 40
