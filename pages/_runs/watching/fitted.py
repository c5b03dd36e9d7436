"""A run that was fitted at once: a curve of one point would say nothing."""

import plotly.graph_objects as go
import streamlit as st

from core.models.catalog import OPTIMIZERS
from core.records import Run
from core.records.choices import TASKS
from pages._runs.watching.live_curves import texts
from pages._shared.charts import style
from pages._shared.run_words import percent
from pages._shared.widgets import t


def has_no_curve(run: Run) -> bool:
    """Tell whether it took a single step: a classifier, or a number that was solved and no more."""
    if not run.epochs or run.config.thaws:
        return False
    is_solved_number = TASKS[run.config.task].is_number and OPTIMIZERS[run.config.optimizer].solves
    return run.config.is_fitted or is_solved_number


def draw(run: Run, level: float | None) -> None:
    """Say that there is no curve, and draw bars of accuracy; figures of numbers say all of it.

    ``level``: the accuracy of always naming the largest class.
    """
    st.caption(t("It was fitted at once, without steps, so that there is no curve."))
    if TASKS[run.config.task].is_number:
        return
    epoch = run.epochs[-1]
    scores = {
        t("training images, each held back in turn"): epoch.accuracy,
        t("validation"): epoch.val_accuracy,
        t("always naming the largest class"): level,
    }
    known = {name: score for name, score in scores.items() if score is not None}
    figure = go.Figure()
    told = [f"{name}: {percent(score)}" for name, score in known.items()]
    figure.add_bar(y=list(known), x=list(known.values()), orientation="h", customdata=told,
                   hovertemplate="%{customdata}<extra></extra>")  # fmt: skip
    style(figure)
    figure.update_layout(height=80 + 40 * len(known), hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title=texts()["accuracy"], tickformat=".0%", range=[0, 1])
    st.plotly_chart(figure, key=f"fitted-{run.id}", alt=". ".join(told),
                    config={"displaylogo": False, "displayModeBar": False})  # fmt: skip
