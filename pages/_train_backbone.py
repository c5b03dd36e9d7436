"""Which backbone: one chosen from a list, with its card, or from all cards side by side."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import weights
from core.catalog import BACKBONES, Backbone
from core.records.training import WEIGHTS
from core.words import mark
from pages._shared import t
from pages._train_fields import Fields

WEIGHTS_WORDS: Mapping[str, str] = {
    "imagenet": mark("What it learned from photos before"),
    "none": mark("Nothing: start from scratch"),
}
FILTERS: Mapping[str, str] = {
    "here": mark("On this machine"),
    "small": mark("Small and quick"),
    "large": mark("Large and exact"),
    "all": mark("All"),
}
SMALL_WORK = 1e9  # multiply-adds for one image, at most, to be called small
LARGE_WORK = 4e9


def choose(fields: Fields) -> dict[str, Any]:
    """Draw the choice, its card, and the way to all the cards."""
    key = fields.key("backbone")
    if f"{key}-asked" in st.session_state:  # in the drawer; set before the field is drawn
        st.session_state[key] = st.session_state.pop(f"{key}-asked")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = fields.listed(
            "backbone",
            list(BACKBONES),
            lambda name: BACKBONES[name].title,
            t("The part that already knows how to look at pictures; yours is built on it."),
        )
        if st.button(t("See all as cards"), icon=":material/grid_view:", key="cards"):
            _browse(key)
    card(BACKBONES[name], fields.base.image_size)
    starts = fields.one_of(
        "weights",
        WEIGHTS,
        WEIGHTS_WORDS,
        t("Starting from photos seen before needs far fewer images of yours."),
    )
    return {"backbone": name, "weights": starts}


def card(backbone: Backbone, image_size: int) -> None:
    """Draw what a backbone is, in plain words."""
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f"**{t(backbone.title)}**")
        st.markdown(t(backbone.sentence))
        st.caption(t("Good at: {what}", what=t(backbone.good_at)))
        with st.container(horizontal=True, gap="small"):
            size = t("{megabytes} MB", megabytes=f"{backbone.megabytes:.0f}")
            st.badge(size, icon=":material/save:", color="gray")
            st.badge(_speed(backbone), icon=":material/speed:", color="gray")
            _where(backbone, image_size)


def _speed(backbone: Backbone) -> str:
    times = backbone.multiply_adds / BACKBONES["MobileNetV2"].multiply_adds
    if times < 1.5:
        return t("quick")
    return t("{times} times the work of MobileNetV2", times=f"{times:.0f}")


def _where(backbone: Backbone, image_size: int) -> None:
    if weights.on_disk(backbone, image_size):
        st.badge(t("weights on this machine"), icon=":material/check:", color="green")
    else:
        st.badge(t("weights to be downloaded"), icon=":material/cloud_download:", color="orange")


def _browse(key: str) -> None:
    @st.dialog(t("Backbones"), width="large", position="right")
    def browse() -> None:
        kind = st.segmented_control(
            t("Which?"),
            list(FILTERS),
            default="here",
            required=True,
            format_func=lambda name: t(FILTERS[name]),
            label_visibility="collapsed",
            key="cards-filter",
        )
        kept = [b for b in BACKBONES.values() if _keep(b, kind or "all")]
        if not kept:
            st.caption(t("None of these. Weights are downloaded when you start a training, or "
                         "before with: python -m core weights fetch NAME"))  # fmt: skip
        for backbone in kept:
            card(backbone, backbone.default_size)
            if st.button(
                t("Use {backbone}", backbone=t(backbone.title)), key=f"use-{backbone.name}"
            ):
                st.session_state[f"{key}-asked"] = backbone.name
                st.rerun()

    browse()


def _keep(backbone: Backbone, kind: str) -> bool:
    if kind == "here":
        return weights.on_disk(backbone, backbone.default_size)
    if kind == "small":
        return backbone.multiply_adds <= SMALL_WORK
    return kind == "all" or backbone.multiply_adds >= LARGE_WORK
