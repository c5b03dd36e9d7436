"""The score of a finished model on the test part, which is opened for it."""

from collections.abc import Callable

import numpy as np

from core import datasets, files
from core.engine.prediction import checking
from core.engine.prediction.compiled import Predictor
from core.errors import UserError
from core.records import Accuracy, ModelCard, TestScore
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
    number = {label: index for index, label in enumerate(card.labels)}
    labels = np.array([number[image.label] for image in images], np.int32)
    copies = [datasets.image_path(ws, dataset.id, image) for image in images]
    groups = [image.group for image in images]
    score = checking.check(predictor, copies, labels, lambda done, total: None, groups)
    result = TestScore(test=_checked(score), openings=datasets.num_openings(ws, dataset.id))
    files.write_record(ws.run(run_id).test, result)
    return result


def _checked(score: Accuracy) -> Accuracy:
    if score.images:
        return score
    raise UserError(
        say("The test part of this data set has no images."),
        expected=say("A class of 3 images or more gives at least one to it."),
        mend=say("Add images, then train again."),
    )
