"""Freezing depth: which blocks of the backbone stay as they are, and which learn too."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import UserError
from core.models import catalog, summary
from core.models.catalog import Backbone
from core.records import TrainConfig
from core.words import mark
from pages._glossary.drawer import explained
from pages._shared.widgets import language, nt, t
from pages._train.dial import Dial
from pages._train.fields import Fields
from pages.components.depth_stack import depth_stack

POSITIONS: Mapping[float, str] = {  # share of the blocks that is frozen
    1.0: mark("Only the head"),
    0.75: mark("A quarter"),
    0.5: mark("Half"),
    0.25: mark("Three quarters"),
    0.0: mark("Everything"),
}


def choose(fields: Fields, dial: Dial, chosen: dict[str, Any], num_classes: int) -> str:
    """Draw how much of the backbone learns and give the last frozen block, all or none."""
    base, backbone = fields.base, catalog.backbone(fields.base.backbone)
    total = backbone.multiply_adds or 1
    st.markdown("**" + t("How much learns") + "**")
    learned = t("Frozen blocks of the backbone keep what they learned from a million photos; the "
                "others adapt to your images. With few images, freeze more.")  # fmt: skip
    brought = t("Frozen blocks of the backbone keep what it brought along; the others adapt to "
                "your images. With few images, freeze more.")  # fmt: skip
    explained(brought if backbone.folder else learned, key="what-frozen-means")
    with st.container(width=760):
        frozen = depth_stack(
            [
                {"name": b.name, "parameters": b.trainable, "share": b.multiply_adds / total}
                for b in backbone.blocks
            ],
            {"name": _head_words(num_classes), "parameters": _head(base, chosen, num_classes)},
            [{"frozen": num, "label": t(label)} for num, label in positions(backbone).items()],
            _texts(backbone),
            frozen=backbone.blocks_up_to(base.freeze),
            key=fields.key("depth"),
        )
    freeze = _name(backbone, frozen)
    after = dial.config(backbone=base.backbone, weights=base.weights, freeze=freeze)
    _say_epochs(base, after, Fields(after, f"{dial.scope}-").current("fine_tune_epochs"))
    return freeze


def positions(backbone: Backbone) -> dict[int, str]:
    """Give the positions that are there, by how many blocks they freeze: a few blocks have few."""
    total = len(backbone.blocks)
    inner = {round(share * total): label for share, label in POSITIONS.items()}
    ends = {total: POSITIONS[1.0], 0: POSITIONS[0.0]}
    return dict(sorted((inner | ends).items(), reverse=True))


def _name(backbone: Backbone, frozen: int) -> str:
    if frozen == len(backbone.blocks):
        return "all"
    return backbone.blocks[frozen - 1].name if frozen else "none"


def _say_epochs(before: TrainConfig, after: TrainConfig, num: int) -> None:
    """Say what a moved depth does to the second phase, which has as many epochs as are chosen."""
    if after.thaws and not before.thaws:
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
    return summary.head_parameters(config, num_classes or 1)


def _head_words(num_classes: int) -> str:
    if not num_classes:
        return t("Head: one number")
    return nt("Head: {num} class", "Head: {num} classes", num=num_classes)


def _texts(backbone: Backbone) -> dict[str, str]:
    """Give what the component says; values in braces are filled in as the cut moves."""
    return {
        "language": language().replace("_", "-"),
        "image": t("your image"),
        "frozen": t("frozen"),
        "learning": t("learns"),
        "slider": t("How much of {backbone} learns", backbone=backbone.title),
        "finely": t("How many blocks of {backbone} learn", backbone=backbone.title),
        "exact": t("Exact: {cut}", cut="{cut}"),
        "upTo": t("frozen up to {block}", block="{block}"),
        "few": t("only the head learns"),
        "many": t("everything learns"),
        "parameters": t("It adjusts {parameters} numbers", parameters="{parameters}"),
        "cost": t("each epoch computes {percent}% of the backbone", percent="{percent}"),
        "once": t("the backbone is computed only once"),
        "said": t(
            "{blocks} of {all} blocks learn: {parameters} numbers are adjusted",
            blocks="{blocks}",
            all="{all}",
            parameters="{parameters}",
        ),
    }
