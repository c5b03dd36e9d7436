"""The answer to "where do you see this class?", for the picture in a file."""

import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.explaining import cam, number_heat, occlusion
from core.engine.explaining.explainer import Explainer
from core.engine.explaining.fine_maps import fine_map
from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.images import pixels
from core.records import Explanation, ModelCard
from core.records.choices import check
from core.records.requests import Explain
from core.words import say

_DIGITS = 6  # of what a place adds


def explain(
    card: ModelCard, predictor: Predictor, explainer: Explainer | None, asked: Explain
) -> Explanation:
    """Explain the picture in a file; without an explainer by covering it part by part.

    Raises `UserError` for a class that the model does not know, and for a file without a picture.
    """
    if asked.label:
        check(card.labels, asked.label, say("class"))
    if card.target is not None:
        return number_heat.explain_number(card, predictor, explainer, asked)
    path = Path(asked.file)
    copy = path.read_bytes() if asked.stored else predicting.stored_copy(path, card.bands)
    began = time.perf_counter()
    image = pixels.read_copy(copy, predictor.size)
    ask = partial(predicting.probabilities, predictor)
    if explainer is None or asked.occlude:
        row = next(ask([image]))
        index = _index(card, asked.label, row)
        method, heat = "occlusion", occlusion.heat(ask, image, index)
    else:
        found = cam.parts(explainer.head, explainer.see(image))
        row = cam.probabilities(found.logits, is_sigmoid=explainer.is_sigmoid)
        index = _index(card, asked.label, row)
        method, heat = "cam", fine_map(explainer, copy, cam.for_class(found, index))
    took = 1000 * (time.perf_counter() - began)
    scores = predicting.scores(card.labels, row)
    covered = next(ask([occlusion.cover(image, asked.cover)])) if asked.cover else None
    return Explanation(
        label=card.labels[index],
        scores=scores,
        heat=tuple(tuple(round(float(v), _DIGITS) for v in places) for places in heat),
        method=method,
        milliseconds=round(took, 3),
        covered=() if covered is None else predicting.scores(card.labels, covered),
    )


def _index(card: ModelCard, label: str, row: NDArray) -> int:
    return card.labels.index(label) if label else int(np.argmax(row))
