"""Read what the code of a finished run follows from, or say why it cannot be written."""

from collections import Counter
from collections.abc import Collection, Mapping

from core import datasets, files, runs
from core.errors import UserError
from core.exports.code import settings
from core.exports.code.trained_run import TaughtBy, TrainedRun, last_layers
from core.images import sixteen_bits
from core.models import solving
from core.models.catalog import AUGMENTATIONS, BACKBONES, OWN
from core.records import ModelCard, State
from core.runs import inference
from core.words import Message, say
from core.workspace import Workspace

# What was changed in a picture as it was read: what its code has to do too.
CHANGES: Mapping[str, str] = {
    "turned upright as the camera noted": "turned",
    "its colour profile was converted to sRGB": "profiled",
    "transparent parts were put on white": "transparent",
    "16-bit brightness was scaled to 8 bits": "deep",
    sixteen_bits.FLATTENED: "deep",
}


def trained_run(ws: Workspace, run_id: str) -> TrainedRun:
    """Read a finished run. Raises `UserError` where there is none, or no code can be written."""
    inference.check_finished(ws, run_id)
    card = files.read_record(ws.run(run_id).card, ModelCard)
    config = card.config
    try:
        dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
        images = datasets.images(ws, config.dataset_id, config.dataset_version)
    except UserError:
        raise _unwritten(say("Its data set is gone, and with it the list of its images.")) from None
    found = TrainedRun(
        card=card,
        images=tuple(i for i in images if card.task.is_number or i.label in card.labels),
        strength=_strength(ws, run_id),
        changes=_changes(ws, config.dataset_id),
        was_stopped=runs.state_of(ws, run_id).state is State.STOPPED,
        teacher=_teacher(ws, config.teacher) if config.teacher else None,
    )
    if reason := _hindrance(found, dataset.bands):
        raise _unwritten(reason)
    return found


def _unwritten(reason: Message) -> UserError:
    return UserError(
        say("The code of this run cannot be written."),
        expected=reason,
        mend=say("Take the model itself away instead."),
    )


def _teacher(ws: Workspace, run_id: str) -> TaughtBy:
    """Find the model that taught a run. Raises `UserError` where it is gone."""
    folder = ws.run(run_id)
    if not folder.card.exists() or not folder.model.exists():
        raise _unwritten(say("Its teacher is gone, and the code learns from what that says."))
    card = files.read_record(folder.card, ModelCard)
    return TaughtBy(
        run_id=run_id,
        model=folder.model,
        labels=card.labels,
        image_size=card.config.image_size,
        is_single=card.config.output == "sigmoid",
    )


def _changes(ws: Workspace, dataset_id: str) -> frozenset[str]:
    """Name what was changed in any picture of a data set."""
    told = {said.text for report in datasets.report(ws, dataset_id) for said in report.changes}
    return frozenset(flag for text, flag in CHANGES.items() if text in told)


def _strength(ws: Workspace, run_id: str) -> float | None:
    """Find in the log how strong the decay of a solved head is."""
    told = [dict(said.values) for said in runs.log(ws, run_id) if said.text == solving.STRENGTH]
    value = told[-1].get("value") if told else None
    if not isinstance(value, int | float):
        return None
    return float(value)


def _hindrance(run: TrainedRun, bands: str) -> Message | None:
    unknown = [name for name, known in _choices(run) if name not in known]
    twice = [name for name, num in Counter(i.file for i in run.images).items() if num > 1]
    if run.config.backbone.startswith(OWN):
        return say("Its backbone was brought into Thaw, and the code builds what Keras brings.")
    if unknown:
        return say("The code uses what Keras brings, and that has no '{name}'.", name=unknown[0])
    for name, (only, sentence) in settings.ONLY.items():
        if getattr(run.config, name) != only:
            return say(sentence)
    if bands:
        return say("Its pictures have more bands than colours, which plain Python does not read.")
    if twice:
        return say("Several of its pictures are called {file}.", file=twice[0])
    if "epoch" in run.card.picked:
        return say("It was trained by an older version of Thaw, which kept the best epoch.")
    if solving.solves(run.config) and run.strength is None:
        return say("Its log does not say how its last layer was found, as that of older runs.")
    return None


def _choices(run: TrainedRun) -> tuple[tuple[str, Collection[str]], ...]:
    """Give each choice with those that the code can be written for; first, what others need."""
    config = run.config
    if config.backbone not in BACKBONES:
        return ((config.backbone, BACKBONES),)
    return (
        (run.backbone.constructor, last_layers()),
        (run.backbone.preprocessing, settings.PREPROCESSINGS),
        (config.pooling, settings.POOLINGS),
        (config.optimizer, settings.OPTIMIZERS),
        (config.schedule, settings.SCHEDULES),
        (config.augmentation, AUGMENTATIONS),
    )
