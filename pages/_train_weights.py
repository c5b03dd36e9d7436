"""Weights that are not on this machine: what that means, and the two ways on."""

import streamlit as st

from core import weights
from core.catalog import BACKBONES, STARTER, Backbone
from core.records import TrainConfig
from core.words import join
from pages import _shared
from pages._shared import md, mendable, t
from pages._train_dial import Dial


def are_here(config: TrainConfig) -> bool:
    """Tell whether a training can begin without a download."""
    backbone = BACKBONES[config.backbone]
    return config.weights == "none" or weights.on_disk(backbone, config.image_size)


def explain(config: TrainConfig, dial: Dial) -> str:
    """Say what is missing and offer both ways on; give the words on the button that starts."""
    if are_here(config):
        return t("Start training")
    backbone = BACKBONES[config.backbone]
    size = f"{backbone.weights_for(config.image_size).megabytes:.0f}"
    title = t("{backbone} ({size} MB) is not on this machine yet.",
              backbone=md(t(backbone.title)), size=size)  # fmt: skip
    with st.container(border=True, key="weights-missing"):
        st.warning(_ways(config), title=title, icon=":material/cloud_download:")
        with st.container(horizontal=True):
            if st.button(t("Download"), icon=":material/download:", key="download"):
                with mendable():
                    fetch(config)
                    st.rerun()
            if _has_offline(config) and st.button(
                t("Use the offline one"), icon=":material/wifi_off:", key="offline"
            ):
                st.session_state[f"backbone@{dial.scope}-asked"] = STARTER
                st.rerun()
        _for_the_keeper(backbone, config.image_size)
    return t("Download {size} MB and start", size=size)


def fetch(config: TrainConfig) -> None:
    """Download the weights; without them nothing is begun."""
    if are_here(config):
        return
    bar = st.progress(0.0)

    def report(done: int, total: int) -> None:
        megabytes = t("{done} MB downloaded", done=f"{done / 1e6:.1f}")
        bar.progress(min(done / total, 1.0) if total else 0.0, text=megabytes)

    try:
        weights.fetch(BACKBONES[config.backbone], config.image_size, report)
    finally:
        bar.empty()


def _has_offline(config: TrainConfig) -> bool:
    return STARTER in BACKBONES and config.backbone != STARTER


def _ways(config: TrainConfig) -> str:
    if _has_offline(config):
        return t("Download it once, or use the small one that comes with Thaw.")
    return t("Download it once; after that it needs no network.")


def _for_the_keeper(backbone: Backbone, image_size: int) -> None:
    """Name the file and where it belongs, which only some can use."""
    problem = weights.missing(backbone, image_size).render(_shared.language())
    with st.expander(t("For the person who looks after this computer")):
        st.caption(join([md(part) for part in problem.values()], _shared.language()))
