"""Weights that are not on this machine: what that means, and the two ways on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from core.models import weights
from core.models.catalog import BACKBONES, STARTER, Backbone
from core.records import TrainConfig
from core.words import say
from pages._shared import widgets
from pages._shared.widgets import md, t
from pages._train.dial import Dial


def are_here(config: TrainConfig) -> bool:
    """Tell whether a training can begin without a download."""
    backbone = BACKBONES[config.backbone]
    return config.weights == "none" or weights.on_disk(backbone, config.image_size)


def explain(config: TrainConfig, dial: Dial) -> tuple[str, DeltaGenerator]:
    """Say what is missing and offer both ways on.

    Gives the words on the button that starts, and the place for what only some can use.
    """
    if are_here(config):
        return t("Start training"), st.empty()
    backbone = BACKBONES[config.backbone]
    size = f"{backbone.weights_for(config.image_size).megabytes:.0f}"
    title = t("{backbone} ({size} MB) is not on this machine yet.",
              backbone=md(t(backbone.title)), size=size)  # fmt: skip
    with st.container(border=True, key="weights-missing"):
        st.warning(_ways(config), title=title, icon=":material/cloud_download:")
        with st.container(horizontal=True):
            asked = st.button(t("Download"), icon=":material/download:", key="download")
            if _has_offline(config) and st.button(
                t("Use Thaw Starter"), icon=":material/wifi_off:", key="offline"
            ):
                st.session_state[f"backbone@{dial.scope}-asked"] = STARTER
                st.rerun()
        told = st.container()
        details = st.empty()
        _for_the_keeper(weights.missing(backbone, config.image_size), details)
        with told:
            if asked and fetch(config, details):
                st.rerun()
    return t("Download {size} MB and start", size=size), details


def fetch(config: TrainConfig, details: DeltaGenerator) -> bool:
    """Download the weights unless they are here; where that fails, say so and give False.

    What only some can use replaces what stood in the place of the ``details``.
    """
    if are_here(config):
        return True
    bar = st.progress(0.0)

    def report(done: int, total: int) -> None:
        megabytes = t("{done} MB downloaded", done=f"{done / 1e6:.1f}")
        bar.progress(min(done / total, 1.0) if total else 0.0, text=megabytes)

    backbone = BACKBONES[config.backbone]
    try:
        weights.fetch(backbone, config.image_size, report)
    except UserError as error:
        widgets.draw_problem(_failed(backbone))
        _for_the_keeper(error, details)
        return False
    finally:
        bar.empty()
    return True


def _failed(backbone: Backbone) -> UserError:
    return UserError(
        say("{backbone} could not be downloaded.", backbone=say(backbone.title)),
        expected=say("It comes from the web and is kept on this machine."),
        mend=say("Check the network and try again, or use Thaw Starter."),
    )


def _has_offline(config: TrainConfig) -> bool:
    return STARTER in BACKBONES and config.backbone != STARTER


def _ways(config: TrainConfig) -> str:
    if _has_offline(config):
        return t("Download it once, or use Thaw Starter, the small one that comes with Thaw.")
    return t("Download it once; after that it needs no network.")


def _for_the_keeper(error: UserError, details: DeltaGenerator) -> None:
    """Name the file and where it belongs, which only some can use."""
    problem = error.problem
    with details.expander(t("For the person who looks after this computer")):
        st.caption(widgets.sentences(problem.what, problem.expected, problem.mend))
