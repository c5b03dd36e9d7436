"""Freezing depth: which blocks of the backbone stay as they are, and which learn too."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import UserError
from core.models import summary
from core.models.catalog import BACKBONES, Backbone
from core.records import TrainConfig
from pages._shared.widgets import language, nt, t
from pages._train.dial import Dial
from pages._train.fields import Fields
from pages.components.depth_stack import depth_stack


def choose(fields: Fields, dial: Dial, chosen: dict[str, Any], num_classes: int) -> str:
    """Draw the backbone as a stack of blocks and give the last frozen one, all or none."""
    st.caption(
        t("Frozen blocks keep what they learned from a million photos; blocks that learn adapt to "
          "your images. With few images, freeze more. Click a block, or move the slider.")
    )  # fmt: skip
    base, backbone = fields.base, BACKBONES[fields.base.backbone]
    total = backbone.multiply_adds or 1
    note = st.container()  # above the stack, which may be long
    with st.container(width=760):
        frozen = depth_stack(
            [
                {"name": b.name, "parameters": b.trainable, "share": b.multiply_adds / total}
                for b in backbone.blocks
            ],
            {"name": _head_words(num_classes), "parameters": _head(base, chosen, num_classes)},
            _texts(backbone),
            frozen=backbone.blocks_up_to(base.freeze),
            key=fields.key("depth"),
        )
    freeze = _name(backbone, frozen)
    with note:
        _say_epochs(base, dial.config(backbone=base.backbone, weights=base.weights, freeze=freeze))
    return freeze


def _name(backbone: Backbone, frozen: int) -> str:
    if frozen == len(backbone.blocks):
        return "all"
    return backbone.blocks[frozen - 1].name if frozen else "none"


def _say_epochs(before: TrainConfig, after: TrainConfig) -> None:
    """Say what a moved depth does to the second phase."""
    if after.thaws and not before.thaws:
        num = after.fine_tune_epochs
        st.caption(
            ":material/info: "
            + nt("Blocks that learn bring a second phase of {num} epoch; see Learning.",
                 "Blocks that learn bring a second phase of {num} epochs; see Learning.", num=num)
        )  # fmt: skip
    if before.thaws and not after.thaws:
        text = t("With every block frozen there is no second phase: its epochs are left out.")
        st.caption(f":material/info: {text}")


def _head(base: TrainConfig, chosen: dict[str, Any], num_classes: int) -> int:
    """Count the parameters of the head, however it learns; a wrong value is said elsewhere."""
    names = ("image_size", "pooling", "hidden_units", "output")
    try:
        config = replace(base, optimizer="adam", **{name: chosen[name] for name in names})
    except UserError:
        config = base
    return summary.head_parameters(config, num_classes)


def _head_words(num_classes: int) -> str:
    return nt("Head: {num} class", "Head: {num} classes", num=num_classes)


def _texts(backbone: Backbone) -> dict[str, str]:
    """Give what the component says; values in braces are filled in as the cut moves."""
    return {
        "language": language().replace("_", "-"),
        "image": t("your image"),
        "frozen": t("frozen"),
        "learning": t("learns"),
        "slider": t("How much of {backbone} learns", backbone=backbone.title),
        "few": t("Only the head learns"),
        "many": t("Everything learns"),
        "parameters": t("{parameters} numbers learn", parameters="{parameters}"),
        "cost": t("each epoch computes {percent}% of the backbone", percent="{percent}"),
        "once": t("the backbone is computed only once"),
        "said": t(
            "{blocks} of {all} blocks learn, {parameters} numbers",
            blocks="{blocks}",
            all="{all}",
            parameters="{parameters}",
        ),
    }
