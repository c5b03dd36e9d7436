"""A model of a user, once loaded: flattened, its top cut off, its blocks named, saved as ours."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core import files
from core.engine.bringing import flattening, naming, scaling, sizes, tops
from core.engine.networks import backbones, blocks, own
from core.models.catalog import Backbone, WeightsFile
from core.models.own import refusals
from core.records.backbones import FoundModel
from core.records.training import LARGEST_IMAGE, SMALLEST_IMAGE
from core.words import nsay, say
from core.workspace import BackboneFolder


def read(folder: BackboneFolder) -> FoundModel:
    """Load what the inspection took apart, and write the model file and its facts beside it.

    Raises `UserError` where it is no backbone.
    """
    model = _load(folder.given)
    _check(model)
    pixels = scaling.found(model)
    base, num_outputs = tops.cut_off(flattening.flatten(model))
    if base is None:
        raise refusals.no_places()
    made, steps = _settled(base, model.inputs[0].shape)
    backbones.copy_weights(base, made)
    naming.name_blocks(made)
    keras.Model(made.input, made.output, name="backbone").save(folder.model)
    files.write_record(folder.facts, _facts(folder.model, made.input_shape[1], steps))
    return FoundModel(cut_off=num_outputs, pixels=pixels)


def _load(given: Path) -> keras.Model:
    config = json.loads((given / "config.json").read_text(encoding="utf-8"))
    try:
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
        if not model.built or not model.inputs:
            raise ValueError("it does not say what it takes")
        model.load_weights(given / "model.weights.h5")
    except Exception as error:  # Keras raises whatever its layers do
        raise refusals.unloadable(reason=_first_line(error)) from error
    return model


def _first_line(error: Exception) -> str:
    """Give the first thing that Keras said."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:200]


def _check(model: keras.Model) -> None:
    """Refuse what takes no picture or gives several things. Raises `UserError`."""
    shape = model.inputs[0].shape
    if len(model.inputs) > 1:
        raise refusals.no_pictures(shape=nsay("{num} input", "{num} inputs", num=len(model.inputs)))
    if (len(shape) == 4 and shape[1] == 3 and shape[3] != 3) or _is_channels_first(model):
        raise refusals.channels_first()
    if len(shape) != 4 or shape[3] != 3:
        raise refusals.no_pictures(shape=_shape_words(shape))
    if len(model.outputs) > 1:
        raise refusals.several_outputs(num=len(model.outputs))
    if not all(np.isfinite(weight).all() for weight in model.get_weights()):
        raise refusals.not_finite()


def _shape_words(shape: Any) -> Any:
    if len(shape) == 4 and shape[3] == 1:
        return say("grey pictures, with one number for each place")
    sides = " × ".join("?" if n is None else str(n) for n in shape[1:])
    return say("{shape} numbers", shape=sides)


def _is_channels_first(model: keras.Model) -> bool:
    layers = getattr(model, "layers", ())
    return any(
        getattr(layer, "data_format", "") == "channels_first" or _is_channels_first(layer)
        for layer in layers
    )


def _settled(base: keras.Model, shape: Any) -> tuple[keras.Model, tuple[sizes.Step, ...] | None]:
    """Build a network for the size that it is for, and give its steps where it takes others.

    Raises `UserError` where it takes no squares.
    """
    config = keras.saving.serialize_keras_object(base)
    height, width = shape[1:3]
    size = min(max(height or sizes.USUAL, SMALLEST_IMAGE), LARGEST_IMAGE)
    made, larger = sizes.built(config, size), sizes.built(config, size + sizes.MORE)
    if made is None or (larger is None and (height, width) != (size, size)):
        raise refusals.not_square(height=height or 0, width=width or 0)
    return made, sizes.steps(made, larger) if larger is not None else None


def _facts(path: Path, size: int, steps: tuple[sizes.Step, ...] | None) -> Backbone:
    """Measure the backbone in a model file."""
    model = own.at_size(own.read(path), size)
    parameters = model.count_params()
    return Backbone(
        name="",
        title="",
        sentence="",
        good_at="",
        constructor="",
        arguments=(),
        default_size=size,
        smallest_size=sizes.smallest(steps) if steps is not None else size,
        parameters=parameters,
        blocks=blocks.describe(model),
        preprocessing="",
        weights=(_weights(path, parameters),),
        only_size=steps is None,
        steps=steps or (),
    )


def _weights(path: Path, parameters: int) -> WeightsFile:
    return WeightsFile(
        file=path.name,
        url="",
        hash=files.sha256(path),
        hash_kind="sha256",
        megabytes=round(parameters * 4 / 1e6, 1),
    )
