"""The settings of a training as options of the command line, each with what it means."""

import argparse
from collections.abc import Mapping
from typing import Any

from core.cli.arguments import Parser, listed
from core.cli.options.training import SETTINGS
from core.errors import UserError
from core.models import presets, solving
from core.records import TrainConfig
from core.records.training import PRESETS
from core.words import Message, enumeration, say

_FIELDS = {"augment": "augmentation"}
# what else must be chosen so that a setting counts at all
_TUNED = {"freeze": "none"}
_COUNTS_WITH = {
    "num_views": {"augmentation": "light"},
    "fine_tune_epochs": _TUNED,
    "fine_tune_learning_rate": _TUNED,
    "layer_decay": _TUNED,
}


def add_options(sub: Parser) -> None:
    """Add every setting to a command; what is not chosen is None."""
    for option, takes, sentence in SETTINGS:
        field = _field(option)
        text = say(sentence, default=_default(field))
        if isinstance(registry := takes.get("choices"), Mapping):
            text = listed(registry, before=say(sentence), default=_default(field))
        sub.add_argument(f"--{option}", dest=field, default=None, help=text, **takes)


def chosen(options: argparse.Namespace, num_train: int) -> dict[str, Any]:
    """Give the settings by their fields of `TrainConfig`; what was not chosen is None.

    Beside what means nothing to a solved head, to solve it is as not chosen.
    """
    given = {_field(option): getattr(options, _field(option)) for option, *_ in SETTINGS}
    if given["optimizer"] == solving.SOLVE and _in_steps(options.preset, given, num_train):
        given["optimizer"] = None
    return given


def _in_steps(preset: str, given: Mapping[str, Any], num_train: int) -> bool:
    """Tell whether something was chosen that counts in steps alone."""
    freeze, epochs = given["freeze"], given["fine_tune_epochs"]
    unasked = freeze is None and epochs is None and presets.fine_tunes(preset, num_train)
    thaws = unasked or bool(epochs) or freeze not in (None, "all")
    return any(given[name] is not None for name in solving.ignored(solving.SOLVE, thaws=thaws))


def why_in_steps(
    options: argparse.Namespace, config: TrainConfig, num_train: int
) -> Message | None:
    """Say why the head is not solved, where no other optimizer was chosen."""
    if chosen(options, num_train)["optimizer"] is not None:
        return None
    return solving.why_in_steps(config, _taken(options), num_train)


def without_use(options: argparse.Namespace, config: TrainConfig) -> Message | None:
    """Name what was chosen and means nothing: to a classifier, or without fine-tuning."""
    chosen = _taken(options)
    if config.is_fitted:
        return solving.without_meaning(config, chosen)
    taken = [chosen[n] for n in ("fine_tune_learning_rate", "layer_decay") if n in chosen]
    if config.thaws or not taken:
        return None
    return say(
        "Every block is frozen, so nothing is fine-tuned and {settings} changes nothing: choose "
        "--freeze or --fine-tune-epochs as well.",
        settings=enumeration(taken),
    )


def _taken(options: argparse.Namespace) -> dict[str, str]:
    """Give the fields that were chosen outright, each with its option."""
    names = {_field(option): f"--{option}" for option, *_ in SETTINGS}
    return {field: name for field, name in names.items() if getattr(options, field) is not None}


def check_views(num_views: int | None, config: TrainConfig) -> None:
    """Refuse a number of copies where none are made. Raises `UserError`."""
    if (num_views or 1) > 1 and config.augmentation == "none" and not config.is_fitted:
        raise UserError(
            say("{num} variations were chosen without augmentation.", num=num_views or 1),
            expected=say("Without augmentation no copies are made of an image."),
            mend=say("Choose --augment light as well, or leave --num-views out."),
        )


def _field(option: str) -> str:
    return _FIELDS.get(option, option.replace("-", "_"))


def _default(field: str) -> str:
    """Give what is taken unless something is chosen; of each preset where they differ."""
    values = {name: str(getattr(_config(name, field), field)) for name in PRESETS}
    if len({*values.values()}) == 1:
        return values[PRESETS[0]]
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _config(preset: str, field: str) -> TrainConfig:
    given: dict[str, Any] = {**_COUNTS_WITH.get(field, {})}
    return presets.configure("", preset=preset, has_weights=lambda name, size: True, **given)
