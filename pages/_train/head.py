"""The head: the small new part that learns to tell the classes apart."""

from collections.abc import Mapping
from typing import Any

from core.models.catalog import HEADS
from core.records.training import OUTPUTS
from core.words import mark
from pages._shared.widgets import t
from pages._train.fields import Fields

OUTPUT_WORDS: Mapping[str, str] = {
    "softmax": mark("One share per class"),
    "sigmoid": mark("One yes or no"),
}


def choose(fields: Fields, num_classes: int) -> dict[str, Any]:
    """Draw the choices of the head."""
    chosen = {"pooling": fields.entry("pooling", HEADS, t("What the head is given."))}
    chosen["output"] = "softmax"  # also where a run of two classes is cloned with a third
    if num_classes == 2:
        chosen["output"] = fields.one_of(
            "output",
            OUTPUTS,
            OUTPUT_WORDS,
            t("For two classes one number is enough; both ways give about the same answers."),
        )
    chosen["hidden_units"] = fields.number(
        "hidden_units",
        t(
            "An extra layer of this many units between backbone and answer. 0 leaves it out, "
            "which is best for few images."
        ),
        step=32,
    )
    return chosen


def choose_dropout(fields: Fields) -> float:
    """Draw what only a head that learns in steps has, or a fine-tuned one."""
    dropout: float = fields.number(
        "dropout",
        t(
            "The share of clues that is hidden at random while it learns, so that it does not "
            "lean on a single one. 0 to 0.9."
        ),
        step=0.1,
    )
    return dropout
