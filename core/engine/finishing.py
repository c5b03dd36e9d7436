"""The end of a run: the whole model saved, checked through the prediction path, and described."""

import time
from dataclasses import dataclass

from core import files
from core.engine import checking, network, predicting, saving
from core.engine.phases import Setting
from core.engine.schedules import Standing
from core.records import Accuracy, ModelCard, Phase, Stage
from core.words import Message, say
from core.workspace import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What training came to."""

    standing: Standing
    num_trainable: int
    started: float  # monotonic seconds


def finish(setting: Setting, folder: RunFolder, outcome: Outcome) -> None:
    """Save the model of the best epoch, check the saved file, and write its card last."""
    reporter, standing = setting.reporter, outcome.standing
    for sentence in judgement(standing):
        reporter.say(sentence)
    reporter.enter(Stage.SAVING)
    model = network.whole(network.portable(setting.network, setting.config))
    saving.save(model, folder.model)
    reporter.enter(Stage.CHECKING)
    validation = setting.material.validation
    checked = checking.check(
        predicting.load(folder.model),
        validation.copies,
        validation.labels,
        lambda done, total: reporter.progress(done / total),
    )
    complaint = checking.complaint(checked, standing.best_accuracy)
    reporter.say(complaint or checking.summary(checked))
    files.write_record(folder.card, _card(setting, folder, outcome, checked, model.count_params()))
    reporter.progress(1.0)


def _card(
    setting: Setting, folder: RunFolder, outcome: Outcome, checked: Accuracy, parameters: int
) -> ModelCard:
    standing, material, config = outcome.standing, setting.material, setting.config
    pretrained = bool(setting.weights_file)
    return ModelCard(
        run_id=folder.path.name,
        config=config,
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
        weights_file=setting.weights_file,
        weights_sha256=setting.weights if pretrained else "",
        device=setting.device.name,
        precision=setting.device.policy,
        versions=saving.versions(),
        created_at=time.time(),
    )


def judgement(standing: Standing) -> list[Message]:
    """Say which epoch is kept and whether fine-tuning helped."""
    best = say(
        "The best epoch is epoch {epoch} of the {phase} phase: validation loss {loss}.",
        epoch=standing.best_epoch,
        phase=say("head") if standing.best_phase is Phase.HEAD else say("fine-tuning"),
        loss=round(standing.best_loss, 4),
    )
    if standing.phase is Phase.HEAD or not standing.epoch:
        return [best]
    if standing.best_phase is Phase.HEAD:
        hurt = say(
            "Fine-tuning did not help: the validation loss was {before} before it and at best "
            "{after} in it. The model from before it is kept.",
            before=round(standing.best_loss, 4),
            after=round(standing.phase_loss, 4),
        )
        return [best, hurt]
    return [best]
