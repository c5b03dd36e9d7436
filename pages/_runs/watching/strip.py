"""Pictures of the validation part that turn right or wrong while a run trains."""

import streamlit as st

from core.models import solving
from core.records import Run
from core.records.choices import TASKS
from core.workspace import Workspace
from pages._runs import compare
from pages._shared.widgets import t, url
from pages.components.strip import strip


def draw(ws: Workspace, run: Run) -> None:
    """Draw them where the run judges validation images; the browser asks for more by itself."""
    if not run.config.validates or TASKS[run.config.task].is_number:
        return
    base = f"/{{}}/{run.config.dataset_id}/CONTENT"
    with st.container(key="strip"):
        strip(
            run.id,
            _texts(run),
            lines=url(f"/api/runs/{run.id}/strip"),
            thumbnail=url("/api" + base.format("thumbnail")),
            image=url("/api" + base.format("image")),
            known=compare.has_dataset(ws, run),
        )


def _texts(run: Run) -> dict[str, str]:
    """Give what the component says; values in braces are filled in as epochs come."""
    counted = {"right": "{right}", "num": "{num}", "epoch": "{epoch}"}
    is_solved = solving.solves(run.config) and not run.config.thaws
    at_once = t("{right} of these {num} validation pictures are named rightly.", **counted)
    iteration = t(
        "{right} of these {num} validation pictures are named rightly after iteration {epoch}.",
        **counted,
    )
    epoch = t(
        "{right} of these {num} validation pictures are named rightly after epoch {epoch}.",
        **counted,
    )
    return {
        "label": t("Validation pictures"),
        "waiting": t("Validation pictures: it does not learn from them."),
        "told": at_once if run.config.is_fitted else iteration if is_solved else epoch,
        "right": t("{label}: named rightly", label="{label}"),
        "wrong": t("{label}: named {named}", label="{label}", named="{named}"),
        "then": t("named {named}", named="{named}")
        if run.config.is_fitted
        else t("{epoch}: named {named}", epoch="{epoch}", named="{named}"),
        "previous": t("Previous image"),
        "next": t("Next image"),
        "close": t("Close"),
    }
