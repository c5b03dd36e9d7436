"""How it learns: how long, how fast, and when to end early."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.models.catalog import OPTIMIZERS, SCHEDULES
from pages._shared.widgets import t
from pages._train.fields import Fields, explained


def choose(fields: Fields, tuning: Fields) -> dict[str, Any]:
    """Draw the choices of the two phases and of the loop; the second needs thawed blocks."""
    optimizer = OPTIMIZERS[fields.current("optimizer")]
    fields, tuning = (replace(part, ignored=optimizer.ignores) for part in (fields, tuning))
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
    }
    if frozen:
        st.caption(t("There is no second phase while every block is frozen."))
    return chosen


def _steps(fields: Fields) -> dict[str, Any]:
    return {
        "batch_size": fields.number(
            "batch_size", t("How many images it looks at before each learning step."), step=8
        ),
        "optimizer": fields.listed(
            "optimizer",
            list(OPTIMIZERS),
            lambda name: t(OPTIMIZERS[name].title),
            explained(t("The rule for taking a learning step."), OPTIMIZERS),
        ),
        "patience": fields.number(
            "patience",
            t("Ends a phase after this many epochs without getting better. 0: never."),
        ),
        "seed": fields.number(
            "seed", t("Chance starts from this number: the same seed gives the same training.")
        ),
    }
