"""What of a run's settings mends what its curves show: the control's name, and its new value."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import UserError
from core.models import presets
from core.models.catalog import AUGMENTATIONS
from core.records import Phase, TrainConfig
from core.records.choices import TASKS
from core.words import Message, mark, say

Change = tuple[tuple[str, Any], ...]  # fields of a config and their values

CONTROLS: Mapping[str, Message] = {  # as the Train page calls them
    "learning_rate": say("Learning rate of the head"),
    "fine_tune_learning_rate": say("Learning rate of fine-tuning"),
    "augmentation": say("Augmentation"),
    "num_views": say("Views of each image"),
    "dropout": say("Dropout"),
    "hidden_units": say("Hidden units"),
    "class_weights": say("Class weights"),
    "weights": say("Weights to start from"),
}
STARTS = {
    "imagenet": mark("What it learned from photos before"),
    "none": mark("Nothing: start from scratch"),
}
_STRONGER = dict(zip(AUGMENTATIONS, [*AUGMENTATIONS][1:], strict=False))
_MOST_DROPOUT = 0.5
_LEAST_RATE, _MOST_RATE = 1e-6, 1e-2
_STEP = 10  # times: the next rate to try


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to do, and the change of settings where one would do it."""

    mend: Message
    change: Change = ()


def harder(config: TrainConfig, phase: Phase, *, is_solved: bool) -> Remedy:
    """Make learning by heart harder: the first of the controls that is not used yet."""
    spoils = TASKS[config.task].spoiled_by
    if config.hidden_units:
        return _changed(config, hidden_units=0)
    if config.augmentation == "none" and "augmentation" not in spoils:
        views = presets.PRESETS["thorough"].num_views
        return _changed(config, augmentation=_STRONGER["none"], num_views=views)
    if not is_solved and config.dropout < _MOST_DROPOUT and "dropout" not in spoils:
        return _changed(config, dropout=_MOST_DROPOUT)
    if phase is Phase.FINE_TUNE:
        return Remedy(mend=say("More images would help, or more frozen blocks: How much learns."))
    if config.augmentation in _STRONGER and "augmentation" not in spoils:
        return _changed(config, augmentation=_STRONGER[config.augmentation])
    return Remedy(mend=say("More images would help most."))


def against_a_high_rate(config: TrainConfig, phase: Phase) -> Remedy:
    """Take a tenth of the learning rate of a phase."""
    name = "learning_rate" if phase is Phase.HEAD else "fine_tune_learning_rate"
    rate = _rounded(getattr(config, name) / _STEP)
    if rate < _LEAST_RATE:
        return Remedy(mend=say("Another backbone may suit these images better: Backbone."))
    return _changed(config, **{name: rate})


def against_standing_still(config: TrainConfig, phase: Phase, *, is_uneven: bool) -> Remedy:
    """Have a run learn more than what comes most: by its start, what counts, or its rate."""
    if config.weights == "none" and phase is Phase.HEAD:
        return _changed(config, weights="imagenet")
    if is_uneven and not config.class_weights:
        return _changed(config, class_weights=True)
    name = "learning_rate" if phase is Phase.HEAD else "fine_tune_learning_rate"
    rate = _rounded(getattr(config, name) * _STEP)
    if rate > _MOST_RATE:
        return Remedy(mend=say("Another backbone may suit these images better: Backbone."))
    return _changed(config, **{name: rate})


def against_few_images() -> Remedy:
    """Have more images judge: no setting of a run does that."""
    return Remedy(mend=say("More images tell more: add some on the Data page."))


def _rounded(rate: float) -> float:
    return float(f"{rate:.2g}")


def _changed(config: TrainConfig, **fields: Any) -> Remedy:
    """Name the first of the fields; the others follow from it."""
    name = next(iter(fields))
    before, after = (_value(name, of) for of in (getattr(config, name), fields[name]))
    mend = say(
        "On the Train page change {control} from {before} to {after}.",
        control=CONTROLS[name],
        before=before,
        after=after,
    )
    return Remedy(mend=mend, change=tuple(fields.items()))


def _value(name: str, value: Any) -> Message | str:
    """Write a value as the Train page does."""
    if name == "augmentation":
        return say(AUGMENTATIONS[value].title)
    if name == "weights":
        return say(STARTS[value])
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def written(change: Change) -> str:
    """Write a change so that it fits into an address."""
    return json.dumps(dict(change))


def applied(config: TrainConfig, text: str) -> TrainConfig:
    """Make the change that an address asks for; none, where it is empty.

    Raises `UserError` for what is no change of those controls, or a value that they refuse.
    """
    change = _read(text) if text else {}
    if change is not None and change.keys() <= CONTROLS.keys():
        with contextlib.suppress(TypeError):  # no number where one is asked for
            return replace(config, **change)
    raise UserError(
        say("This address asks for a change that no setting has."),
        expected=say("The page of a run writes such addresses."),
        mend=say("Open the run and press the button there again."),
    )


def _read(text: str) -> dict[str, Any] | None:
    with contextlib.suppress(json.JSONDecodeError):
        found = json.loads(text)
        if isinstance(found, dict) and all(
            isinstance(v, str | int | float) for v in found.values()
        ):
            return found
    return None


def told(before: TrainConfig, after: TrainConfig) -> Message | None:
    """Say what differs already in a clone, by the first control that does."""
    names = [name for name in CONTROLS if getattr(before, name) != getattr(after, name)]
    if not names:
        return None
    return say(
        "Already changed: {control}, from {before} to {after}.",
        control=CONTROLS[names[0]],
        before=_value(names[0], getattr(before, names[0])),
        after=_value(names[0], getattr(after, names[0])),
    )
