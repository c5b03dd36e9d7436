"""The end of a run: the whole model saved, checked through the prediction path, and described."""

import time
from pathlib import Path

import keras
import numpy as np

from core import files
from core.engine.features.cache_folder import Cache
from core.engine.loop.schedules import TrainingState
from core.engine.networks import converting, network, openvino_network, saving
from core.engine.networks.converting import Convert
from core.engine.networks.heads import Head
from core.engine.prediction import checking, in_keras
from core.engine.prediction.compiled import Predictor
from core.engine.training import setup
from core.engine.training.progress import RunReport
from core.engine.training.setup import Setup
from core.images import pixels
from core.judging import statistics
from core.models import solving
from core.records import Accuracy, ModelCard, Phase, Stage
from core.words import Message, nsay, say
from core.workspace import RunFolder


def save(ready: Setup, state: TrainingState, report: RunReport) -> keras.Model:
    """Save the best model: one ``.keras`` file that plain Keras loads."""
    num, solves = len(ready.data.validation.copies), solving.solves(ready.config)
    for sentence in judgement(state, num, solves=solves):
        report.log(sentence)
    report.enter(Stage.SAVING)
    model = network.whole(network.portable(ready.network, ready.config.backbone))
    saving.save(model, report.folder.model)
    return model


def check(
    ready: Setup, state: TrainingState, report: RunReport, model: keras.Model, *, is_tried: bool
) -> Accuracy:
    """Judge the saved model as prediction uses it, and say whether training came to the same.

    One that is not tried, since that could stand still, has the figures of training.
    """
    validation = ready.data.validation
    if not is_tried:
        report.log(UNTRIED)
        correct = round(state.best_accuracy * len(validation.labels))
        largest = checking.largest_class(validation.labels)
        return statistics.accuracy(correct, len(validation.labels), largest_class=largest)
    report.enter(Stage.CHECKING)
    predictor = _predictor(ready, report, model)
    checked = checking.check(
        predictor,
        validation.copies,
        validation.labels,
        lambda done, total: report.progress(done / total),
    )
    report.log(checking.complaint(checked, state.best_accuracy) or checking.summary(checked))
    return checked


UNTRIED = say(
    "Training did not end by itself. The model was saved from its last checkpoint, without "
    "the final check: its score is the one measured on the validation images in training."
)


def _predictor(ready: Setup, report: RunReport, model: keras.Model) -> Predictor:
    """Make the saved model ready for the check as prediction will find it."""
    copies, cache = ready.data.validation.copies, Cache.at(ready.cache)
    frozen = ready.cache / setup.key_of(ready, Phase.HEAD)
    samples = np.stack([pixels.read_copy(copy, ready.network.size) for copy in copies[:4]])
    predictor, reason = in_keras.prepare(
        model,
        samples,
        cache,
        report.folder.path.name,
        convert=None if ready.config.thaws else _shortcut(frozen, ready.network.head),
        beside=[setup.key_of(ready, phase) for phase in Phase],
    )
    if reason is not None:
        report.log(reason)
    return predictor


def _shortcut(frozen: Path, head: Head) -> Convert | None:
    """Where the backbone never learned, take the frozen network that made the features."""
    if not openvino_network.is_there(frozen):
        return None
    return lambda model, shape, folder: converting.graft(frozen, head, folder)


def describe(
    ready: Setup, state: TrainingState, report: RunReport, model: keras.Model, checked: Accuracy
) -> None:
    """Write the card of the model, last of all: a run that has one is whole."""
    folder, data = report.folder, ready.data
    card = ModelCard(
        run_id=folder.path.name,
        config=ready.config,
        labels=data.labels,
        dataset_name=data.dataset.name,
        dataset_fingerprint=data.dataset.fingerprint,
        num_train=len(data.train.images),
        validation=checked,
        best_phase=state.best_phase.value,
        best_epoch=state.best_epoch,
        num_epochs=state.num_epochs,
        seconds=time.monotonic() - report.started,
        num_parameters=model.count_params(),
        num_trainable=network.count(network.thaw(ready.network, state.phase)),
        weights_file=ready.weights_file,
        weights_sha256=ready.weights if ready.weights_file else "",
        device=ready.device.name,
        precision=ready.device.policy,
        versions=saving.versions(),
        created_at=time.time(),
        bands=data.dataset.bands,
        fine_tune_seconds=_fine_tune_seconds(folder),
    )
    files.write_record(folder.card, card)
    report.progress(1.0)


def _fine_tune_seconds(folder: RunFolder) -> float:
    """Add up the epochs of fine-tuning, over every start of the run."""
    rows = files.read_rows(folder.metrics)
    epochs = [row for row in rows if row["phase"] == Phase.FINE_TUNE and "val_loss" in row]
    return float(sum(row["seconds"] for row in epochs))


def _solved(state: TrainingState, correct: int, images: int) -> Message:
    return nsay(
        "The head was solved in {num} iteration: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        "The head was solved in {num} iterations: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        num=state.best_epoch,
        correct=correct,
        images=images,
        loss=f"{state.best_loss:.3f}",
    )


def judgement(state: TrainingState, images: int, *, solves: bool = False) -> list[Message]:
    """Say which epoch is kept and, after fine-tuning, whether it scored higher.

    Epochs are counted through both phases, as in the charts; ``images`` are those of validation.
    """
    tuned = state.phase is Phase.FINE_TUNE and state.epoch > 0
    of_head = state.num_epochs - state.epoch if tuned else 0
    is_tuned = state.best_phase is Phase.FINE_TUNE
    correct = round(state.best_accuracy * images)
    best = (
        _solved(state, correct, images)
        if solves and not is_tuned
        else say(
            "The best epoch is epoch {epoch} of {num}: {correct} of {images} validation images are "
            "right, with a loss of {loss}.",
            epoch=state.best_epoch + (of_head if is_tuned else 0),
            num=state.num_epochs,
            correct=correct,
            images=images,
            loss=f"{state.best_loss:.3f}",
        )
    )
    if is_tuned or not tuned:
        return [best]
    hurt = say(
        "No epoch of fine-tuning scored higher: {before} of {images} validation images were right "
        "before it, and at most {after} in it. The model from before it is kept.",
        before=correct,
        images=images,
        after=round(state.phase_accuracy * images),
    )
    return [best, hurt]
