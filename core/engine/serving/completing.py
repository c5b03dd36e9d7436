"""What runs of earlier versions did not leave for whoever judges them, written later.

Runs that were saved from a checkpoint, since they stood still, left nothing either.
"""

from collections.abc import Callable

import numpy as np

from core import datasets, files
from core.datasets import baselines
from core.engine.prediction.compiled import Predictor
from core.engine.serving import evaluation as asking, numbers
from core.errors import UserError
from core.images import pixels
from core.records import ImageRecord, ModelCard, Phase, RunEvaluation, Split
from core.run_results import (
    evaluation,
    numbers as number_files,
    pooled,
    predictions,
    prototypes,
    thresholds,
)
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.words import say
from core.workspace import RunFolder, Workspace

_SAMPLES = 4  # images on which a converted model is compared


def complete(ws: Workspace, run_id: str, load: Callable[[], Predictor]) -> None:
    """Write the answers and the pooled features of a run, where they are not there.

    ``load`` gives its model with pooled features. Raises `UserError` where the images are gone.
    """
    folder = ws.run(run_id)
    card = files.read_record(folder.card, ModelCard)
    if card.target is not None:
        _complete_numbers(ws, folder, card, load)
        return
    has_answers = not card.config.validates or predictions.read(folder) is not None
    if not has_answers or pooled.read(folder) is None:
        _ask(ws, folder, card, load)
    if evaluation.read(folder) is None:
        found = RunEvaluation(
            temperature=card.temperature,
            baselines=baselines.of_part(ws, card.config),
            thresholds=thresholds.choose(ws, folder, card.config),
        )
        evaluation.write(folder, found)
    if prototypes.read(folder) is None:
        parent = card.config.refit_of
        prototypes.make(
            folder,
            num_classes=len(card.labels),
            is_tuned=card.kept_phase == Phase.FINE_TUNE,
            parent=ws.run(parent) if parent else None,
        )
    opened = predictions.read(folder, Split.TEST)
    if opened is not None and pooled.read(folder, test=True) is None:
        asking.write_features(folder, *asking.ask(ws, card, _opened(ws, card, opened), load()))


def _complete_numbers(
    ws: Workspace, folder: RunFolder, card: ModelCard, load: Callable[[], Predictor]
) -> None:
    """Write the answers of a model of numbers to its validation images."""
    if card.config.validates and number_files.read(folder) is None:
        images = _images(ws, card, learned=False)
        number_files.write(folder, Split.VALIDATION, numbers.read_part(ws, card, images, load())[0])


def _ask(ws: Workspace, folder: RunFolder, card: ModelCard, load: Callable[[], Predictor]) -> None:
    features = _training(ws, card, load())
    if card.config.validates:
        answers, outputs = asking.ask(ws, card, _images(ws, card, learned=False), load())
        if predictions.read(folder) is None:
            predictions.write(folder, Split.VALIDATION, answers)
        assert outputs.features is not None
        validation = asking.features_of(answers, outputs.features, learned=False)
        features = pooled.join(validation, features)
    pooled.write(folder, features)


def convert(ws: Workspace, run_id: str) -> Predictor:
    """Make a saved model ready to be asked, its pooled features beside its probabilities."""
    from core.engine.features.cache_folder import Cache
    from core.engine.prediction import in_keras  # loads TensorFlow

    card = files.read_record(ws.run(run_id).card, ModelCard)
    images = _images(ws, card, learned=True)[:_SAMPLES]
    copies = [datasets.image_path(ws, card.config.dataset_id, image) for image in images]
    samples = np.stack([pixels.read_copy(copy, card.config.image_size) for copy in copies])
    model = in_keras.read(ws.run(run_id).model)
    return in_keras.prepare(model, samples, Cache.at(ws.features), run_id)[0]


def _training(ws: Workspace, card: ModelCard, predictor: Predictor) -> PooledFeatures:
    images = _images(ws, card, learned=True)
    rows = pooled.sample([card.labels.index(i.label) for i in images], [i.content for i in images])
    answers, outputs = asking.ask(ws, card, [images[row] for row in rows], predictor)
    assert outputs.features is not None
    return asking.features_of(answers, outputs.features, learned=True)


def _images(ws: Workspace, card: ModelCard, *, learned: bool) -> list[ImageRecord]:
    """List the images that a run learned from, or those of its validation part."""
    config = card.config
    parts = {Split.TRAIN} if config.validates else {Split.TRAIN, Split.VALIDATION}
    found = [
        image
        for image in datasets.images(ws, config.dataset_id, config.dataset_version)
        if (card.target is not None or image.label in card.labels)
        and image.split is not Split.TEST
        and (image.split in parts) is learned
    ]
    if not found:
        raise _gone()
    return found


def _opened(ws: Workspace, card: ModelCard, answers: PartPredictions) -> list[ImageRecord]:
    """List the test images that a run's model was asked about when they were opened for it."""
    known = datasets.images(ws, card.config.dataset_id, card.config.dataset_version)
    found = [i for i in known if i.split is Split.TEST and i.content in answers.contents]
    if not found:
        raise _gone()
    return [image for image in found if image.label in card.labels]


def _gone() -> UserError:
    return UserError(
        say("The images that this run was judged on are not in its data set."),
        expected=say("The version of the data set that the run learned from."),
        mend=say("Train again on a version that has them."),
    )
