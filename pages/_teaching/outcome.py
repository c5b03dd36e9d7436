"""What came out in the class: the curves of all over each other, and everything as a table."""

from datetime import timedelta

import plotly.graph_objects as go
import streamlit as st

from core.classroom.folder import ClassFolder
from core.records import Run
from core.teaching import results
from core.teaching.results import ClassRun
from pages._shared import run_words as words, widgets
from pages._shared.charts import style
from pages._shared.frame import visitor
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import nt, t

EVERY = timedelta(seconds=15)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
MOST_SIGNS = 48  # of a name beside a line: more are cut off on a phone
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "star")


@fragment_every(EVERY)
@widgets.mendable()
def draw() -> None:
    """Draw the curves of one data set, and the way to the table."""
    room = visitor.own_class()
    found = results.all_runs(room)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(t("Results"), width="content")
        st.caption(nt("{num} run", "{num} runs", num=len(found)), width="content")
    if not found:
        st.caption(t("There are no runs in the class yet."))
        return
    _curves(room, found)
    with st.container(horizontal=True):
        st.link_button(
            t("Table of all results (CSV)"),
            widgets.url("/api/class/results.csv"),
            icon=":material/table:",
            key="class-table",
        )
        st.button(t("Refresh"), icon=":material/refresh:", key="look-again")


def _curves(room: ClassFolder, found: tuple[ClassRun, ...]) -> None:
    ids = results.dataset_ids(found)
    names = {one.run.config.dataset_id: results.dataset_name(one) for one in reversed(found)}
    chosen = st.selectbox(
        t("Data set"), ids, format_func=lambda name: names[name], key="results-of"
    )
    curves = results.curves(found, chosen)
    if not curves:
        st.caption(t("No run on it has a curve yet."))
        return
    st.caption(t("Accuracy on the validation images, epoch by epoch"))
    st.plotly_chart(
        _figure(curves),
        key=f"class-curves-{chosen}",
        config={"displaylogo": False, "displayModeBar": False},
        alt=_spoken(curves),
    )


def _figure(curves: list[tuple[str, Run]]) -> go.Figure:
    figure = go.Figure()
    for index, (owner, run) in enumerate(curves):
        points = [e.val_accuracy for e in run.epochs if e.val_accuracy is not None]
        figure.add_scatter(
            x=list(range(1, len(points) + 1)),
            y=points,
            name=_name(owner, run),
            mode="lines+markers",
            line={"dash": DASHES[index % len(DASHES)]},
            marker={"symbol": SYMBOLS[index % len(SYMBOLS)], "size": 5},
        )
    style(figure)
    figure.update_layout(hovermode="closest")  # of thirty lines at once nobody reads a word
    figure.update_xaxes(title=t("Iterations or epochs"), rangemode="tozero")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.03])
    return figure


def _name(owner: str, run: Run) -> str:
    """Name a line; Plotly reads some HTML, so a nickname has none."""
    told = owner or t("Teacher")
    label = f"{told} · {run.name}" if run.name else told
    if len(label) > MOST_SIGNS:
        label = f"{label[: MOST_SIGNS - 1]}…"
    return label.replace("&", "&amp;").replace("<", "&lt;")


def _spoken(curves: list[tuple[str, Run]]) -> str:
    told = [
        t("{name}: {score}", name=owner or t("Teacher"), score=words.told(run))
        if run.score
        else owner or t("Teacher")
        for owner, run in curves
    ]
    return "; ".join(told)
