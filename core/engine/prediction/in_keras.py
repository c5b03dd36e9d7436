"""A finished model in plain Keras, and what makes one that was just trained ready to answer."""

from collections.abc import Collection
from concurrent.futures import Future
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.engine import device
from core.engine.features import cache_folder
from core.engine.features.cache_folder import Cache
from core.engine.features.running import CompiledNetwork
from core.engine.networks import openvino_choice, pooled
from core.engine.networks.converting import Convert
from core.engine.prediction.compiled import Predictor, folder_of
from core.words import Message

_PRECISIONS = ("f32",)  # bf16 would change an answer here and there


class KerasNetwork:
    """Runs a whole model as Keras would, batches of any length."""

    engine = "tensorflow"
    precision = "float32"
    batch_size = 32
    num_ahead = 0

    def __init__(self, model: keras.Model) -> None:
        size = int(model.input_shape[1])
        self._function = tf.function(
            lambda images: tf.concat(
                keras.tree.flatten(model(tf.cast(images, tf.float32), training=False)), axis=1
            ),
            input_signature=[tf.TensorSpec((None, size, size, 3), tf.uint8)],
            autograph=False,
        )

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Compute (batch, size, size, 3) uint8 -> (batch, columns of all outputs) at once."""
        answer: Future[np.ndarray] = Future()
        answer.set_result(self._function(images).numpy())
        return answer

    def drain(self) -> None:
        """Nothing is ever under way."""


def prepare(
    model: keras.Model,
    samples: np.ndarray,
    cache: Cache,
    run_id: str,
    *,
    convert: Convert | None = None,
    beside: Collection[str] = (),
) -> tuple[Predictor, Message | None]:
    """Make a model that was just trained ready, and leave what `compiled.reopen` can take up again.

    ``samples``: a few real images (num, size, size, 3) uint8, on which OpenVINO must answer as
    Keras does. The message says why it is not used, where that is so. What the cache keeps under
    the keys ``beside`` stays.
    """
    network, reason, full = None, None, pooled.with_features(model)
    if not device.has_gpu():
        network, reason = _convert(full, samples, cache, run_id, convert, beside)
    return _of_full(full, network), reason


def _convert(
    model: keras.Model,
    samples: np.ndarray,
    cache: Cache,
    run_id: str,
    convert: Convert | None,
    beside: Collection[str],
) -> tuple[CompiledNetwork | None, Message | None]:
    """Convert a model within the cache, locked: others who need room leave its folder alone."""
    folder = folder_of(cache.folder, run_id)
    with cache_folder.locked(cache.folder, folder.name, waiting=lambda: None, stop=lambda: False):
        cache_folder.remove(folder)  # of an earlier attempt at the same run
        if not cache_folder.make_room(cache, folder.name, 8 * model.count_params(), beside=beside):
            return None, None
        cache_folder.mark_used(folder)
        return openvino_choice.open_network(model, samples, folder, _PRECISIONS, convert)


def load_saved(path: Path) -> Predictor:
    """Run a saved model in Keras."""
    return of_model(read(path))


def read(path: Path) -> keras.Model:
    """Load a saved model as anybody would: plain Keras, safe mode, no code of ours."""
    model: keras.Model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return model


def of_model(model: keras.Model) -> Predictor:
    """Run a whole model in Keras."""
    return _of_full(pooled.with_features(model))


def _of_full(full: keras.Model, network: CompiledNetwork | None = None) -> Predictor:
    outputs = int(full.outputs[0].shape[1]) if len(full.outputs) > 1 else None
    return Predictor(network or KerasNetwork(full), int(full.input_shape[1]), outputs)
