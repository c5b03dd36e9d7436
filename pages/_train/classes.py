"""Which classes take part, and whether that is enough to learn from."""

from collections.abc import Iterable

import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import Dataset
from pages._shared import widgets
from pages._shared.widgets import md, t


def choose(dataset: Dataset, before: tuple[str, ...], origin: str) -> tuple[tuple[str, ...], bool]:
    """Give the classes left out, and whether what remains can be trained on.

    ``origin`` keeps what is left out for a clone apart from what is left out otherwise.
    """
    if _problem(dataset, ()) is not None and len(dataset.classes) > 2:  # offer it here
        left_out = pick_left_out(dataset, before, origin)
    else:
        left_out = _known(dataset, st.session_state.get(_key(dataset, origin), before))
    problem = _problem(dataset, left_out)
    if problem is not None:
        widgets.draw_problem(problem)
        if st.button(t("Add images"), icon=":material/add_photo_alternate:", key="add_images"):
            widgets.go("data.py", dataset=dataset.id, part="add")
        return left_out, False
    warnings = [md(t(warning)) for warning in datasets.check_trainable(dataset, left_out)]
    if warnings:
        st.caption(":material/warning: " + "  \n".join(warnings))
    return left_out, True


def draw_if_fine(dataset: Dataset, before: tuple[str, ...], origin: str) -> None:
    """Let classes be left out where none has to be; the page reads the choice at its next run."""
    if _problem(dataset, ()) is None and len(dataset.classes) > 2:
        pick_left_out(dataset, before, origin)


def pick_left_out(dataset: Dataset, before: tuple[str, ...], origin: str) -> tuple[str, ...]:
    """Draw the choice of classes to leave out."""
    return tuple(
        st.multiselect(
            t("Leave out these classes"),
            [entry.name for entry in dataset.listed],
            default=_known(dataset, before),
            placeholder=t("None: every class takes part"),
            key=_key(dataset, origin),
            persist_state="session",
        )
    )


def _known(dataset: Dataset, names: Iterable[str]) -> tuple[str, ...]:
    """Drop classes that are gone since they were left out: renamed, merged or left out for good."""
    there = {entry.name for entry in dataset.classes}
    return tuple(name for name in names if name in there)


def _key(dataset: Dataset, origin: str) -> str:
    return f"left_out@{origin}@{dataset.id}" if origin else f"left_out@{dataset.id}"


def _problem(dataset: Dataset, left_out: tuple[str, ...]) -> UserError | None:
    try:
        datasets.check_trainable(dataset, left_out)
    except UserError as error:
        return error
    return None
