"""The end of a run: the whole model saved, checked through the prediction path, and described."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core import files
from core.engine.features.cache_folder import Cache
from core.engine.loop import classifying
from core.engine.loop.schedules import TrainingState
from core.engine.networks import converting, heads, network, openvino_network, saving
from core.engine.networks.converting import Convert
from core.engine.networks.network import Network
from core.engine.prediction import checking, in_keras
from core.engine.prediction.checking import Outputs
from core.engine.prediction.compiled import Predictor
from core.engine.training import setup
from core.engine.training.progress import RunReport
from core.engine.training.setup import Setup
from core.engine.training.training_data import ImageSet
from core.images import pixels
from core.judging import picking, statistics
from core.judging.evaluation import by_groups
from core.models import solving
from core.records import Accuracy, ModelCard, Paired, Phase, Stage
from core.records.results import PICKED
from core.words import Message, nsay, say
from core.workspace import RunFolder


def save(ready: Setup, state: TrainingState, report: RunReport, temperature: float) -> keras.Model:
    """Save what is kept: one ``.keras`` file that plain Keras loads, its logits tempered."""
    num, config = len(ready.data.validation.copies), ready.config
    solves = solving.solves(config)
    fitted = config.is_fitted and classifying.told(config.classifier, state.kept_accuracy, num)
    for sentence in [fitted] if fitted else judgement(state, num, solves=solves):
        report.log(sentence)
    report.enter(Stage.SAVING)
    heads.temper(ready.network.head, temperature)
    model = network.whole(network.portable(ready.network, ready.config.backbone))
    saving.save(model, report.folder.model)
    return model


def check(
    ready: Setup, state: TrainingState, report: RunReport, model: keras.Model, *, is_tried: bool
) -> tuple[Accuracy | None, Outputs | None]:
    """Judge the saved model as prediction uses it, and say whether training came to the same.

    Beside its score what it makes of each image. One that is not tried, since that could
    stand still, has the figures of training, and answers nothing. No score where the validation
    images were learned from.
    """
    validation = ready.data.validation
    if not validation.images:
        if is_tried:
            _predictor(ready, report, model)
        return None, None
    if not is_tried:
        report.log(UNTRIED)
        return picking.widened(_as_trained(validation, state), state.picking_cost), None
    report.enter(Stage.CHECKING)
    predictor = _predictor(ready, report, model)
    outputs = checking.ask(
        predictor, validation.copies, lambda done, total: report.progress(done / total)
    )
    checked = checking.judge(outputs.probabilities, validation.labels, validation.groups)
    report.log(checking.complaint(checked, state.kept_accuracy) or checking.summary(checked))
    return picking.widened(checked, state.picking_cost), outputs


def _as_trained(validation: ImageSet, state: TrainingState) -> Accuracy:
    """Give the score that training measured, by groups as wide as they may make it."""
    correct = round(state.kept_accuracy * len(validation.labels))
    largest = checking.largest_class(validation.labels)
    score = statistics.accuracy(correct, len(validation.labels), largest_class=largest)
    if not any(validation.groups):
        return score
    low, high = by_groups.widest(score.accuracy, validation.groups)
    return replace(score, low=low, high=high)


UNTRIED = say(
    "Training did not end by itself. The model was saved from its last checkpoint, without "
    "the final check: its score is the one measured on the validation images in training."
)


def _predictor(ready: Setup, report: RunReport, model: keras.Model) -> Predictor:
    """Make the saved model ready for the check as prediction will find it."""
    copies = (ready.data.validation.copies or ready.data.train.copies)[:4]
    cache = Cache.at(ready.cache)
    frozen = ready.cache / setup.key_of(ready, Phase.HEAD)
    samples = np.stack([pixels.read_copy(copy, ready.network.size) for copy in copies])
    predictor, reason = in_keras.prepare(
        model,
        samples,
        cache,
        report.folder.path.name,
        convert=None if ready.config.thaws else _shortcut(frozen, ready.network),
        beside=[setup.key_of(ready, phase) for phase in Phase],
    )
    if reason is not None:
        report.log(reason)
    return predictor


def _shortcut(frozen: Path, network: Network) -> Convert | None:
    """Where the backbone never learned, take the frozen network that made the features."""
    if not openvino_network.is_there(frozen):
        return None
    channels = int(network.backbone.output_shape[-1])
    return lambda model, shape, folder: converting.graft(
        frozen, network.head, folder, channels=channels
    )


def describe(
    ready: Setup,
    state: TrainingState,
    report: RunReport,
    model: keras.Model,
    checked: Accuracy | None,
    temperature: float,
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
        kept_phase=state.kept_phase.value,
        kept_epoch=state.kept_epoch,
        num_epochs=state.num_epochs,
        seconds=time.monotonic() - report.started,
        num_parameters=model.count_params(),
        num_trainable=network.num_learned(ready.network, state.phase),
        weights_file=ready.weights_file,
        weights_sha256=ready.weights if ready.weights_file else "",
        device=ready.device.name,
        precision=ready.device.policy,
        versions=saving.versions(),
        created_at=time.time(),
        bands=data.dataset.bands,
        fine_tune_seconds=_fine_tune_seconds(folder),
        picked=picked(state),
        tuned=state.tuned,
        temperature=temperature,
    )
    files.write_record(folder.card, card)
    report.progress(1.0)


def _fine_tune_seconds(folder: RunFolder) -> float:
    """Add up the epochs of fine-tuning, over every start of the run."""
    rows = files.read_rows(folder.metrics)
    epochs = [row for row in rows if row["phase"] == Phase.FINE_TUNE and "val_loss" in row]
    return float(sum(row["seconds"] for row in epochs))


def judgement(state: TrainingState, images: int, *, solves: bool = False) -> list[Message]:
    """Say which epoch is kept and, after fine-tuning, why that or the head alone.

    Epochs are counted through both phases, as in the charts; ``images`` are those of validation.
    """
    is_tuned = state.kept_phase is Phase.FINE_TUNE
    of_head = state.num_epochs - state.epoch if is_tuned else 0
    if not images:
        return [_unjudged(of_head + state.kept_epoch, state.num_epochs, solves and not is_tuned)]
    kept = (
        _solved(state, images)
        if solves and not is_tuned
        else say(
            "Epoch {epoch} of {num} is kept: {correct} of {images} validation images are right, "
            "with a loss of {loss}.",
            epoch=of_head + state.kept_epoch,
            num=state.num_epochs,
            **_score(state, images),
        )
    )
    return [kept] if state.tuned is None else [kept, _choice(state.tuned, images)]


def _unjudged(epoch: int, num_epochs: int, is_solved: bool) -> Message:
    if is_solved:
        return nsay(
            "The head was solved in {num} iteration, from the validation images too.",
            "The head was solved in {num} iterations, from the validation images too.",
            num=epoch,
        )
    return say(
        "Epoch {epoch} of {num} is kept. It learned from the validation images too.",
        epoch=epoch,
        num=num_epochs,
    )


def _solved(state: TrainingState, images: int) -> Message:
    return nsay(
        "The head was solved in {num} iteration: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        "The head was solved in {num} iterations: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        num=state.kept_epoch,
        **_score(state, images),
    )


def _score(state: TrainingState, images: int) -> dict[str, Any]:
    correct = round(state.kept_accuracy * images)
    return {"correct": correct, "images": images, "loss": f"{state.kept_loss:.3f}"}


def _choice(tuned: Paired, images: int) -> Message:
    counts = {"fixed": tuned.fixed, "broke": tuned.broke, "images": images}
    if tuned.is_worse:
        return say(
            "The head alone is kept: of {images} validation images fine-tuning put {fixed} right "
            "and {broke} wrong, which is more than chance explains (p = {p}).",
            p=f"{tuned.p:.2g}",
            **counts,
        )
    if tuned.broke <= tuned.fixed or tuned.better > tuned.worse:  # of images, or of groups
        return say(
            "Fine-tuning is kept: of {images} validation images it put {fixed} right and {broke} "
            "wrong, against the head alone.",
            **counts,
        )
    return say(
        "Fine-tuning is kept: of {images} validation images it put {fixed} right and {broke} "
        "wrong, against the head alone, which may be chance (p = {p}).",
        p=f"{tuned.p:.2g}",
        **counts,
    )


def picked(state: TrainingState) -> tuple[str, ...]:
    """Name what the validation images decided."""
    decided = {"phase": state.tuned is not None, "end": state.picked_end}
    return tuple(name for name in PICKED if decided.get(name))
