"""What an iteration of a solved head comes to, on the images that it learns from and on others."""

import numpy as np
from numpy.typing import NDArray

from core.engine.loop.batches import Part
from core.judging.head import LinearHead
from core.judging.solver import Iterate
from core.records import EpochMetrics, Phase


def measure(
    validation: Part | None,
    iterate: Iterate,
    head: LinearHead,
    unseen: NDArray[np.float32] | None,
    seconds: float,
) -> tuple[EpochMetrics, NDArray[np.int32]]:
    """Judge an iterate on the validation images, where there are any, and give what it names them.

    The second: (images,), int32.
    """
    loss: float | None = None
    accuracy: float | None = None
    named = np.zeros(0, np.int32)
    if validation is not None and unseen is not None:
        loss, named = _judge(head, unseen, validation.labels)
        accuracy = float((named == validation.labels).mean())
    metrics = EpochMetrics(
        phase=Phase.HEAD,
        epoch=iterate.number,
        loss=iterate.loss,
        accuracy=iterate.accuracy,
        val_loss=loss,
        val_accuracy=accuracy,
        learning_rate=0.0,
        seconds=seconds,
        val_images=len(named),
    )
    return metrics, named


def _judge(
    head: LinearHead, unseen: NDArray[np.float32], labels: NDArray[np.int32]
) -> tuple[float, NDArray[np.int32]]:
    """Give loss and answers of a head on unit features (images, width), labels (images,)."""
    logits = unseen @ head.kernel.astype(np.float32) + head.bias
    logits -= logits.max(axis=1, keepdims=True)
    own = logits[np.arange(len(labels)), labels] - np.log(np.exp(logits).sum(axis=1))
    return -float(own.mean()), logits.argmax(axis=1).astype(np.int32)
