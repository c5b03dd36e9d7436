"""One phase of a run: what is frozen becomes features, what is thawed learns from them."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from core.engine.features.feature_cache import Stopped
from core.engine.features.pipeline import Features
from core.engine.networks import network
from core.engine.training import checkpoint, loop, recipes, schedules, training_data
from core.engine.training.batches import Part
from core.engine.training.checkpoint import Checkpoint
from core.engine.training.loop import Trainer, Watch
from core.engine.training.progress import Reporter
from core.engine.training.recipes import PLAIN, Listener, Recipe
from core.engine.training.schedules import Standing
from core.engine.training.steps import Learner
from core.engine.training.training_data import ImageSet
from core.records import Phase, Stage
from core.words import Message

LOSS_SCALE = 1024.0  # keeps small gradients alive in float16


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the phases of a run share."""

    recipe: Recipe
    reporter: Reporter
    listener: Listener
    checkpoints: Path


def run(
    setting: Setting, phase: Phase, standing: Standing, held: Checkpoint | None
) -> tuple[Standing, int]:
    """Train one phase, from a checkpoint of it if there is one.

    Leaves the best values in the network; gives where training stands and how much learned.
    """
    recipe = setting.recipe
    learner = make_learner(recipe, phase)
    best = held.best if held is not None else learner.values
    if held is not None:
        learner.state = held.state
    trainer = Trainer(
        plan=schedules.plan_of(recipe.config, phase),
        learner=learner,
        dropouts=recipe.network.head.dropouts,
        watch=_watch(setting),
        best=best,
    )
    with contextlib.suppress(Stopped):
        train, validation = _parts(setting, phase)
        setting.reporter.enter(Stage.TRAINING, phase, share=standing.epoch / trainer.plan.epochs)
        standing = loop.fit(trainer, standing, train=train, validation=validation)
    learner.values = trainer.best
    return standing, network.count(learner.variables)


def take_up(setting: Setting, held: Checkpoint) -> int:
    """Put what a checkpoint keeps into the network without training; give how much learned."""
    learner = make_learner(setting.recipe, held.standing.phase)
    learner.values = held.kept
    return network.count(learner.variables)


def make_learner(recipe: Recipe, phase: Phase) -> Learner:
    """Make what learns in a phase, on the device of the run."""
    device = recipe.device
    with device.strategy.scope():
        model = network.learner(recipe.network, phase)  # builds the head
        return Learner(
            model,
            network.thaw(recipe.network, phase),
            optimizer=recipe.config.optimizer,
            strategy=device.strategy,
            loss_scale=LOSS_SCALE if device.is_gpu else 1.0,
        )


def make_part(given: Features, images: ImageSet, *, balanced: bool) -> Part:
    """Put features and labels together."""
    return Part(given, images.labels, training_data.weigh(images.labels, balanced=balanced))


def _watch(setting: Setting) -> Watch:
    def keep(standing: Standing, state: list, best: list) -> None:
        checkpoint.save(setting.checkpoints, Checkpoint(standing, state, best))

    return Watch(report=setting.reporter.metrics, stop=setting.listener.stop, keep=keep)


def _parts(setting: Setting, phase: Phase) -> tuple[Part, Part]:
    """Make features of the training and the validation images; only the first are augmented."""
    recipe = setting.recipe
    train, validation = recipe.material.train, recipe.material.validation
    num_views = len(train.images) * recipe.plan.total
    share = num_views / (num_views + len(validation.images))
    setting.reporter.enter(Stage.FEATURES, phase)
    said: set[Message] = set()  # both parts may have the same to say

    first, then = _part_of(setting, said, 0.0, share), _part_of(setting, said, share, 1.0)
    seen = recipes.features_of(recipe, phase, train.images, recipe.plan, first)
    unseen = recipes.features_of(recipe, phase, validation.images, PLAIN, then, beside=train.images)
    return (
        make_part(seen, train, balanced=recipe.config.class_weights),
        make_part(unseen, validation, balanced=False),
    )


def _part_of(setting: Setting, said: set[Message], start: float, end: float) -> Listener:
    """Listen to a part of the work as that part of the whole step."""

    def say_once(sentence: Message) -> None:
        if sentence not in said:
            said.add(sentence)
            setting.listener.say(sentence)

    def progress(share: float, rate: float) -> None:
        setting.listener.progress(start + (end - start) * share, rate)

    return Listener(say=say_once, progress=progress, stop=setting.listener.stop)
