"""The looks of all charts, and the curves of a run that trains."""

import plotly.graph_objects as go
import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import Run, Split
from core.workspace import Workspace
from pages._shared.widgets import language, t, url
from pages.components.live_chart import live_chart

HEIGHT = 330  # pixels


def live(ws: Workspace, run: Run) -> None:
    """Draw the curves of a run that trains; the browser asks for new numbers by itself."""
    live_chart(
        run.id,
        texts(),
        metrics=url(f"/api/runs/{run.id}/metrics"),
        library=url("/assets/plotly.min.js"),
        majority=majority(ws, run),
    )


def texts() -> dict[str, str]:
    """Give the words on the charts."""
    return {
        "language": language().replace("_", "-"),
        "loss": t("Loss: how wrong it is, lower is better"),
        "accuracy": t("Accuracy: how often it is right"),
        "within": t("within the epoch"),
        "training": t("training"),
        "validation": t("validation"),
        "best": t("best epoch"),
        "epoch": t("Epoch"),
        "change": t("fine-tuning starts"),
        "majority": t("always naming the largest class"),
        "waiting": t("Waiting for the first numbers…"),
        "reset": t("Show everything again"),
    }


def majority(ws: Workspace, run: Run) -> float | None:
    """Give what always naming the largest class would score, also before there is a card."""
    if run.card is not None:
        return run.card.validation.majority
    try:
        images = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:
        return None
    kept = [i.label for i in images
            if i.split is Split.VALIDATION and i.label not in run.config.left_out]  # fmt: skip
    return max(kept.count(label) for label in set(kept)) / len(kept) if kept else None


def style(figure: go.Figure) -> None:
    """Give a figure the looks of the live one."""
    theme = f"theme.{st.context.theme.type or 'light'}"
    figure.update_shapes(line_color=st.get_option(f"{theme}.textColor"))
    figure.update_layout(
        height=HEIGHT,
        colorway=st.get_option(f"{theme}.chartCategoricalColors"),
        margin={"l": 40, "r": 8, "t": 20, "b": 36},
        legend={"orientation": "h", "y": -0.32, "yanchor": "top"},
        hovermode="x unified",
    )
