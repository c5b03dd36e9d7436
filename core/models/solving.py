"""Where a head can be solved at once, and what that leaves without a meaning."""

from collections.abc import Mapping
from dataclasses import replace

from core.errors import UserError
from core.models import summary
from core.models.catalog import HEADS, OPTIMIZERS
from core.records import TrainConfig
from core.words import Message, enumeration, say

_MEMORY = 10**9  # bytes of the features as the solver holds them
_NUMBER = 8  # bytes
_WORK = 5e10  # products of rows with each other, where there are fewer rows than features
SOLVE = "solve"
TUNED_WITH = ("schedule", "batch_size", "dropout", "patience")  # what fine-tuning uses as well


def solves(config: TrainConfig) -> bool:
    """Tell whether the head of a run is solved at once."""
    return OPTIMIZERS[config.optimizer].solves


def ignored(optimizer: str, *, thaws: bool) -> tuple[str, ...]:
    """Name the settings that mean nothing to a whole run: in fine-tuning some of them count."""
    used = TUNED_WITH if thaws else ()
    return tuple(name for name in OPTIMIZERS[optimizer].ignores if name not in used)


def unused(config: TrainConfig) -> frozenset[str]:
    """Name the settings that counted for nothing in a run, also of a tuning that was none."""
    tuning = () if config.thaws else ("fine_tune_learning_rate", "layer_decay")
    return frozenset((*ignored(config.optimizer, thaws=config.thaws), *tuning))


def why_in_steps(
    config: TrainConfig, chosen: Mapping[str, str], num_train: int | None
) -> Message | None:
    """Say why the head of a configuration is not solved unless that is asked for; None: it is.

    ``chosen`` holds what was chosen outright, each setting with how to call it.
    """
    taken = [chosen[name] for name in ignored(SOLVE, thaws=config.thaws) if name in chosen]
    if taken:
        return say(
            "The head learns in steps, with Adam, and is not solved: that is what {settings} "
            "counts for.",
            settings=enumeration(taken),
        )
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
    """Refuse to solve a head from more numbers than are worth it. Raises `UserError`."""
    if solves(config) and not solved_views(config, num_train):
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
