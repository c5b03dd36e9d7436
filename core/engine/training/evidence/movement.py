"""What fine-tuning moved: of each block its weights and what it makes of images, before and after.

What is kept hides harm, so the last state is compared as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from core.engine.features.pipeline import Features
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.networks import blocks, network
from core.engine.training import setup
from core.engine.training.evidence import answers
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS, Setup
from core.judging import cka
from core.records import BlockMovement, Movement, Phase
from core.run_results import movement
from core.workspace import RunFolder

MOST_IMAGES = 256
_MOST = 1000.0  # times its length; also of what is no number any more


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """How the thawed blocks stand: of each its weights and its pooled features of images."""

    weights: list[NDArray]  # (numbers,) each
    features: list[NDArray]  # (images, channels) each


def leave(folder: RunFolder, ready: Setup, state: TrainingState, saved: Checkpoint | None) -> None:
    """Write how far fine-tuning moved the thawed blocks, where anything was fine-tuned.

    Compared are how it began, what is kept and the last state. What is kept stands in the network
    before and after.
    """
    if state.phase is not Phase.FINE_TUNE or saved is None or not saved.before:
        return
    images = ready.data.validation.images or ready.data.train.images
    some = images[:: -(-len(images) // MOST_IMAGES)]
    beside = ready.data.train.images + ready.data.validation.images
    features = setup.features_of(ready, Phase.FINE_TUNE, some, ORIGINALS, Silent(), beside=beside)
    with ready.device.strategy.scope():
        variables = network.thaw(ready.network, Phase.FINE_TUNE)
    answers.assign(variables, saved.values)
    last = _look(ready, features)
    answers.assign(variables, saved.before)
    before, names = _look(ready, features), _names(ready)
    if is_tuned := state.kept_phase is Phase.FINE_TUNE:
        answers.assign(variables, saved.values)
    rows = _compare(names, before, last if is_tuned else before, last)
    movement.write(folder, Movement(images=len(some), blocks=tuple(rows)))


def _suffix(ready: Setup) -> keras.Model:
    suffix = blocks.split(ready.network.backbone, ready.network.freeze)[1]
    assert suffix is not None  # it was fine-tuned
    return suffix


def _names(ready: Setup) -> list[str]:
    return [name for name, _ in blocks.end_tensors(_suffix(ready))]


def _look(ready: Setup, features: Features) -> _Looks:
    """Look at the thawed blocks as they are."""
    suffix = _suffix(ready)
    ends = [tensor for _, tensor in blocks.end_tensors(suffix)]
    pooled = [keras.ops.mean(tensor, axis=(1, 2)) for tensor in ends]
    joined = keras.ops.concatenate(pooled, axis=1) if len(pooled) > 1 else pooled[0]
    found = answers.run(keras.Model(suffix.input, joined), features)
    widths = np.cumsum([int(tensor.shape[1]) for tensor in pooled])[:-1]
    return _Looks(_weights(suffix, len(ends)), np.split(found, widths, axis=1))


def _weights(suffix: keras.Model, num: int) -> list[NDArray]:
    """Gather the weights of each block that learn, from the image on: (numbers,) each."""
    found: list[list[NDArray]] = [[np.zeros(0)] for _ in range(num)]
    learning = {id(variable) for variable in suffix.trainable_variables}
    for variable, height in blocks.heights(suffix):
        if id(variable) in learning:
            values = keras.ops.convert_to_numpy(variable.value)
            found[num - 1 - height].append(values.astype(np.float64).ravel())
    return [np.concatenate(values) for values in found]


def _compare(
    names: Sequence[str], before: _Looks, kept: _Looks, last: _Looks
) -> list[BlockMovement]:
    return [
        BlockMovement(
            name=name,
            weights=_moved(before.weights[i], kept.weights[i]),
            weights_last=_moved(before.weights[i], last.weights[i]),
            features=cka.linear(before.features[i], kept.features[i]),
            features_last=cka.linear(before.features[i], last.features[i]),
        )
        for i, name in enumerate(names)
    ]


def _moved(before: NDArray, after: NDArray) -> float:
    """Give the length of a change as a share of the length before; 0 where there is nothing."""
    length = float(np.linalg.norm(before))
    share = float(np.linalg.norm(after - before)) / length if length else 0.0
    return min(share, _MOST) if np.isfinite(share) else _MOST
