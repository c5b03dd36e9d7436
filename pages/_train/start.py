"""What will happen, how long it takes, and Start."""

import streamlit as st

from core import devices, runs
from core.models import catalog, presets, solving
from core.models.catalog import AUGMENTATIONS
from core.records import Dataset, TrainConfig
from core.runs import executors
from core.words import Message
from core.workspace import Workspace
from pages._shared import run_words as words, widgets
from pages._shared.widgets import md, nt, t
from pages._studies import offer
from pages._train import weights
from pages._train.dial import Dial
from pages._train.time import guess, warning


def draw(ws: Workspace, dataset: Dataset, config: TrainConfig, dial: Dial, ready: bool) -> None:
    """Draw the summary, the estimate and the button."""
    with st.container(border=True, key="start-card"):
        st.markdown(_summary(config), help=words.terms())
        if config.teacher:
            learns = t("It learns from the model of the run {run} too.", run=md(config.teacher))
            st.caption(f":material/school: {learns}")
        label, details = weights.explain(config, dial)
        for advice in _advice(config, dial):
            st.caption(f":material/lightbulb: {md(t(advice))}")
        if slow := warning(ws, dataset, config):
            st.caption(f":material/storage: {md(t(slow))}")
        _explain_device()
        with st.container(horizontal=True, vertical_alignment="center"):
            start = st.button(label, type="primary", icon=":material/play_arrow:",
                              disabled=not ready, key="start")  # fmt: skip
            time, basis = guess(ws, dataset, config)
            st.caption(f":material/schedule: **{time}** · {md(t(basis))}", width="content")
            if not dataset.task.is_number:
                offer.draw_button(ws, config)
        executors.warm(ws, config)
        if start and weights.fetch(config, details):
            run_id = runs.create(ws, config)
            executors.submit(ws)
            widgets.go("runs.py", run=run_id)


def _summary(config: TrainConfig) -> str:
    parts = [
        f"**{md(t(catalog.backbone(config.backbone).title))}**",
        md(words.depth(config)),
        t("images of {size} × {size} pixels", size=config.image_size),
        _epochs(config),
    ]
    if config.augmentation != "none":
        kind = t(AUGMENTATIONS[config.augmentation].title)
        parts.append(
            nt("augmentation: {kind}, {num} variation of each image",
               "augmentation: {kind}, {num} variations of each image",
               kind=kind, num=config.num_views)
        )  # fmt: skip
    return " · ".join(parts)


def _advice(config: TrainConfig, dial: Dial) -> tuple[Message, ...]:
    """Say also why a head is not solved, where nobody chose that."""
    steps = solving.why_in_steps(config, {}, dial.num_train)
    asked = dial.cloned is not None and not solving.solves(dial.cloned)
    why = () if solving.solves(config) or asked or steps is None else (steps,)
    usual = dial.config(backbone=config.backbone, weights=config.weights).image_size
    is_chosen = dial.cloned is not None or config.image_size != usual
    return (*why, *presets.advice(config, dial.num_train, None if is_chosen else dial.side))


def _epochs(config: TrainConfig) -> str:
    """Count the epochs; with patience a phase may end before all of its are over."""
    solved = solving.solves(config)
    if config.is_fitted:
        return t("fitted at once")
    if solved and not config.fine_tune_epochs:
        return t("the head is solved at once")
    num = config.epochs * (not solved) + config.fine_tune_epochs
    if solved:
        return t("the head is solved at once, then {epochs}", epochs=_counted(num, config))
    return _counted(num, config)


def _counted(num: int, config: TrainConfig) -> str:
    if config.patience:
        return nt("up to {num} epoch", "up to {num} epochs", num=num)
    return nt("{num} epoch", "{num} epochs", num=num)


def _explain_device() -> None:
    """Say before the start that a GPU is there and hidden."""
    if (hidden := devices.hidden_gpus()) is not None:
        st.caption(f":material/memory: {md(t(hidden))}")
