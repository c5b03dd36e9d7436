"""A finished model of numbers asked about a whole part of its data set."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from core import datasets, files
from core.datasets import parts
from core.datasets.numbered import similar
from core.engine.prediction import checking
from core.engine.prediction.checking import Outputs
from core.engine.prediction.compiled import Predictor
from core.errors import UserError
from core.judging.numbers import scoring
from core.records import ImageRecord, ModelCard, Split, TestScore
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.words import say
from core.workspace import Workspace


def open_part(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> TestScore:
    """Open the test part for a run of numbers, and judge its model; see `evaluation.test`.

    Raises `UserError` where it holds no image.
    """
    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert card.target is not None
    dataset = datasets.get(ws, card.config.dataset_id, card.config.dataset_version)
    predictor = load()
    images = list(datasets.open_test_of(ws, dataset, run_id))
    if not images:
        raise _no_images()
    found, _ = read_part(ws, card, images, predictor)
    score = scoring.score(
        found.true, found.said, found.groups, mean=card.target.mean, nearest=found.nearest
    )
    openings = datasets.num_openings(ws, dataset.id)
    result = TestScore(test=None, openings=openings, numbers=score)
    numbers.write(ws.run(run_id), Split.TEST, found)
    files.write_record(ws.run(run_id).test, result)
    return result


def read_part(
    ws: Workspace, card: ModelCard, images: Sequence[ImageRecord], predictor: Predictor
) -> tuple[NumberAnswers, Outputs]:
    """Ask a model about images of its data set, and the most similar pictures beside it."""
    config = card.config
    known = list(datasets.images(ws, config.dataset_id, config.dataset_version))
    learned, _ = parts.divide(known, config)

    def copies(some: Sequence[ImageRecord]) -> list[Path]:
        return [datasets.image_path(ws, config.dataset_id, image) for image in some]

    outputs = checking.ask(predictor, copies(images), lambda done, total: None)
    taught = np.array([image.number for image in learned])
    answers = NumberAnswers(
        contents=tuple(image.content for image in images),
        groups=tuple(image.group for image in images),
        true=np.array([image.number for image in images]),
        said=np.asarray(outputs.columns[:, 0], np.float64),
        nearest=similar.of_pixels(copies(learned), taught, copies(images)),
    )
    return answers, outputs


def _no_images() -> UserError:
    return UserError(
        say("The test part of this data set has no images."),
        expected=say("A data set of 10 images or more gives at least one to it."),
        mend=say("Add images, then train again."),
    )
