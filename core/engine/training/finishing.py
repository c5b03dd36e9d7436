"""The end of a run: the whole model saved, checked through the prediction path, and described."""

import time
from dataclasses import dataclass

import keras
import numpy as np

from core import files
from core.engine.features.cache_folder import Cache
from core.engine.networks import converting, network, openvino_network, saving
from core.engine.networks.converting import Convert
from core.engine.prediction import checking, compiled
from core.engine.prediction.compiled import Predictor
from core.engine.training import recipes
from core.engine.training.phases import Setting
from core.engine.training.recipes import Recipe
from core.engine.training.schedules import Standing
from core.images import pixels
from core.judging import statistics
from core.records import Accuracy, ModelCard, Phase, Stage
from core.words import Message, say
from core.workspace import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What training came to."""

    standing: Standing
    num_trainable: int
    started: float  # monotonic seconds
    is_checked: bool = True  # whether the model is tried out; without, nothing could stand still


def finish(setting: Setting, folder: RunFolder, outcome: Outcome) -> None:
    """Save the model of the best epoch, check it as prediction uses it, write its card last."""
    reporter, standing = setting.reporter, outcome.standing
    recipe = setting.recipe
    for sentence in judgement(standing, len(recipe.material.validation.copies)):
        reporter.say(sentence)
    reporter.enter(Stage.SAVING)
    model = network.whole(network.portable(recipe.network, recipe.config))
    saving.save(model, folder.model)
    checked = (_checked if outcome.is_checked else _of_training)(setting, model, folder, standing)
    files.write_record(folder.card, _card(recipe, folder, outcome, checked, model.count_params()))
    reporter.progress(1.0)


def _checked(
    setting: Setting, model: keras.Model, folder: RunFolder, standing: Standing
) -> Accuracy:
    """Judge the saved model as prediction uses it, and say whether training came to the same."""
    reporter, validation = setting.reporter, setting.recipe.material.validation
    reporter.enter(Stage.CHECKING)
    predictor = _predictor(setting, model, folder)
    checked = checking.check(
        predictor,
        validation.copies,
        validation.labels,
        lambda done, total: reporter.progress(done / total),
    )
    complaint = checking.complaint(checked, standing.best_accuracy)
    reporter.say(complaint or checking.summary(checked))
    return checked


def _of_training(
    setting: Setting, model: keras.Model, folder: RunFolder, standing: Standing
) -> Accuracy:
    """Take the figures of training for those of a model that is not tried out."""
    labels = setting.recipe.material.validation.labels
    setting.reporter.say(
        say(
            "Training did not end by itself. The model was saved from its last checkpoint, without "
            "the final check: its score is the one measured on the validation images in training."
        )
    )
    correct = round(standing.best_accuracy * len(labels))
    return statistics.accuracy(correct, len(labels), largest_class=checking.largest_class(labels))


def _predictor(setting: Setting, model: keras.Model, folder: RunFolder) -> Predictor:
    """Make the saved model ready for the check as prediction will find it."""
    copies, cache = setting.recipe.material.validation.copies, Cache.at(setting.recipe.cache)
    samples = np.stack([pixels.read(copy, setting.recipe.network.size) for copy in copies[:4]])
    predictor, reason = compiled.prepare(
        model,
        samples,
        cache,
        folder.path.name,
        convert=_shortcut(setting.recipe),
        beside=[recipes.key_of(setting.recipe, phase) for phase in Phase],
    )
    if reason is not None:
        setting.reporter.say(reason)
    return predictor


def _shortcut(recipe: Recipe) -> Convert | None:
    """Where the backbone never learned, take the frozen network that made the features."""
    if recipe.config.thaws:
        return None
    prefix, head = recipe.cache / recipes.key_of(recipe, Phase.HEAD), recipe.network.head
    if not openvino_network.is_there(prefix):
        return None
    return lambda model, shape, folder: converting.graft(prefix, head, folder)


def _card(
    recipe: Recipe, folder: RunFolder, outcome: Outcome, checked: Accuracy, parameters: int
) -> ModelCard:
    standing, material = outcome.standing, recipe.material
    return ModelCard(
        run_id=folder.path.name,
        config=recipe.config,
        labels=material.labels,
        dataset_name=material.dataset.name,
        dataset_fingerprint=material.dataset.fingerprint,
        num_train=len(material.train.images),
        validation=checked,
        best_phase=standing.best_phase.value,
        best_epoch=standing.best_epoch,
        num_epochs=standing.num_epochs,
        seconds=time.monotonic() - outcome.started,
        num_parameters=parameters,
        num_trainable=outcome.num_trainable,
        weights_file=recipe.weights_file,
        weights_sha256=recipe.weights if recipe.weights_file else "",
        device=recipe.device.name,
        precision=recipe.device.policy,
        versions=saving.versions(),
        created_at=time.time(),
        bands=material.dataset.bands,
        fine_tune_seconds=_fine_tune_seconds(folder),
    )


def _fine_tune_seconds(folder: RunFolder) -> float:
    """Add up the epochs of fine-tuning, over every start of the run."""
    rows = files.read_rows(folder.metrics)
    epochs = [row for row in rows if row["phase"] == Phase.FINE_TUNE and "val_loss" in row]
    return float(sum(row["seconds"] for row in epochs))


def judgement(standing: Standing, images: int) -> list[Message]:
    """Say which epoch is kept and, after fine-tuning, whether it scored higher.

    Epochs are counted through both phases, as in the charts; ``images`` are those of validation.
    """
    tuned = standing.phase is Phase.FINE_TUNE and standing.epoch > 0
    of_head = standing.num_epochs - standing.epoch if tuned else 0
    is_tuned = standing.best_phase is Phase.FINE_TUNE
    correct = round(standing.best_accuracy * images)
    best = say(
        "The best epoch is epoch {epoch} of {num}: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        epoch=standing.best_epoch + (of_head if is_tuned else 0),
        num=standing.num_epochs,
        correct=correct,
        images=images,
        loss=f"{standing.best_loss:.3f}",
    )
    if is_tuned or not tuned:
        return [best]
    hurt = say(
        "No epoch of fine-tuning scored higher: {before} of {images} validation images were right "
        "before it, and at most {after} in it. The model from before it is kept.",
        before=correct,
        images=images,
        after=round(standing.phase_accuracy * images),
    )
    return [best, hurt]
