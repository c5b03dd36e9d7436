"""The two phases of a run: the head on a frozen backbone, then what is thawed of it too."""

import contextlib
from dataclasses import replace
from functools import partial

from numpy.typing import NDArray

from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Stopped
from core.engine.features.pipeline import Features
from core.engine.loop import (
    checkpoint,
    choosing,
    classifying,
    fitting,
    number_head,
    schedules,
    solving as loop,
)
from core.engine.loop.batches import Part
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.fitting import Trainer
from core.engine.loop.losses import Distillation
from core.engine.loop.schedules import TrainingState
from core.engine.loop.steps import Learner
from core.engine.networks import classifiers, network
from core.engine.prediction import soft_targets
from core.engine.training import setup, training_data
from core.engine.training.progress import RunReport, ShareOf
from core.engine.training.setup import ORIGINALS, Setup
from core.engine.training.training_data import ImageSet
from core.judging.classifiers.fitting import Fitted
from core.models import solving
from core.records import LearnedTarget, Phase, Stage
from core.words import Message, say

LOSS_SCALE = 1024.0  # keeps small gradients alive in float16


def train_head(
    ready: Setup, state: TrainingState, saved: Checkpoint | None, report: RunReport
) -> TrainingState:
    """Teach the head on features of the whole backbone, where that is not over yet."""
    if state.phase is not Phase.HEAD:
        return state
    if solving.solves(ready.config):
        return _solve(ready, state, saved, report)
    return _train(ready, state, saved, report)


def fine_tune(
    ready: Setup, state: TrainingState, saved: Checkpoint | None, report: RunReport
) -> TrainingState:
    """Train the thawed blocks with the head, where the head phase came to its own end."""
    if not ready.config.fine_tune_epochs:
        return state
    if state.phase is Phase.HEAD:
        if not schedules.is_over(state, ready.config.epochs):
            return state
        if not network.can_thaw(ready.network):
            report.log(say("All blocks are frozen, so there is nothing to fine-tune."))
            return state
        state, saved = schedules.enter(state, Phase.FINE_TUNE), None
    return _train(ready, state, saved, report)


def has_head(ready: Setup, state: TrainingState) -> bool:
    """Tell whether the head phase came to its own end."""
    return state.phase is Phase.HEAD and schedules.is_over(state, ready.config.epochs)


def are_over(ready: Setup, state: TrainingState) -> bool:
    """Tell whether all was trained that was to be."""
    epochs = ready.config.fine_tune_epochs
    if epochs and network.can_thaw(ready.network):
        return state.phase is Phase.FINE_TUNE and schedules.is_over(state, epochs)
    return schedules.is_over(state, ready.config.epochs)


def restore(ready: Setup, state: TrainingState, saved: Checkpoint | None) -> TrainingState:
    """Put what a checkpoint keeps into the network without training."""
    if saved is None:
        return state
    state, values = _choose(ready, saved)
    make_learner(ready, state.phase).values = values
    return state


def _choose(ready: Setup, saved: Checkpoint) -> tuple[TrainingState, list[NDArray]]:
    """Images that judge for a study choose nothing."""
    groups = ready.data.validation.groups if ready.config.keeps_model else ()
    return choosing.choose(saved, groups, ready.config.task)


def _train(
    ready: Setup, state: TrainingState, saved: Checkpoint | None, report: RunReport
) -> TrainingState:
    """Train the phase in which training stands; leave in the network what is kept."""
    learner = make_learner(ready, state.phase)
    if saved is not None:
        learner.state = [*saved.values, *saved.optimizer]
    trainer = Trainer(
        plan=schedules.plan_of(ready.config, state.phase, ready.data.unit),
        learner=learner,
        dropouts=ready.network.head.dropouts,
        report=report,
        save=partial(checkpoint.save, report.folder.checkpoints),
    )
    saved = saved or fitting.begin(trainer, state)
    with contextlib.suppress(Stopped):
        train, validation = _features(ready, state.phase, report)
        train = _taught(ready, state.phase, train, report)
        report.enter(Stage.TRAINING, state.phase, share=state.epoch / trainer.plan.epochs)
        saved = fitting.fit(trainer, saved, train=train, validation=validation)
    state, learner.values = _choose(ready, saved)
    return state


