"""Freezing depth: which blocks of the backbone stay as they are, and which learn too."""

from typing import Any

import streamlit as st

from core.catalog import Backbone
from pages._shared import language, nt, t
from pages._train_fields import Fields
from pages.components.depth_stack import depth_stack


def choose(fields: Fields, backbone: Backbone, chosen: dict[str, Any], num_classes: int) -> str:
    """Draw the backbone as a stack of blocks and give the last frozen one, all or none."""
    st.caption(
        t("Frozen blocks keep what they learned from a million photos; blocks that learn adapt to "
          "your images. With few images, freeze more. Click a block, or move the slider.")
    )  # fmt: skip
    total = backbone.multiply_adds or 1
    with st.container(width=760):
        frozen = depth_stack(
            [
                {"name": b.name, "parameters": b.parameters, "share": b.multiply_adds / total}
                for b in backbone.blocks
            ],
            {"name": _head_words(num_classes), "parameters": _head(backbone, chosen, num_classes)},
            _texts(backbone),
            frozen=backbone.blocks_up_to(fields.base.freeze),
            key=fields.key("depth"),
        )
    if frozen == len(backbone.blocks):
        return "all"
    return backbone.blocks[frozen - 1].name if frozen else "none"


def _head(backbone: Backbone, chosen: dict[str, Any], num_classes: int) -> int:
    """Count the parameters of the head that the choices make."""
    height, width, channels = backbone.blocks[-1].output_shape
    places = height * width if chosen["pooling"] == "flatten" else 1
    inputs, hidden = channels * places, max(int(chosen["hidden_units"] or 0), 0)
    outputs = 1 if chosen.get("output") == "sigmoid" else num_classes
    between = (inputs + 1) * hidden if hidden else 0
    return between + ((hidden or inputs) + 1) * outputs


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
        "cost": t("each epoch computes {percent} % of the backbone", percent="{percent}"),
        "once": t("the backbone is computed only once"),
        "said": t(
            "{blocks} of {all} blocks learn, {parameters} numbers",
            blocks="{blocks}",
            all="{all}",
            parameters="{parameters}",
        ),
    }
