"""Fine-tuning where it was not chosen outright: when, how deep, how long and how fast."""

from collections.abc import Mapping
from typing import Any, Protocol

from core.errors import UserError
from core.models.catalog import CLASSIFIERS, OPTIMIZERS, Backbone, choose
from core.records import TrainConfig
from core.words import Message, nsay, say

STEPS = 200  # learning steps, at least
MOST_EPOCHS = 50  # for so many steps: each writes all that learns to the disk
PAYS_FROM = 500  # training images; docs/decisions/fine-tuning.md
_FROZEN = 0.6  # share of the blocks, where some are to learn
_RATES = {"fine_tune_learning_rate": 1e-3, "layer_decay": 0.8}
_BATCH_SIZE = TrainConfig(dataset_id="").batch_size


class Position(Protocol):
    """What a position of the dial says of fine-tuning."""

    @property
    def fine_tunes(self) -> bool: ...  # where there are images enough

    @property
    def fine_tune_epochs(self) -> int: ...  # at least, where blocks learn


def pays(num_train: int | None) -> bool:
    """Tell whether fine-tuning is expected to help; with an unknown number of images it is."""
    return num_train is None or num_train >= PAYS_FROM


def few() -> Message:
    """Say why nothing is fine-tuned."""
    return say(
        "With so few images only the head is trained: adapting the backbone pays from about "
        "{least} training images on. You may choose a depth all the same.",
        least=PAYS_FROM,
    )


def depth(
    start: Position, given: Mapping[str, Any], backbone: Backbone, num_train: int | None
) -> dict[str, Any]:
    """Give the freezing depth with its epochs: what was not chosen follows what was.

    Raises `UserError` where both were chosen and nothing could come of them.
    """
    asked = given.get("fine_tune_epochs")
    share = _share(start, given, num_train)
    freeze = given.get("freeze") or _block_at(backbone, share)
    if backbone.blocks_up_to(freeze) == len(backbone.blocks):
        freeze = "all"
    if freeze == "all" and asked:
        raise _nothing_thawed(asked)
    if freeze != "all" and asked == 0:
        raise _no_epochs(freeze)
    enough = min(MOST_EPOCHS, at_least(start.fine_tune_epochs, STEPS, given, num_train))
    epochs = 0 if freeze == "all" else enough
    return {"freeze": freeze, "fine_tune_epochs": epochs if asked is None else asked}


def rates(freeze: str, given: Mapping[str, Any]) -> dict[str, float]:
    """Give the rates of fine-tuning; what was not pretrained learns alike in all blocks."""
    return {} if freeze == "all" or given.get("weights") == "none" else _RATES


def at_least(epochs: int, steps: int, given: Mapping[str, Any], num_train: int | None) -> int:
    """Give enough epochs for so many learning steps; none ends early, since the last is kept."""
    per_epoch = -(-(num_train or 0) // max(1, given.get("batch_size", _BATCH_SIZE)))
    return max(epochs, -(-steps // per_epoch)) if per_epoch else epochs


def _share(start: Position, given: Mapping[str, Any], num_train: int | None) -> float:
    """Give the share of the blocks to freeze where no depth was chosen."""
    asked, is_random = given.get("fine_tune_epochs"), given.get("weights") == "none"
    if asked == 0 or (not asked and _is_head_only(given)):
        return 1.0
    if asked or (start.fine_tunes and (is_random or pays(num_train))):
        return 0.0 if is_random else _FROZEN  # random values are not worth freezing
    return 1.0


def _is_head_only(given: Mapping[str, Any]) -> bool:
    fitted = choose(CLASSIFIERS, given.get("classifier", "linear"), say("classifier")).fits
    name = given.get("optimizer")
    return fitted or (name is not None and choose(OPTIMIZERS, name, say("optimizer")).head_only)


def _nothing_thawed(epochs: int) -> UserError:
    return UserError(
        nsay(
            "There was {num} epoch of fine-tuning with all blocks frozen.",
            "There were {num} epochs of fine-tuning with all blocks frozen.",
            num=epochs,
        ),
        expected=say("In fine-tuning those blocks learn that are not frozen."),
        mend=say("Freeze fewer blocks, or choose no epochs of fine-tuning."),
    )


def _no_epochs(freeze: str) -> UserError:
    return UserError(
        say("There were no epochs of fine-tuning for the blocks that are not frozen.")
        if freeze == "none"
        else say("There were no epochs of fine-tuning for the blocks after {block}.", block=freeze),
        expected=say("In fine-tuning those blocks learn that are not frozen."),
        mend=say("Choose at least 1 epoch of fine-tuning, or freeze all blocks."),
    )


def _block_at(backbone: Backbone, share: float) -> str:
    """Name the last frozen block; a network that cannot be cut is thawed whole."""
    if share == 1:
        return "all"
    frozen = round(share * len(backbone.blocks))
    return backbone.blocks[frozen - 1].name if 0 < frozen < len(backbone.blocks) else "none"
