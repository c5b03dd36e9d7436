"""A picture that is like nothing a model learned: said in place of its class."""

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import ModelCard, Prediction
from core.workspace import Workspace
from pages._shared.run_words import percent
from pages._shared.widgets import md, t

SIDE = 88  # pixels of a picture that is alike


def name_of(answer: Prediction) -> str:
    """Say what a picture is: its class, or that it is like nothing that was learned."""
    return text() if answer.unknown else answer.label


def text() -> str:
    """Say it in place of a class."""
    return t("Not like anything it learned")


def caption_of(answer: Prediction) -> str:
    """Say under a small picture what it is, and how strongly the model leans to that."""
    return text() if answer.unknown else _with_share(answer)


def title_of(answer: Prediction) -> str:
    """Say it where there is room; also which class would have won, where none is named."""
    return f"{text()} · {_with_share(answer)}" if answer.unknown else _with_share(answer)


def _with_share(answer: Prediction) -> str:
    return f"{answer.label} · {percent(answer.confidence)}"


def draw_note(answer: Prediction) -> None:
    """Say which class would have won, where none is named."""
    if answer.unknown:
        st.caption(
            t("Of the classes it knows, {label} is nearest.", label=md(answer.label)),
            help=t("It is less like what was learned than 95% of the known images are."),
        )


def draw_similar(ws: Workspace, card: ModelCard, answer: Prediction) -> None:
    """Show the training pictures that are most like it, where they are still there."""
    paths = _there(ws, card, answer.similar)
    if paths:
        st.caption(t("Most like it, of what was learned:"))
        with st.container(horizontal=True, gap="small", key="similar"):
            for path in paths:
                st.image(path, width=SIDE, alt=t("A training picture that is alike"))


def _there(ws: Workspace, card: ModelCard, contents: Sequence[str]) -> list[str]:
    try:
        return [str(datasets.thumbnail(ws, card.config.dataset_id, one)) for one in contents]
    except (UserError, OSError):  # its data set was deleted, or the picture taken out
        return []
