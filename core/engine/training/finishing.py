"""The end of a run: the whole model saved, checked through the prediction path, and described."""

import time
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from core import files
from core.engine.features.cache_folder import Cache
from core.engine.loop import classifying, verdicts
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
from core.records import (
    Accuracy,
    ModelCard,
    NumberScore,
    Phase,
    Stage,
)
from core.records.results import PICKED
from core.words import say
from core.workspace import RunFolder


def save(ready: Setup, state: TrainingState, report: RunReport, temperature: float) -> keras.Model:
    """Save what is kept: one ``.keras`` file that plain Keras loads, its logits tempered."""
    num, config, target = len(ready.data.validation.copies), ready.config, ready.data.target
    solves = solving.solves(config)
    fitted = config.is_fitted and classifying.told(config.classifier, state.kept_accuracy, num)
    told = [] if target else [fitted] if fitted else verdicts.judgement(state, num, solves=solves)
    for sentence in told:
        report.log(sentence)
    report.enter(Stage.SAVING)
    if target is not None:
        heads.restore_unit(ready.network.head, target.mean, target.deviation)
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
        if ready.data.target is not None:
            return None, None
        return picking.widened(_as_trained(validation, state), state.picking_cost), None
    report.enter(Stage.CHECKING)
    predictor = _predictor(ready, report, model)
    outputs = checking.ask(
        predictor, validation.copies, lambda done, total: report.progress(done / total)
    )
    if ready.data.target is not None:
        return None, outputs
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
    checked: Accuracy | NumberScore | None,
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
        validation=checked if isinstance(checked, Accuracy) else None,
        numbers=checked if isinstance(checked, NumberScore) else None,
        target=data.target,
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


def picked(state: TrainingState) -> tuple[str, ...]:
    """Name what the validation images decided."""
    decided = {"phase": state.tuned is not None, "end": state.picked_end}
    return tuple(name for name in PICKED if decided.get(name))
