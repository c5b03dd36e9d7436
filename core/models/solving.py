"""Where a head can be solved at once, and what that leaves without a meaning."""

from core.errors import UserError
from core.models import summary
from core.models.catalog import OPTIMIZERS
from core.records import TrainConfig
from core.words import say

_MEMORY = 10**9  # bytes of the features as the solver holds them
_NUMBER = 8  # bytes
_WORK = 5e10  # products of rows with each other, where there are fewer rows than features
TUNED_WITH = ("schedule", "batch_size", "dropout", "patience")  # what fine-tuning uses as well


def solves(config: TrainConfig) -> bool:
    """Tell whether the head of a run is solved at once."""
    return OPTIMIZERS[config.optimizer].solves


def ignored(config: TrainConfig) -> tuple[str, ...]:
    """Name the settings that mean nothing to the whole run, as its optimizer makes no use of them.

    What fine-tuning uses counts where there is any.
    """
    used = TUNED_WITH if config.thaws else ()
    return tuple(name for name in OPTIMIZERS[config.optimizer].ignores if name not in used)


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
