"""Weights that are not on this machine: what that means, and the two ways on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from core.models import catalog, presets, weights
from core.models.catalog import STARTER, Backbone
from core.records import TrainConfig
from core.words import say
from pages._shared import widgets
from pages._shared.widgets import md, t
from pages._train.dial import Dial

_MISSING = ":material/cloud_download:"


def are_here(config: TrainConfig) -> bool:
    """Tell whether a training can begin without a download."""
    backbone = catalog.backbone(config.backbone)
    return config.weights == "none" or weights.on_disk(backbone, config.image_size)


def explain(config: TrainConfig, dial: Dial) -> tuple[str, DeltaGenerator]:
    """Say in one line what is missing, with the other way on as a button.

    Gives the words on the button that starts, and the place for what only some can use.
    """
    backbone = catalog.backbone(config.backbone)
    if are_here(config):
        _offer_first(config, dial)
        return t("Start training"), st.empty()
    size = _megabytes(backbone, config.image_size)
    missing = t("{backbone} ({size} MB) is not on this machine yet",
                backbone=md(t(backbone.title)), size=size)  # fmt: skip
    other = catalog.known().get(_other(config, dial))
    if other is not None:
        _offer(missing, other, t("Use {backbone} instead", backbone=md(t(other.title))), dial)
    else:
        st.badge(missing, icon=_MISSING, color="orange")
    return t("Download {size} MB and start", size=size), st.empty()


def _offer_first(config: TrainConfig, dial: Dial) -> None:
    """Offer the backbone that the dial would take if it were here."""
    first = catalog.BACKBONES[presets.PRESETS[dial.preset].backbones[0]]
    chosen = dial.cloned is not None or config.backbone != dial.config().backbone
    if not chosen and config.weights != "none" and first.name != config.backbone:
        size = _megabytes(first, config.image_size)
        missing = t("{backbone} is not on this machine yet", backbone=md(t(first.title)))
        _offer(missing, first, t("Use it ({size} MB to download)", size=size), dial)


def _other(config: TrainConfig, dial: Dial) -> str:
    """Name a backbone that is here: the one that the dial took, or the one that comes with Thaw."""
    took = dial.config() if dial.cloned is None else config
    return took.backbone if are_here(took) else STARTER


def _offer(missing: str, backbone: Backbone, label: str, dial: Dial) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="weights-missing"):
        st.badge(missing, icon=_MISSING, color="orange", width="content")
        if st.button(label, type="tertiary", icon=":material/swap_horiz:", key="take"):
            st.session_state[f"backbone@{dial.scope}-asked"] = backbone.name
            st.rerun()


def _megabytes(backbone: Backbone, image_size: int) -> str:
    return f"{backbone.weights_for(image_size).megabytes:.0f}"


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

    backbone = catalog.backbone(config.backbone)
    try:
        weights.fetch(backbone, config.image_size, report)
    except UserError as error:
        widgets.draw_problem(_failed(backbone))
        with details.expander(t(widgets.KEEPER)):
            _say(error)
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


def tell_keeper(backbone: Backbone, image_size: int) -> None:
    """Name the file that is missing and where it belongs, which only some can use."""
    with st.popover(t(widgets.KEEPER), type="tertiary"):
        _say(weights.missing(backbone, image_size))


def _say(error: UserError) -> None:
    problem = error.problem
    st.caption(widgets.sentences(problem.what, problem.expected, problem.mend))
