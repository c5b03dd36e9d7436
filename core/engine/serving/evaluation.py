"""A finished model asked about a whole part: validation, or the test part, opened for it."""

from collections.abc import Callable, Sequence

import numpy as np

from core import datasets, files
from core.engine.prediction import checking
from core.engine.prediction.compiled import Predictor
from core.errors import UserError
from core.judging.evaluation import calibration
from core.records import Accuracy, Dataset, ImageRecord, ModelCard, Split, TestScore
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.words import say
from core.workspace import Workspace


def test(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> TestScore:
    """Open the test part for a run, and judge its model through the path that prediction takes.

    The opening is written down before an image is read, so no score is seen uncounted.
    """
    card = files.read_record(ws.run(run_id).card, ModelCard)
    dataset = datasets.get(ws, card.config.dataset_id, card.config.dataset_version)
    predictor = load()
    images = [i for i in datasets.open_test_of(ws, dataset, run_id) if i.label in card.labels]
    answers, score = _ask(ws, dataset, card, images, predictor)
    result = TestScore(test=_checked(score), openings=datasets.num_openings(ws, dataset.id))
    predictions.write(ws.run(run_id), Split.TEST, answers)
    files.write_record(ws.run(run_id).test, result)
    return result


def answer_validation(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> None:
    """Keep what a model answers to the validation images, where its run did not.

    Runs of earlier versions left no answers, nor did those that were saved from a checkpoint.
    Raises `UserError` where the images are gone, or were learned from.
    """
    folder = ws.run(run_id)
    if predictions.read(folder) is not None:
        return
    card = files.read_record(folder.card, ModelCard)
    if not card.config.validates:
        raise _learned_from(run_id)
    dataset = datasets.get(ws, card.config.dataset_id, card.config.dataset_version)
    images = [
        image
        for image in datasets.images(ws, dataset.id, dataset.version)
        if image.split is Split.VALIDATION and image.label in card.labels
    ]
    answers, _ = _ask(ws, dataset, card, images, load())
    predictions.write(folder, Split.VALIDATION, answers)


def _ask(
    ws: Workspace,
    dataset: Dataset,
    card: ModelCard,
    images: Sequence[ImageRecord],
    predictor: Predictor,
) -> tuple[PartPredictions, Accuracy]:
    """Ask a model about images; give its answers and the score that they come to."""
    number = {label: index for index, label in enumerate(card.labels)}
    labels = np.array([number[image.label] for image in images], np.int32)
    groups = tuple(image.group for image in images)
    copies = [datasets.image_path(ws, dataset.id, image) for image in images]
    rows = checking.rows(predictor, copies, lambda done, total: None)
    answers = PartPredictions(
        contents=tuple(image.content for image in images),
        labels=labels,
        groups=groups,
        logits=calibration.logits(rows, card.temperature),
        temperature=card.temperature,
    )
    return answers, checking.judge(rows, labels, groups)


def _learned_from(run_id: str) -> UserError:
    return UserError(
        say("The run '{run}' learned from its validation images too.", run=run_id),
        expected=say("Images that a model did not learn from can judge it."),
        mend=say("Open the test part, or look at the run that it was made from."),
    )


def _checked(score: Accuracy) -> Accuracy:
    if score.images:
        return score
    raise UserError(
        say("The test part of this data set has no images."),
        expected=say("A class of 3 images or more gives at least one to it."),
        mend=say("Add images, then train again."),
    )
