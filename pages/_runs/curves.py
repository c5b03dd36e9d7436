"""Native charts of runs that have ended: one alone, or two over each other."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.records import EpochMetrics, Phase, Run
from core.records.choices import TASKS
from pages._glossary.drawer import explained
from pages._runs import epochs
from pages._runs.watching import fitted
from pages._runs.watching.live_curves import texts
from pages._shared.charts import style
from pages._shared.run_words import found
from pages._shared.widgets import t

DASHES = ("dash", "dashdot")  # of the validation curves of the first and the second run
SYMBOLS = ("square", "diamond")
ALL_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")  # of more runs; told apart by both
ALL_SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "star")


def draw(runs: Sequence[tuple[str, Run]], level: float | None) -> None:
    """Draw one ended run, or several over each other; each with its name.

    Of more than two only the validation curves: others would hide each other.
    """
    if len(runs) == 1 and fitted.has_no_curve(runs[0][1]):
        fitted.draw(runs[0][1], level)
        return
    columns = st.columns(2, border=True)
    first = runs[0][1]
    for kind, column in zip(("loss", TASKS[first.config.task].figure), columns, strict=True):
        with column:
            if kind == "loss":
                explained(texts(first)[kind], key="what-loss-is")
            else:
                st.caption(texts(first)[kind])
            st.plotly_chart(
                _figure(runs, kind, level if kind == "accuracy" else None),
                key=f"curves-{kind}-{'-'.join(run.id for _, run in runs)}",
                config={"displaylogo": False, "displayModeBar": False},
                alt=_spoken(runs, kind),
            )


def _figure(runs: Sequence[tuple[str, Run]], kind: str, level: float | None) -> go.Figure:
    figure = go.Figure()
    for index, (name, run) in enumerate(runs):
        prefix = t("{name}: ", name=name) if len(runs) > 1 else ""
        if len(runs) > 2:
            _add_validation(figure, run, kind, name=name, index=index)
        else:
            _add_run(figure, run, kind, prefix=prefix, index=index)
    if len(runs) == 1:
        _add_change(figure, runs[0][1].epochs)
    if level is not None:
        label = {"annotation_text": t("always naming the largest class"), "line_width": 1}
        figure.add_hline(y=level, line_dash="dot", annotation_position="top right", **label)
    style(figure)
    same = {texts(run)["epoch"] for _, run in runs}
    across = same.pop() if len(same) == 1 else t("Iterations or epochs")
    figure.update_xaxes(title=across, rangemode="tozero")
    figure.update_yaxes({"tickformat": ".0%", "range": [0, 1.03]} if kind == "accuracy" else {})
    return figure


def _add_run(figure: go.Figure, run: Run, kind: str, *, prefix: str, index: int) -> None:
    x, training = epochs.positions(run.epochs), [getattr(e, kind) for e in run.epochs]
    validation = [getattr(e, f"val_{kind}") for e in run.epochs]
    size = 3 if len(x) > 25 else 7  # markers that touch hide the lines
    marker = {"size": size}
    name = prefix + t("training")
    figure.add_scatter(x=x, y=training, name=name, mode="lines+markers", marker=marker)
    if run.config.validates:
        figure.add_scatter(
            x=x,
            y=validation,
            name=prefix + t("validation"),
            mode="lines+markers",
            line={"dash": DASHES[index]},
            marker={"symbol": SYMBOLS[index], "size": size},
        )
    kept = epochs.kept_position(run)
    if kept is not None:
        at = {"x": [x[kept]], "y": [(validation if run.config.validates else training)[kept]]}
        star = {"symbol": "star", "size": 14, "line": {"width": 1}}
        solved = found(run.config, t("solved head"))
        name = prefix + (solved if epochs.is_solved(run) else t("kept epoch"))
        figure.add_scatter(**at, name=name, mode="markers", marker=star)


def _add_validation(figure: go.Figure, run: Run, kind: str, *, name: str, index: int) -> None:
    figure.add_scatter(
        x=epochs.positions(run.epochs),
        y=[getattr(e, f"val_{kind}") for e in run.epochs],
        name=name,
        mode="lines+markers",
        line={"dash": ALL_DASHES[index % len(ALL_DASHES)]},
        marker={"symbol": ALL_SYMBOLS[index % len(ALL_SYMBOLS)], "size": 5},
    )


def _add_change(figure: go.Figure, epochs: Sequence[EpochMetrics]) -> None:
    head = [e.epoch for e in epochs if e.phase is Phase.HEAD]
    if head and len(head) < len(epochs):
        text = {"annotation_text": t("fine-tuning starts"), "annotation_position": "top right",
                "annotation_yanchor": "bottom"}  # fmt: skip
        figure.add_vline(x=max(head), line_dash="dashdot", line_width=1, **text)


def _spoken(runs: Sequence[tuple[str, Run]], kind: str) -> str:
    parts = [texts(runs[0][1])[kind]]
    for name, run in runs:
        last = run.epochs[-1] if run.epochs else None
        if last is not None and not run.config.validates:
            parts.append(t("{name}: after {num} epochs training {training}", name=name,
                           num=len(run.epochs), training=f"{getattr(last, kind):.2f}"))  # fmt: skip
        elif last is not None:
            parts.append(
                t("{name}: after {num} epochs training {training}, validation {validation}",
                  name=name, num=len(run.epochs), training=f"{getattr(last, kind):.2f}",
                  validation=f"{getattr(last, 'val_' + kind):.2f}")
            )  # fmt: skip
    return ". ".join(parts)
