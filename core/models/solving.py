"""Where a head is found at once, solved or fitted, and what that leaves without a meaning."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import UserError
from core.models import summary
from core.models.catalog import CLASSIFIERS, HEADS, OPTIMIZERS, choose
from core.records import TrainConfig
from core.records.choices import TASKS
from core.words import Message, enumeration, mark, say

_MEMORY = 10**9  # bytes of the features as the solver holds them
_NUMBER = 8  # bytes
_WORK = 5e10  # products of rows with each other, where there are fewer rows than features
SOLVE = "solve"
STRENGTH = mark("Strength of the decay, chosen by cross-validation: {value}.")  # said in the log
_OF_TEACHER = ("teacher", "teacher_share", "teacher_temperature")
TUNED_WITH = ("schedule", "batch_size", "dropout", "patience")  # what fine-tuning uses as well

# what is kept in place of what means nothing: nothing is computed that does not count
_PLAIN: Mapping[str, Any] = {
    "optimizer": "solve",
    "augmentation": "none",
    "num_views": 1,
    "class_weights": False,
}


def solves(config: TrainConfig) -> bool:
    """Tell whether the head of a run is found at once: solved, or another classifier fitted."""
    return config.is_fitted or OPTIMIZERS[config.optimizer].solves


def ignored(optimizer: str, *, thaws: bool) -> tuple[str, ...]:
    """Name the settings that mean nothing to a whole run: in fine-tuning some of them count."""
    used = TUNED_WITH if thaws else ()
    return tuple(name for name in OPTIMIZERS[optimizer].ignores if name not in used)


def unused(config: TrainConfig) -> frozenset[str]:
    """Name the settings that counted for nothing in a run, also of a tuning that was none."""
    tuning = [name for name, _ in TASKS[config.task].only]
    tuning += [] if config.thaws else ["fine_tune_learning_rate", "layer_decay"]
    tuning += [] if config.teacher else _OF_TEACHER
    if config.is_fitted:
        return frozenset((*CLASSIFIERS[config.classifier].ignores, *tuning))
    return frozenset((*ignored(config.optimizer, thaws=config.thaws), *tuning))


def why_in_steps(
    config: TrainConfig, chosen: Mapping[str, str], num_train: int | None
) -> Message | None:
    """Say why the head of a configuration is not solved unless that is asked for; None: it is.

    ``chosen`` holds what was chosen outright, each setting with how to call it.
    """
    if config.is_fitted:
        return None
    taken = [chosen[name] for name in ignored(SOLVE, thaws=config.thaws) if name in chosen]
    if taken:
        return say(
            "The head learns in steps, with Adam, and is not solved: that is what {settings} "
            "counts for.",
            settings=enumeration(taken),
        )
    if config.teacher and not config.thaws:
        return say("From a teacher is learned in steps, so the head is not solved.")
    if config.hidden_units:
        return say("A hidden layer cannot be solved, so the head learns in steps, with Adam.")
    if not _is_worth_it(config, num_train):
        return say("The head has too many features to be solved: it learns in steps, with Adam.")
    if config.weights == "none" and config.thaws:
        return say(
            "A backbone that starts from random values has nothing to solve a head from: it "
            "learns in steps, with Adam."
        )
    return None


def _is_worth_it(config: TrainConfig, num_train: int | None) -> bool:
    if num_train is None:
        return not HEADS[config.pooling].keeps_places
    return bool(solved_views(replace(config, optimizer=SOLVE), num_train))


def solved_views(config: TrainConfig, num_train: int) -> int:
    """Count the views of each image, itself among them, that fit into one solve; 0: none does."""
    width = summary.num_features(config)
    views = range(summary.num_views(config), 0, -1)
    return next((num for num in views if _fits(num * num_train, width)), 0)


def check(config: TrainConfig, num_train: int) -> None:
    """Refuse to find a head at once from more than that is worth. Raises `UserError`."""
    if config.is_fitted:
        check_images(config, num_train)
    elif solves(config) and not solved_views(config, num_train):
        raise UserError(
            say(
                "{num} images with {width} features each were to be solved at once.",
                num=num_train,
                width=summary.num_features(config),
            ),
            expected=say("So many numbers are learned from in steps."),
            mend=say("Choose the optimizer 'adam'."),
        )


def _fits(rows: int, width: int) -> bool:
    if rows < width:  # the solver works with the products of the rows
        return rows * rows * width <= _WORK
    return rows * (width + 1) * _NUMBER <= _MEMORY


def without_meaningless(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was chosen, without what means nothing to the chosen classifier."""
    entry = choose(CLASSIFIERS, given.get("classifier", "linear"), say("classifier"))
    if not entry.fits:
        return dict(given)
    plain = {name: value for name, value in _PLAIN.items() if name in entry.ignores}
    return {name: v for name, v in given.items() if name not in entry.ignores} | plain


def without_meaning(config: TrainConfig, chosen: Mapping[str, str]) -> Message | None:
    """Name what was chosen and changes nothing; None: nothing was.

    ``chosen`` holds what was chosen outright, each setting with how to call it.
    """
    ignored = {*CLASSIFIERS[config.classifier].ignores, "fine_tune_learning_rate", "layer_decay"}
    taken = [called for name, called in chosen.items() if name in ignored]
    if not taken:
        return None
    return say(
        "The classifier '{name}' is fitted at once to the images as they are: {settings} changes "
        "nothing.",
        name=config.classifier,
        settings=enumeration(taken),
    )


def note_on_confidence(config: TrainConfig) -> Message | None:
    """Say where confidence is not fitted to how often answers are right; None: it is."""
    if CLASSIFIERS[config.classifier].is_calibrated:
        return None
    return say(
        "Its percentages are shares of the votes of the most similar training images. They are "
        "not calibrated: they do not say how often it is right."
    )


def check_images(config: TrainConfig, num_train: int) -> None:
    """Refuse more training images than a classifier takes. Raises `UserError`."""
    entry = CLASSIFIERS[config.classifier]
    if entry.most_images and num_train > entry.most_images:
        raise UserError(
            say(
                "The classifier '{name}' was chosen for {num} training images.",
                name=entry.name,
                num=num_train,
            ),
            expected=say(
                "It remembers every image, so it takes {most} at most.", most=entry.most_images
            ),
            mend=say("Choose the classifier 'linear', or use fewer images."),
        )
