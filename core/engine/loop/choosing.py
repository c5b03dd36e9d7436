"""The one choice that the validation images make of two models: fine-tuned, or the head alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from numpy.typing import NDArray

from core.engine.loop import schedules
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.judging import paired, picking
from core.judging.numbers import scoring
from core.records import Paired
from core.records.choices import CLASSIFICATION, REGRESSION

Compare = Callable[[NDArray, NDArray, Sequence[str]], Paired]
COMPARE: Mapping[str, tuple[Compare, Callable[[NDArray, NDArray, Sequence[str]], float]]] = {
    CLASSIFICATION: (paired.compare, picking.cost),
    REGRESSION: (scoring.nearer, lambda first, second, groups: 0.0),  # docs/decisions/tasks.md
}


def choose(
    saved: Checkpoint, groups: Sequence[str], task: str = CLASSIFICATION
) -> tuple[TrainingState, list[NDArray]]:
    """Give what becomes the model if nothing follows, and the state that says what it is.

    Within a phase that is the last whole epoch; after fine-tuning, unless it names the validation
    images, which belong to ``groups``, surely worse than the model that it began with. A checkpoint
    of old, which knows no answers to single images, has what it says. The second: the values of
    each variable that learns, any shape, float32.
    """
    if not saved.before:
        return saved.state, saved.values
    if not groups and saved.state.epoch:  # no validation images, no choice
        return schedules.keep(saved.state), saved.values
    if not len(saved.right):
        return saved.state, saved.before
    compare, costs = COMPARE[task]
    found = compare(saved.right_before, saved.right, groups)
    cost = costs(saved.right_before, saved.right, groups)
    state = replace(saved.state, tuned=found, picking_cost=cost)
    return (state, saved.before) if found.is_worse else (schedules.keep(state), saved.values)
