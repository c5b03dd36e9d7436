"""Which backbone: one chosen from a list, with its card, or from all cards side by side."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models import catalog, weights
from core.models.catalog import Backbone
from core.records import Dataset
from core.records.training import WEIGHTS
from core.words import mark
from core.workspace import Workspace
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import md, t
from pages._train import own_backbone
from pages._train.fields import Fields
from pages._train.weights import tell_keeper

HowLong = Callable[[str], str]  # the time of a training with that backbone, in words
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


def choose(ws: Workspace, dataset: Dataset, fields: Fields, how_long: HowLong) -> dict[str, Any]:
    """Draw the choice, its card, and the way to all the cards."""
    known = catalog.known()
    key = fields.key("backbone")
    if f"{key}-asked" in st.session_state:  # in the drawer; set before the field is drawn
        st.session_state[key] = st.session_state.pop(f"{key}-asked")
    if st.session_state.get(key, fields.base.backbone) not in known:
        del st.session_state[key]  # it was deleted meanwhile
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = fields.listed(
            "backbone",
            list(known),
            lambda name: _marked(known[name], fields.base.image_size),
            t("The part that already knows how to look at pictures; yours is built on it."),
        )
        if st.button(t("See all as cards"), icon=":material/grid_view:", key="cards"):
            _browse(key, how_long)
    _card(known[name], fields.base.image_size, how_long(name))
    if known[name].folder:
        own_backbone.draw_facts(ws, known[name])
    own_backbone.draw(ws, dataset, f"{key}-asked")
    if not weights.on_disk(known[name], fields.base.image_size):
        tell_keeper(known[name], fields.base.image_size)
    starts = fields.one_of(
        "weights",
        WEIGHTS,
        WEIGHTS_WORDS,
        t("Starting from photos seen before needs far fewer images of yours."),
    )
    return {"backbone": name, "weights": starts}


def _marked(backbone: Backbone, image_size: int) -> str:
    """Name a backbone in the list, and say whether it is here."""
    if backbone.folder:
        return f"{backbone.title} · " + t("yours")
    if weights.on_disk(backbone, image_size):
        return f"{t(backbone.title)} · " + t("on this machine")
    size = t("{megabytes} MB", megabytes=f"{backbone.weights_for(image_size).megabytes:.0f}")
    return f"{t(backbone.title)} · {size}"


def _card(backbone: Backbone, image_size: int, time: str) -> DeltaGenerator:
    """Draw what a backbone is, in plain words."""
    here = weights.on_disk(backbone, image_size)
    box = st.container(border=True, height="stretch", gap="small")
    with box:
        st.markdown(f"**{md(t(backbone.title))}**  \n{t(backbone.sentence)}")
        st.caption(t("Good at: {what}", what=t(backbone.good_at)))
        with st.container(horizontal=True, gap="small"):
            st.badge(time, icon=":material/schedule:", color="gray")
            size = t("{megabytes} MB", megabytes=f"{backbone.megabytes:.0f}")
            st.badge(size, icon=":material/save:", color="gray")
            if here:
                st.badge(t("on this machine"), icon=":material/check:", color="green")
            else:
                st.badge(t("to be downloaded"), icon=":material/cloud_download:", color="orange")
    return box


def _browse(key: str, how_long: HowLong) -> None:
    @dialog(t("Backbones"), width="large", position="right")
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
        st.caption(t("Times are for your images, on this machine, as the dial stands."))
        with st.grid(min_column_width=300):
            for backbone in catalog.known().values():
                if _keep(backbone, kind or "all"):
                    _offer(backbone, key, how_long(backbone.name))

    browse()


def _offer(backbone: Backbone, key: str, time: str) -> None:
    with _card(backbone, backbone.default_size, time):
        if st.button(t("Use this one"), key=f"use-{backbone.name}"):
            st.session_state[f"{key}-asked"] = backbone.name
            st.rerun()


def _keep(backbone: Backbone, kind: str) -> bool:
    if kind == "here":
        return weights.on_disk(backbone, backbone.default_size)
    if kind == "small":
        return backbone.multiply_adds <= SMALL_WORK
    return kind == "all" or backbone.multiply_adds >= LARGE_WORK
