"""A finished model, ready to answer: in OpenVINO where it answers as Keras does, else in Keras."""

from collections.abc import Collection
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.engine import device
from core.engine.features import cache_folder
from core.engine.features.cache_folder import Cache
from core.engine.features.extraction import CompiledNetwork
from core.engine.networks import openvino_network
from core.engine.networks.converting import Convert
from core.words import Message

_PRECISIONS = ("f32",)  # bf16 would change an answer here and there


@dataclass(frozen=True, slots=True)
class Predictor:
    """A whole model: images (size, size, 3) uint8 in, probabilities out."""

    network: CompiledNetwork
    size: int


class KerasNetwork:
    """Runs a whole model as Keras would, batches of any length."""

    engine = "tensorflow"
    precision = "float32"
    batch_size = 32
    num_ahead = 0

    def __init__(self, model: keras.Model) -> None:
        size = int(model.input_shape[1])
        self._function = tf.function(
            lambda images: model(tf.cast(images, tf.float32), training=False),
            input_signature=[tf.TensorSpec((None, size, size, 3), tf.uint8)],
            autograph=False,
        )

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Compute (batch, size, size, 3) uint8 -> (batch, outputs) at once."""
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
    """Make a model that was just trained ready, and leave what `load` can take up again.

    ``samples``: a few real images (num, size, size, 3) uint8, on which OpenVINO must answer as
    Keras does. The message says why it is not used, where that is so. What the cache keeps under
    the keys ``beside`` stays.
    """
    size = int(model.input_shape[1])
    network, reason = None, None
    if not device.has_gpu():
        network, reason = _convert(model, samples, cache, run_id, convert, beside)
    return Predictor(network or KerasNetwork(model), size), reason


def _convert(
    model: keras.Model,
    samples: np.ndarray,
    cache: Cache,
    run_id: str,
    convert: Convert | None,
    beside: Collection[str],
) -> tuple[CompiledNetwork | None, Message | None]:
    """Convert a model within the cache, locked: others who need room leave its folder alone."""
    folder = _folder(cache.folder, run_id)
    with cache_folder.locked(cache.folder, folder.name, waiting=lambda: None, stop=lambda: False):
        cache_folder.remove(folder)  # of an earlier attempt at the same run
        if not cache_folder.make_room(cache, folder.name, 8 * model.count_params(), beside=beside):
            return None, None
        cache_folder.mark_used(folder)
        return openvino_network.open_network(model, samples, folder, _PRECISIONS, convert)


def load(path: Path, cache: Path) -> Predictor:
    """Take up what `prepare` left for the run of a saved model; without it, load the model."""
    folder = _folder(cache, path.parent.name)
    network = openvino_network.reopen(folder)
    if network is None:
        return load_saved(path)
    with suppress(OSError):  # a workspace that can only be read
        cache_folder.mark_used(folder)
    return Predictor(network, network.size)


def load_saved(path: Path) -> Predictor:
    """Load a saved model as anybody would: plain Keras, safe mode, no code of ours."""
    return in_keras(keras.saving.load_model(path, compile=False, safe_mode=True))


def in_keras(model: keras.Model) -> Predictor:
    """Run a whole model in Keras."""
    return Predictor(KerasNetwork(model), int(model.input_shape[1]))


def _folder(cache: Path, run_id: str) -> Path:
    return cache / f"model-{run_id}"
