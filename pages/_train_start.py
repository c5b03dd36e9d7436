"""What will happen, how long it takes, and Start."""

import streamlit as st

from core import executors, presets, runs, weights
from core.augmentations import AUGMENTATIONS
from core.catalog import BACKBONES
from core.records import Dataset, TrainConfig
from core.words import join
from core.workspace import Workspace
from pages import _runs_words as words
from pages import _shared
from pages._shared import md, nt, t
from pages._train_dial import Dial
from pages._train_time import guess, warning


def draw(ws: Workspace, dataset: Dataset, config: TrainConfig, dial: Dial, ready: bool) -> None:
    """Draw the summary, the estimate and the button."""
    with st.container(border=True, key="start-card"):
        st.markdown(_summary(config), help=words.terms())
        _explain_backbone(config, dial)
        for advice in presets.advice(config):
            st.caption(f":material/lightbulb: {md(t(advice))}")
        if slow := warning(ws, dataset, config):
            st.caption(f":material/storage: {md(t(slow))}")
        label = _explain_weights(config)
        with st.container(horizontal=True, vertical_alignment="center"):
            start = st.button(label, type="primary", icon=":material/play_arrow:",
                              disabled=not ready, key="start")  # fmt: skip
            time, basis = guess(ws, dataset, config)
            st.caption(f":material/schedule: **{time}** · {md(t(basis))}", width="content")
        executors.warm(ws, config)
        if start:
            _have_weights(config)
            run_id = runs.create(ws, config)
            executors.EXECUTORS["local"].submit(ws)
            _shared.go("runs.py", run=run_id)


def _summary(config: TrainConfig) -> str:
    parts = [
        f"**{md(t(BACKBONES[config.backbone].title))}**",
        md(words.depth(config)),
        t("images of {size} × {size} pixels", size=config.image_size),
        nt("{num} epoch", "{num} epochs", num=config.epochs + config.fine_tune_epochs),
    ]
    if config.augmentation != "none":
        kind = t(AUGMENTATIONS[config.augmentation].title)
        parts.append(t("augmentation: {kind}", kind=kind))
    return " · ".join(parts)


def _explain_backbone(config: TrainConfig, dial: Dial) -> None:
    """Say so where the dial had to take another backbone than its first."""
    first = presets.PRESETS[dial.preset].backbones[0]
    if dial.cloned is None and config.backbone == dial.config().backbone != first:
        st.caption(
            ":material/info: "
            + t("The dial would take {first}, but its weights are not on this machine. Choose it "
                "under More choices, and Start downloads them.", first=md(first))
        )  # fmt: skip


def _explain_weights(config: TrainConfig) -> str:
    """Say what is missing and how to get it; give the words on the button."""
    backbone = BACKBONES[config.backbone]
    if config.weights == "none" or weights.on_disk(backbone, config.image_size):
        return t("Start training")
    parts = weights.missing(backbone, config.image_size).render(_shared.language())
    body = join((md(parts["expected"]), md(parts["mend"])), _shared.language())
    st.warning(body, title=md(parts["what"]), icon=":material/cloud_download:")
    size = f"{backbone.weights_for(config.image_size).megabytes:.0f}"
    return t("Download {size} MB and start", size=size)


def _have_weights(config: TrainConfig) -> None:
    """Download the weights first; without them nothing is begun."""
    backbone = BACKBONES[config.backbone]
    if config.weights == "none" or weights.on_disk(backbone, config.image_size):
        return
    bar = st.progress(0.0)

    def report(done: int, total: int) -> None:
        megabytes = t("{done} MB downloaded", done=f"{done / 1e6:.1f}")
        bar.progress(min(done / total, 1.0) if total else 0.0, text=megabytes)

    try:
        weights.fetch(backbone, config.image_size, report)
    finally:
        bar.empty()
