"""What a network answers to the validation images: as it is kept, and on both sides of fine-tuning.

What is kept hides the harm that fine-tuning did, so the states that it was chosen from are asked.
"""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from core.engine.features.pipeline import Features
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.engine.networks import network
from core.engine.training import setup
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS, Setup
from core.judging.evaluation import calibration
from core.records import Phase

Logits = NDArray[np.float32]

_IMAGES = 64  # at once
_BYTES = 16 * 2**20  # of their features


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Logits of the validation images, (images, classes) each, two columns for a sigmoid."""

    kept: Logits
    before: Logits | None = None  # as fine-tuning began
    last: Logits | None = None  # after it


def ask(ready: Setup, state: TrainingState, saved: Checkpoint | None) -> Answers | None:
    """Ask the network in the states of its last checkpoint; None without validation images.

    What is kept stands in the network before and after.
    """
    if not ready.data.validation.images:
        return None
    if saved is None or not saved.before or not len(saved.right):  # nothing was fine-tuned
        phase = state.kept_phase
        features, model = _features(ready, phase), network.learner(ready.network, phase)
        return Answers(kept=_logits(ready, model, features))
    return _around_fine_tuning(ready, state, saved)


def of_end(ready: Setup, state: TrainingState) -> NDArray[np.float32]:
    """Ask the network as it stands after its last phase: (validation images, columns)."""
    model = network.learner(ready.network, state.phase)
    return run(model, _features(ready, state.phase))


def _around_fine_tuning(ready: Setup, state: TrainingState, saved: Checkpoint) -> Answers:
    features = _features(ready, Phase.FINE_TUNE)
    with ready.device.strategy.scope():
        model = network.learner(ready.network, Phase.FINE_TUNE)
        variables = network.thaw(ready.network, Phase.FINE_TUNE)
    assign(variables, saved.before)
    before = _logits(ready, model, features)
    assign(variables, saved.values)
    last = _logits(ready, model, features)
    is_tuned = state.kept_phase is Phase.FINE_TUNE
    if not is_tuned:
        assign(variables, saved.before)
    return Answers(kept=last if is_tuned else before, before=before, last=last)


def _features(ready: Setup, phase: Phase) -> Features:
    """Take up what the phase had of the validation images; a run that was stopped goes on here."""
    images, beside = ready.data.validation.images, ready.data.train.images
    return setup.features_of(ready, phase, images, ORIGINALS, Silent(), beside=beside)


def assign(variables: list[keras.Variable], values: list[NDArray]) -> None:
    """Put values, float32 of any shape, into the variables that learn."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _logits(ready: Setup, model: keras.Model, features: Features) -> Logits:
    """Give two columns for a sigmoid, one for a number, which is still standardised."""
    columns = run(model, features)
    return (columns if ready.data.target else calibration.both(columns)).astype(np.float32)


def run(model: keras.Model, features: Features) -> NDArray[np.float32]:
    """Run what learns over the features of all images: (images, columns)."""
    given = [
        model(features.batch(rows, np.zeros(len(rows), np.int64)), training=False)
        for rows in parts(features)
    ]
    return np.concatenate([keras.ops.convert_to_numpy(one) for one in given])


def parts(features: Features) -> list[NDArray]:
    """Cut the numbers of the images into parts whose features take little memory: (some,) int64."""
    size = max(1, min(_IMAGES, _BYTES // (4 * int(np.prod(features.shape)))))
    rows = np.arange(features.num_images)
    return np.array_split(rows, -(-len(rows) // size))
