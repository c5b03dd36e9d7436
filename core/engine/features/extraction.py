"""The frozen network on the fastest engine there is, and the features of many images and views."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.engine import device
from core.engine.features.pipeline import Image, parallel
from core.engine.features.running import CompiledNetwork, run
from core.engine.features.views import ViewPlan, read_view
from core.engine.networks import openvino_choice
from core.words import Message, say

_MOST_IMAGES = 32  # in a batch of TensorFlow's
_MOST_PIXELS = 32 * 224**2  # likewise: large images would take much memory

_NAMES = {
    "openvino": "OpenVINO",
    "tensorflow": "TensorFlow",
    "tensorflow-gpu": "TensorFlow, GPU",
}


class TensorFlowNetwork:
    """Runs images through TensorFlow: on the GPU, or where OpenVINO cannot be used."""

    num_ahead = 2

    def __init__(self, model: keras.Model, size: int) -> None:
        self.batch_size = max(1, min(_MOST_IMAGES, _MOST_PIXELS // size**2))
        self.engine, self.precision = tensorflow_engine(model)
        self._function = tf.function(
            lambda images: model(tf.cast(images, tf.float32), training=False), reduce_retracing=True
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prefix")

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Queue a batch; a smaller one is filled up, so that the function is traced once.

        ``images``: (batch, size, size, 3) uint8; gives (batch, *features), float16 or float32.
        """
        return self._thread.submit(self._run, images)

    def drain(self) -> None:
        """Wait for what was queued: the thread takes one after another."""
        self._thread.submit(lambda: None).result()

    def _run(self, images: np.ndarray) -> np.ndarray:
        missing = self.batch_size - len(images)
        filled = np.concatenate([images, images[:1].repeat(missing, axis=0)])
        features: np.ndarray = self._function(filled).numpy()[: len(images)]
        return features


def fastest(
    model: keras.Model, samples: np.ndarray, folder: Path
) -> tuple[CompiledNetwork, tuple[Message, ...]]:
    """Choose the engine for a prefix: a GPU, else OpenVINO where it agrees on the samples.

    ``samples``: a few real images (num, size, size, 3), uint8. Gives what to tell the user, too.
    """
    found, reason = None, None
    if not device.has_gpu():
        found, reason = openvino_choice.open_network(model, samples, folder)
    network = found or TensorFlowNetwork(model, samples.shape[1])
    chosen = say(
        "The frozen part looks at each image once ({engine}, {precision}).",
        engine=_NAMES[network.engine],
        precision=network.precision,
    )
    return network, (chosen,) if reason is None else (reason, chosen)


def tensorflow_engine(model: keras.Model) -> tuple[str, str]:
    """Name where TensorFlow would run a model, and in which precision."""
    engine = "tensorflow-gpu" if device.has_gpu() else "tensorflow"
    return engine, str(model.layers[-1].compute_dtype)


def compute(
    network: CompiledNetwork, wanted: Sequence[tuple[Image, int]], size: int, plan: ViewPlan
) -> Iterator[np.ndarray]:
    """Give the features of these views, in order, a few at a time.

    (views, *features) float16 or float32, as the network is computed.
    """

    def read(item: tuple[Image, int]) -> np.ndarray:
        (content, copy), view = item
        return read_view(copy, size, content=content, view=view, plan=plan)

    return run(network, parallel(read, wanted))


def blocks(outputs: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """Join features to blocks of about ``size`` rows.

    Those that come in: (few, *features) of any one dtype, which stays.
    """
    block: list[np.ndarray] = []
    for features in outputs:
        block.append(features)
        if sum(map(len, block)) >= size:
            yield np.concatenate(block)
            block = []
    if block:
        yield np.concatenate(block)
