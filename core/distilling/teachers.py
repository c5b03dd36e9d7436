"""A student of a finished run: a smaller backbone, and the same without a teacher beside it.

Distillation is of Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network" (2015).
"""

from dataclasses import dataclass, replace

from core import datasets, runs, trash
from core.datasets import parts
from core.errors import UserError
from core.models import catalog, presets, weights
from core.models.catalog import BACKBONES, CLASSIFIERS, Backbone
from core.records import Run, State, TrainConfig
from core.records.choices import TASKS
from core.words import say
from core.workspace import Workspace

USUAL = TrainConfig(dataset_id="")
PRESET = "thorough"  # learns from variations and, with enough images, adapts the backbone
_NO_DIFFERENCE = {"teacher": "", "cloned_from": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Students:
    """The two runs that were queued, or are there already."""

    student: str
    alone: str  # without the teacher; empty: it was not wanted


def why_not(ws: Workspace, run: Run) -> UserError | None:
    """Say why the model of a run cannot teach; None: it can."""
    if run.card is None:
        return UserError(
            say("The run '{run}' has no model.", run=run.id),
            expected=say("A run that has ended with a model can teach."),
            mend=say("Wait until it is done, or choose another run."),
        )
    if TASKS[run.config.task].is_number:
        return UserError(
            say("The run '{run}' answers a number.", run=run.id),
            expected=say("A teacher says how likely each class is."),
            mend=say("Choose a run that names classes as the teacher."),
        )
    if not run.config.validates:
        return UserError(
            say("The run '{run}' learned from the validation images too.", run=run.id),
            expected=say("What a teacher learned from cannot judge its student."),
            mend=say("Take the run that it was made from as the teacher."),
        )
    if not CLASSIFIERS[run.config.classifier].is_calibrated:
        return UserError(
            say("The run '{run}' lets similar images vote.", run=run.id),
            expected=say("A teacher says how likely each class is."),
            mend=say("Train a run with the classifier 'linear' and take that as the teacher."),
        )
    if run.config.dataset_id not in datasets.ids(ws):
        return UserError(
            say("The data set of the run '{run}' was deleted.", run=run.id),
            expected=say("The student learns from the same images."),
            mend=trash.way_back(ws, trash.TrashKind.DATASET, run.config.dataset_id)
            or say("Bring the images in again, and train anew."),
        )
    return None


def smaller(run: Run) -> list[Backbone]:
    """List the backbones with fewer numbers than the run's, those with weights here first."""
    own, size = catalog.backbone(run.config.backbone), run.config.image_size
    less = [b for b in BACKBONES.values() if b.parameters < own.parameters]
    fits = [b for b in less if b.smallest_size <= size]
    return sorted(fits, key=lambda b: (not weights.on_disk(b, size), b.parameters))


def configure(ws: Workspace, run: Run, backbone: str) -> TrainConfig:
    """Give the configuration of a student: the images and their size are the teacher's.

    Raises `UserError` where the run cannot teach.
    """
    if (error := why_not(ws, run)) is not None:
        raise error
    given = run.config
    about = given.dataset_id, given.dataset_version
    listed = datasets.images(ws, *about)
    num_train = sum(i.split == "train" and i.label not in given.left_out for i in listed)
    return presets.configure(
        given.dataset_id,
        preset=PRESET,
        num_train=num_train,
        dataset_version=given.dataset_version,
        left_out=given.left_out,
        backbone=backbone,
        image_size=given.image_size,
        flips=given.flips,
        class_weights=given.class_weights,
        teacher=run.id,
    )


def alone(config: TrainConfig) -> TrainConfig:
    """Give the same configuration without the teacher."""
    usual = {name: getattr(USUAL, name) for name in ("teacher_share", "teacher_temperature")}
    return replace(config, **_NO_DIFFERENCE, **usual)  # type: ignore[arg-type]


def check(ws: Workspace, config: TrainConfig) -> None:
    """Refuse a configuration whose teacher cannot, or may not, teach it. Raises `UserError`."""
    teacher = runs.get(ws, config.teacher)
    if (error := why_not(ws, teacher)) is not None:
        raise error
    assert teacher.card is not None
    parts.check_teacher(ws, config, teacher.card)


def queue(ws: Workspace, config: TrainConfig, *, with_alone: bool = True) -> Students:
    """Put a student on the queue and, unless it is there, the same without the teacher.

    Raises `UserError` where the teacher cannot teach it, or there is no room for another run.
    """
    check(ws, config)
    student = runs.create(ws, config)
    if not with_alone:
        return Students(student=student, alone="")
    there = find_alone(ws, config)
    return Students(student=student, alone=there.id if there else runs.create(ws, alone(config)))


def find_alone(ws: Workspace, config: TrainConfig) -> Run | None:
    """Give the newest run of the same configuration without the teacher that did not fail."""
    wanted = alone(config)
    for run in reversed(runs.all_runs(ws)):
        same = replace(run.config, cloned_from="") == wanted
        if same and run.state.state not in (State.FAILED, State.STOPPED):
            return run
    return None


def students_of(ws: Workspace, run_id: str) -> list[Run]:
    """List the runs that learned, or are to learn, from the model of a run, oldest first."""
    return [run for run in runs.all_runs(ws) if run.config.teacher == run_id]
