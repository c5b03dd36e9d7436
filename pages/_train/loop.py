"""How it learns: how long, how fast, and when to end early."""

from typing import Any

import streamlit as st

from core.models import solving
from core.models.catalog import OPTIMIZERS, SCHEDULES
from core.records import TrainConfig
from pages._shared.widgets import t
from pages._train.dial import Dial
from pages._train.fields import Fields, explained


def choose_optimizer(base: TrainConfig, dial: Dial) -> str:
    """Draw how the head learns; where it cannot be solved, that is not offered."""
    may_solve = not base.hidden_units and solving.solved_views(base, dial.num_train)
    fields = Fields(base, dial.scope if solving.solves(base) else f"{dial.scope}-steps")
    known = {name: o for name, o in OPTIMIZERS.items() if may_solve or not o.solves}
    name: str = fields.listed(
        "optimizer",
        list(known),
        lambda name: t(known[name].title),
        explained(t("How the head learns."), known),
    )
    if OPTIMIZERS[name].solves:
        st.caption(
            t("How simple the head is kept is found by itself, on parts of your training images "
              "that are held back in turn.")
        )  # fmt: skip
        st.button(
            t("Choose epochs and learning rate yourself"),
            type="tertiary",
            icon=":material/tune:",
            on_click=_learn_in_steps,
            args=(fields.key("optimizer"),),
            help=t("The head then learns in steps, with Adam."),
            key="in-steps",
        )
    return name


def _learn_in_steps(key: str) -> None:
    st.session_state[key] = "adam"
    st.toast(t("The head now learns in steps, with Adam."))


def choose(fields: Fields, tuning: Fields) -> dict[str, Any]:
    """Draw the choices of the two phases and of the loop; the second needs thawed blocks."""
    first, second = st.columns(2, border=True)
    with first:
        chosen = _head_phase(fields)
    with second:
        chosen |= _fine_tuning_phase(tuning)
    with st.grid(4, min_column_width=150):
        chosen |= _steps(fields)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        chosen["schedule"] = fields.entry(
            "schedule", SCHEDULES, t("What becomes of the learning rate over time.")
        )
        chosen["class_weights"] = fields.switch(
            "class_weights",
            t("Lets images of small classes count for more, so that they are not overlooked."),
        )
    return chosen


def _head_phase(fields: Fields) -> dict[str, Any]:
    st.markdown("**" + t("First phase: the head learns") + "**")
    if "epochs" in fields.hidden:
        st.caption(t("It is solved: as many iterations as it takes."))
    return {
        "epochs": fields.number(
            "epochs", t("How often the head sees all training images in the first phase.")
        ),
        "learning_rate": fields.number(
            "learning_rate",
            t("The size of a learning step. Too small: slow. Too large: it never settles."),
            step=1e-4,
        ),
    }


def _fine_tuning_phase(tuning: Fields) -> dict[str, Any]:
    frozen = tuning.base.freeze == "all"
    st.markdown("**" + t("Second phase: the thawed blocks learn too") + "**")
    chosen = {
        "fine_tune_epochs": tuning.number(
            "fine_tune_epochs",
            t("How often it sees all images in the second phase."),
            disabled=frozen,
        ),
        "fine_tune_learning_rate": tuning.number(
            "fine_tune_learning_rate",
            t(
                "The size of a step in the second phase: smaller, so that what the backbone knows "
                "is not washed away."
            ),
            step=1e-5,
            disabled=frozen,
        ),
        "layer_decay": tuning.number(
            "layer_decay",
            t(
                "What remains of that step with each block further from the head: the first "
                "blocks know edges and colours, which serve as they are. 1: all learn alike."
            ),
            step=0.05,
            disabled=frozen,
        ),
    }
    if frozen:
        st.caption(t("There is no second phase while every block is frozen."))
    return chosen


def _steps(fields: Fields) -> dict[str, Any]:
    return {
        "batch_size": fields.number(
            "batch_size", t("How many images it looks at before each learning step."), step=8
        ),
        "patience": fields.number(
            "patience",
            t(
                "Ends a phase after this many epochs without getting better; the last one is kept. "
                "0: never."
            ),
        ),
        "seed": fields.number(
            "seed", t("Chance starts from this number: the same seed gives the same training.")
        ),
    }
