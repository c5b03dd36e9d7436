"""A backbone of five small blocks: what a run costs is its layers, built and traced many times.

It is chosen, cut, thawed, converted and saved as those of the catalog, whose own networks are
built in `test_backbones` and `test_blocks` and trained in `test_whole_way` and `test_process`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest import mock

import keras

from core.engine.networks import backbones, blocks
from core.models import catalog
from core.models.catalog import Backbone, WeightsFile

NAME = "Tiny"
SIZE = 32
FILE = WeightsFile(
    file="tiny.weights.h5", url="https://example.org", hash="", hash_kind="", megabytes=0.1
)


def network(
    include_top: bool, weights: str | None, input_shape: tuple, input_tensor
) -> keras.Model:
    """Build it as the functions of `keras.applications` do: each block halves the sides."""
    x = input_tensor
    for number in range(1, 6):
        block = f"block{number}"
        x = keras.layers.Conv2D(
            8 * number, 3, strides=2, padding="same", use_bias=False, name=f"{block}_conv"
        )(x)
        x = keras.layers.BatchNormalization(name=f"{block}_bn")(x)
        x = keras.layers.ReLU(6.0, name=f"{block}_relu")(x)
    model = keras.Model(keras.utils.get_source_inputs(input_tensor), x, name="tiny")
    if weights is not None:
        model.load_weights(weights)
    return model


@contextmanager
def known() -> Iterator[None]:
    """Have it among the choices."""
    with (
        mock.patch.object(keras.applications, NAME, network, create=True),
        mock.patch.dict(catalog.BACKBONES, {NAME: entry()}),
    ):
        yield


@cache
def entry() -> Backbone:
    """Describe it as the catalog describes its networks, from the network itself."""
    bare = Backbone(
        name=NAME,
        title="Tiny",
        sentence="A network for tests.",
        good_at="Tests.",
        constructor=NAME,
        arguments=(),
        default_size=SIZE,
        smallest_size=SIZE,
        parameters=0,
        blocks=(),
        preprocessing="tf",
        weights=(FILE,),
    )
    model = backbones.build_backbone(bare, SIZE, None)
    return replace(bare, parameters=model.count_params(), blocks=blocks.describe(model))


def write_weights(home: Path) -> Path:
    """Put its weights where Keras keeps those that it downloads: ``home`` is ``$KERAS_HOME``."""
    (home / "models").mkdir(parents=True)
    keras.utils.set_random_seed(1)
    backbones.build_backbone(entry(), SIZE, None).save_weights(home / "models" / FILE.file)
    return home
