"""The head: the small new part that learns to tell the classes apart."""

from collections.abc import Mapping
from typing import Any

from core.models.catalog import CLASSIFIERS, HEADS
from core.records.training import OUTPUTS
from core.words import mark
from pages._shared.widgets import t
from pages._train.fields import Fields

OUTPUT_WORDS: Mapping[str, str] = {
    "softmax": mark("One share per class"),
    "sigmoid": mark("One yes or no"),
}


def choose_classifier(fields: Fields, num_train: int) -> str:
    """Draw what names the classes; one that cannot take so many images is not offered."""
    known = {
        name: entry
        for name, entry in CLASSIFIERS.items()
        if not entry.most_images or num_train <= entry.most_images
    }
    name: str = fields.entry("classifier", known, t("What names the classes by the features."))
    return name


def choose_output(fields: Fields, num_classes: int) -> str:
    """Draw one number or one for each class, where there are two."""
    if num_classes != 2:
        return "softmax"  # also where a run of two classes is cloned with a third
    output: str = fields.one_of(
        "output",
        OUTPUTS,
        OUTPUT_WORDS,
        t("For two classes one number is enough; both ways give about the same answers."),
    )
    return output


def choose(fields: Fields, num_classes: int) -> dict[str, Any]:
    """Draw the choices of a head that learns or is solved."""
    chosen = {"pooling": fields.entry("pooling", HEADS, t("What the head is given."))}
    chosen["output"] = choose_output(fields, num_classes)
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
