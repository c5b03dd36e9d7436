"""The model of a run that was brought in, opened once: it must answer as its run says."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import in_keras, predicting
from core.models.own import refusals
from core.records.requests import Ready
from core.run_folder import RunFolder
from core.run_results import pooled, prototypes
from core.words import say

_GREY = 127


def open_model(path: Path, classes: int) -> Ready:
    """Load a model that was looked through, and show it a grey picture.

    Raises `UserError` where it does not load, or answers with something else than its run.
    """
    try:
        predictor = in_keras.load_saved(path)
        picture = np.full((predictor.size, predictor.size, 3), _GREY, np.uint8)
        [output] = predicting.outputs(predictor, [picture])
    except Exception as error:  # Keras raises whatever its layers do
        raise refusals.unloadable(reason=_first_line(error)) from error
    answer = output.probabilities
    if answer.shape != (classes,) or not np.isfinite(answer).all():
        raise refusals.unloadable(reason=say("it names other classes than its run"))
    _check_features(RunFolder(path.parent), output.features)
    return Ready(ready=True)


def _check_features(folder: RunFolder, features: NDArray[np.float32] | None) -> None:
    """See that what tells the unknown has as many numbers as the model gives of a picture."""
    rule, kept = prototypes.read(folder), pooled.read(folder)
    found: list[NDArray] = [rule.prototypes.directions] if rule is not None else []
    found += [kept.features] if kept is not None else []
    if features is not None and any(rows.shape[1] != len(features) for rows in found):
        raise refusals.unloadable(reason=say("it gives other features than its run"))


def _first_line(error: Exception) -> str:
    """Give the first thing that Keras said."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:200]
