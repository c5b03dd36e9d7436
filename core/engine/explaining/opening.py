"""Opening a finished model to explain it, without TensorFlow where it is converted already."""

from pathlib import Path

import numpy as np

from core.engine.explaining import converted
from core.engine.explaining.explainer import Explainer
from core.engine.prediction import compiled, predicting
from core.engine.prediction.compiled import Predictor

_CLOSE = 1e-3  # of a probability, or as a share of a number


def load(path: Path, cache: Path, predictor: Predictor) -> Explainer | None:
    """Cut the model of a run; None where its head is of a kind that cannot be taken apart.

    Without TensorFlow where training left the model converted. What is cut out has to answer as the
    whole does.
    """
    found = converted.reopen(compiled.folder_of(cache, path.parent.name))
    if found is not None and agrees(found, predictor):
        return found
    from core.engine.explaining import in_keras  # takes seconds, so only where it is needed

    loaded = in_keras.load_saved(path)
    return loaded if loaded is not None and agrees(loaded, predictor) else None


def agrees(explainer: Explainer, predictor: Predictor) -> bool:
    """Tell whether an image of noise is answered as prediction answers it."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (explainer.size, explainer.size, 3), dtype=np.uint8)
    output = next(predicting.outputs(predictor, [image]))
    if explainer.is_number:
        ours, theirs = explainer.number(image), float(output.columns[0])
        return output.columns.shape == (1,) and abs(ours - theirs) < _CLOSE * max(1, abs(theirs))
    said, wanted = explainer.probabilities(image), output.probabilities
    return said.shape == wanted.shape and bool(np.abs(said - wanted).max() < _CLOSE)