def _solve(
    ready: Setup, state: TrainingState, saved: Checkpoint | None, report: RunReport
) -> TrainingState:
    """Find the head at once; leave it in the network, with a checkpoint of it.

    One that was cut off starts again: a checkpoint is of a solve that has ended.
    """
    solving.check(ready.config, len(ready.data.train.images))
    learner = make_learner(ready, Phase.HEAD)
    if saved is not None:
        state, learner.values = _choose(ready, saved)
        return state
    with contextlib.suppress(Stopped):
        train, validation = _features(ready, Phase.HEAD, report)
        report.enter(Stage.TRAINING, Phase.HEAD)
        state, found = _find(ready, task_of(ready, train, validation), state, report)
        if found is not None:
            learner.values = classifiers.values(found, ready.config)
            checkpoint.save(report.folder.checkpoints, Checkpoint(state, learner.values, []))
    return state


def task_of(ready: Setup, train: Part, validation: Part | None) -> loop.HeadTask:
    """Say what head is to be solved, and from what."""
    images = ready.data.train
    return loop.HeadTask(
        train=train,
        validation=validation,
        contents=[content for content, _ in images.images],
        groups=images.groups,
        num_classes=len(ready.data.labels),
        num_views=solving.solved_views(ready.config, len(train)),
        is_quick=ready.config.preset == "quick",
    )


def _find(
    ready: Setup, task: loop.HeadTask, state: TrainingState, report: RunReport
) -> tuple[TrainingState, Fitted | None]:
    """Solve the head, or fit the classifier that stands in its place."""
    config = ready.config
    if ready.data.target is not None:
        return number_head.solve_number(task, state, report, ready.data.unit)
    if config.is_fitted:
        return classifying.fit_at_once(config.classifier, task, state, report)
    return loop.solve(task, state, report)


def make_learner(ready: Setup, phase: Phase) -> Learner:
    """Make what learns in a phase, on the device of the run."""
    device, config = ready.device, ready.config
    taught = Distillation(config.teacher_share, config.teacher_temperature)
    with device.strategy.scope():
        model = network.learner(ready.network, phase)  # builds the head
        variables = network.thaw(ready.network, phase)
        falls = phase is Phase.FINE_TUNE and config.layer_decay < 1
        return Learner(
            model,
            variables,
            optimizer=config.optimizer,
            strategy=device.strategy,
            loss_scale=LOSS_SCALE if device.is_gpu else 1.0,
            shares=network.shares(ready.network, variables, config.layer_decay) if falls else (),
            distillation=taught if config.teacher else None,
            task=config.task,
        )


def make_part(
    features: Features, images: ImageSet, target: LearnedTarget | None = None, *, balanced: bool
) -> Part:
    """Put features and labels together; numbers are standardised."""
    labels = images.labels
    if target is not None:
        labels = training_data.standardised(labels, target)
    return Part(features, labels, training_data.weigh(labels, balanced=balanced))


def _features(ready: Setup, phase: Phase, report: RunReport) -> tuple[Part, Part | None]:
    """Make features of the training and the validation images; only the first are augmented."""
    train, validation = ready.data.train, ready.data.validation
    num_views = len(train.images) * ready.views.total
    share = num_views / (num_views + len(validation.images))
    report.enter(Stage.FEATURES, phase)
    first = ShareOf(report, 0.0, share)
    then = ShareOf(report, share, 1.0, said=first.said)  # both parts may have the same to say

    seen = setup.features_of(ready, phase, train.images, ready.views, first)
    target = ready.data.target
    part = make_part(seen, train, target, balanced=ready.config.class_weights)
    if not validation.images:
        return part, None
    unseen = setup.features_of(
        ready, phase, validation.images, ORIGINALS, then, beside=train.images
    )
    return part, make_part(unseen, validation, target, balanced=False)


def _taught(ready: Setup, phase: Phase, part: Part, report: RunReport) -> Part:
    """Add what the teacher says of the images that are learned from, where there is one.

    Raises `Stopped`.
    """
    teacher, images = ready.data.teacher, ready.data.train.images
    if teacher is None:
        return part

    def told(done: int, total: int, rate: float, sentence: Message | None) -> None:
        if sentence is not None:
            report.log(sentence)
        report.progress(done / max(1, total), images_per_second=rate or None)

    report.log(say("The teacher {run} looks at the training images.", run=ready.config.teacher))
    answers = soft_targets.ask_teacher(
        teacher,
        ready.data.labels,
        images,
        views=ready.views,
        are_fresh=setup.prefix_of(ready, phase) is None,
        cache=Cache.at(ready.cache),
        report=told,
        stop=report.stop,
    )
    return replace(part, taught=answers)
