"""A backbone that a user brought: read from the file in which it is kept, for one image size."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from core.models.catalog import Backbone

Config = Mapping[str, Any]


def load(backbone: Backbone, image_size: int, weights: Path | None) -> keras.Model:
    """Load a backbone as it was brought: what prepares the pixels is not in it.

    Without weights they are random, from Keras' own seed.
    """
    model = at_size(read(Path(backbone.folder) / backbone.weights[0].file), image_size)
    if weights is not None:
        model.load_weights(weights)
    return model


def read(path: Path) -> Config:
    """Read the description of the network in a model file of ours."""
    with zipfile.ZipFile(path) as archive:
        found: Config = json.loads(archive.read("config.json"))
    return found


def at_size(config: Config, image_size: int) -> keras.Model:
    """Build the network for square images of that size, in the precision of this process."""
    changed = _changed(config, [None, image_size, image_size, 3], keras.config.dtype_policy().name)
    model: keras.Model = keras.saving.deserialize_keras_object(changed)
    return model


def _changed(value: Any, shape: list[int | None], policy: str) -> Any:
    """Replace the shape of the input, the precision, and the sizes that layers were built for."""
    if isinstance(value, list):
        return [_changed(item, shape, policy) for item in value]
    if not isinstance(value, Mapping):
        return value
    kept = {key: _changed(item, shape, policy) for key, item in value.items()}
    if value.get("class_name") == "InputLayer":
        kept["config"] = kept["config"] | {"batch_shape": shape}
    if value.get("class_name") == "DTypePolicy":
        kept["config"] = {"name": policy}
    return kept
