"""What the network that a run began with names in images, with the head that it had then."""

from collections.abc import Sequence
from pathlib import Path

from core.engine.networks import backbones
from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.engine.prediction.in_keras import KerasNetwork
from core.errors import Problem
from core.models import original
from core.models.catalog import Backbone
from core.records import Prediction


def load_original(backbone: Backbone) -> Predictor:
    """Make the original network ready. Raises `UserError` where its files are not here."""
    weights, _ = original.locate_original(backbone)
    return Predictor(
        KerasNetwork(backbones.build_original(backbone, weights)), backbone.default_size
    )


def predict_original(
    backbone: Backbone, predictor: Predictor, paths: Sequence[Path], *, bands: str
) -> list[Prediction]:
    """Say which of ImageNet's classes are likeliest in each file, or why one cannot be read."""
    _, names = original.locate_original(backbone)
    problems: dict[int, Problem] = {}
    images = predicting.read_images(paths, predictor.size, problems, bands=bands)
    rows = iter(list(predicting.probabilities(predictor, images)))
    answers = list[Prediction]()
    for index, path in enumerate(paths):
        if index in problems:
            answers.append(Prediction(file=str(path), problem=problems[index]))
            continue
        scores = predicting.scores(names, next(rows))[: original.MOST_NAMED]
        answers.append(Prediction(file=str(path), label=scores[0].label, scores=scores))
    return answers
