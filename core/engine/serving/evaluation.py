"""A finished model asked about a whole part, as the test part, opened for it."""

import contextlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.datasets import baselines
from core.engine.prediction import checking
from core.engine.prediction.checking import Outputs
from core.engine.prediction.compiled import Predictor
from core.engine.serving import numbers
from core.errors import UserError
from core.judging.evaluation import calibration
from core.records import Accuracy, ImageRecord, ModelCard, Split, TestScore
from core.run_results import pooled, predictions
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.words import say
from core.workspace import RunFolder, Workspace


def test(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> TestScore:
    """Open the test part for a run, and judge its model through the path that prediction takes.

    The opening is written down before an image is read, so no score is seen uncounted.
    """
    card = files.read_record(ws.run(run_id).card, ModelCard)
    if card.target is not None:
        return numbers.open_part(ws, run_id, load)
    dataset = datasets.get(ws, card.config.dataset_id, card.config.dataset_version)
    predictor = load()
    images = [i for i in datasets.open_test_of(ws, dataset, run_id) if i.label in card.labels]
    answers, outputs = ask(ws, card, images, predictor)
    score = checking.judge(outputs.probabilities, answers.labels, answers.groups)
    result = TestScore(test=_checked(score), openings=datasets.num_openings(ws, dataset.id))
    write_features(ws.run(run_id), answers, outputs)
    predictions.write(ws.run(run_id), Split.TEST, answers)
    with contextlib.suppress(OSError, UserError):  # a picture went meanwhile, or there is no room
        baselines.of_part(ws, card.config, Split.TEST)
    files.write_record(ws.run(run_id).test, result)
    return result


def write_features(folder: RunFolder, answers: PartPredictions, outputs: Outputs) -> None:
    """Keep the pooled features of the test images, where the model gives them."""
    if outputs.features is not None:
        pooled.write(folder, features_of(answers, outputs.features, learned=False), test=True)


def features_of(answers: PartPredictions, vectors: NDArray, *, learned: bool) -> PooledFeatures:
    """Set features, (images, channels), beside the images that were asked about."""
    return PooledFeatures(
        contents=answers.contents,
        labels=answers.labels,
        groups=answers.groups,
        learned=np.full(len(answers.contents), learned),
        features=vectors,
    )


def ask(
    ws: Workspace, card: ModelCard, images: Sequence[ImageRecord], predictor: Predictor
) -> tuple[PartPredictions, Outputs]:
    """Ask a model about images of its data set."""
    number = {label: index for index, label in enumerate(card.labels)}
    copies = [datasets.image_path(ws, card.config.dataset_id, image) for image in images]
    outputs = checking.ask(predictor, copies, lambda done, total: None)
    answers = PartPredictions(
        contents=tuple(image.content for image in images),
        labels=np.array([number[image.label] for image in images], np.int32),
        groups=tuple(image.group for image in images),
        logits=calibration.logits(outputs.probabilities, card.temperature),
        temperature=card.temperature,
    )
    return answers, outputs


def _checked(score: Accuracy) -> Accuracy:
    if score.images:
        return score
    raise UserError(
        say("The test part of this data set has no images."),
        expected=say("A class of 3 images or more gives at least one to it."),
        mend=say("Add images, then train again."),
    )
