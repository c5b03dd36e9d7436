"""Every backbone computes what Keras' own model computes, from raw pixels on."""

import sys
from unittest import mock

import pytest

from core.models import weights
from core.models.catalog import BACKBONES, STARTER, Backbone

keras = pytest.importorskip("keras")

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402
from keras.src.utils import file_utils  # noqa: E402

from core.engine.networks import backbones  # noqa: E402

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]

OFFICIAL = [name for name in BACKBONES if name != STARTER]


def every_backbone(*quick):
    """Parametrise over the catalog; all but a few are slow."""
    return [
        name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in OFFICIAL
    ]


def pixels(size):
    return np.random.default_rng(0).uniform(0, 255, (2, size, size, 3)).astype("float32")


def numbers(tensor):
    return np.array(keras.ops.convert_to_numpy(tensor))


def official(backbone: Backbone, size, file):
    """Build Keras' own model as a user of Keras would, with the file instead of the download."""
    with mock.patch.object(file_utils, "get_file", return_value=str(file)):
        return getattr(keras.applications, backbone.constructor)(
            include_top=False,
            weights="imagenet",
            input_shape=(size, size, 3),
            **dict(backbone.arguments),
        )


def write_weights(backbone: Backbone, path):
    """Write a weights file with lively values in the format of Keras' own files."""
    model = getattr(keras.applications, backbone.constructor)(
        include_top=False,
        weights=None,
        input_shape=(backbone.smallest_size,) * 2 + (3,),
        **dict(backbone.arguments),
    )
    rng = np.random.default_rng(1)
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(0.01, 0.2, weight.shape))
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return path


@pytest.mark.filterwarnings("ignore:`input_shape` is undefined:UserWarning")
@pytest.mark.parametrize("name", every_backbone("MobileNet-0.25"))
def test_a_backbone_computes_what_keras_computes_from_preprocessed_pixels(name, tmp_path):
    backbone = BACKBONES[name]
    size = backbone.smallest_size
    file = write_weights(backbone, tmp_path / "weights_no_top.h5")
    theirs = official(backbone, size, file)
    preprocess = sys.modules[
        getattr(keras.applications, backbone.constructor).__module__
    ].preprocess_input

    ours = backbones.build_backbone(backbone, size, file)

    expected = numbers(theirs(preprocess(pixels(size)), training=False))
    scale = np.abs(expected).max()
    np.testing.assert_allclose(numbers(ours(pixels(size))) / scale, expected / scale, atol=2e-5)


@pytest.mark.skipif(STARTER not in BACKBONES, reason="the starter's weights are not here")
def test_the_starter_is_mobilenet_v2_with_weights_of_its_own():
    backbone = BACKBONES[STARTER]
    file = weights.locate(backbone, 96)
    theirs = keras.applications.MobileNetV2(
        alpha=0.35, include_top=False, weights=str(file), input_shape=(96, 96, 3)
    )

    ours = backbones.build_backbone(backbone, 96, file)

    expected = numbers(theirs(pixels(96) / 127.5 - 1, training=False))
    np.testing.assert_allclose(numbers(ours(pixels(96))), expected, atol=1e-4)


@pytest.mark.parametrize("kind", ["tf", "caffe", "torch"])
def test_the_preprocessing_layers_agree_with_keras_number_for_number(kind):
    image = keras.Input((8, 8, 3))
    model = keras.Model(image, backbones.preprocess(image, kind))

    expected = keras.applications.imagenet_utils.preprocess_input(pixels(8), mode=kind)

    np.testing.assert_allclose(numbers(model(pixels(8))), expected, atol=2e-5)


def test_batch_norm_keeps_its_statistics_even_when_called_in_training_mode():
    model = backbones.build_backbone(BACKBONES["MobileNetV2-0.35"], 32, None)
    before = [numbers(weight) for weight in model.non_trainable_weights]

    model(pixels(32), training=True)

    for old, new in zip(before, model.non_trainable_weights, strict=True):
        np.testing.assert_array_equal(old, numbers(new))


def test_a_backbone_takes_raw_pixels_of_any_size_it_supports():
    model = backbones.build_backbone(BACKBONES["MobileNetV2-0.35"], 96, None)

    assert model.input_shape == (None, 96, 96, 3)
    assert model.output_shape == (None, 3, 3, 1280)


def test_copied_weights_normalise_as_those_they_were_copied_from():
    source, target = (
        keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Normalization()]) for _ in range(2)
    )
    source.layers[0].adapt(pixels(8))

    backbones.copy_weights(source, target)

    np.testing.assert_allclose(numbers(target(pixels(8))), numbers(source(pixels(8))), atol=1e-6)
    assert abs(float(numbers(target(pixels(8))).mean())) < 0.1
