"""Which places of a picture raise the number that is read off it."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.explaining import cam, occlusion
from core.engine.explaining.explainer import Explainer
from core.engine.explaining.fine_maps import fine_map
from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.images import pixels
from core.records import Explanation, ModelCard
from core.records.requests import Explain

_DIGITS = 6  # of what a place adds, as a share of how far numbers spread


def explain_number(
    card: ModelCard, predictor: Predictor, explainer: Explainer | None, asked: Explain
) -> Explanation:
    """Map what each place adds to the number, in the unit of the user; below 0 it lowers it.

    Without an explainer by covering part after part. Raises `UserError` for a file without a
    picture.
    """
    path = Path(asked.file)
    copy = path.read_bytes() if asked.stored else predicting.stored_copy(path, card.bands)
    began = time.perf_counter()
    image = pixels.read_copy(copy, predictor.size)

    def ask(images: Iterable[NDArray]) -> Iterator[float]:
        return (float(one.columns[0]) for one in predicting.outputs(predictor, images))

    number = next(ask([image]))
    if explainer is None or asked.occlude:
        method, heat = "occlusion", occlusion.heat_of_number(ask, image)
    else:
        found = cam.parts(explainer.head, explainer.see(image))
        method, heat = "cam", fine_map(explainer, copy, np.asarray(found.slopes[:, 1]))
    took = 1000 * (time.perf_counter() - began)
    spread = card.target.deviation if card.target else 1.0
    places = np.round(np.asarray(heat, np.float64) / spread, _DIGITS) * spread
    return Explanation(
        label="",
        scores=(),
        heat=tuple(tuple(row) for row in places.tolist()),
        method=method,
        milliseconds=round(took, 3),
        number=number,
        covered_number=next(ask([occlusion.cover(image, asked.cover)])) if asked.cover else None,
    )
