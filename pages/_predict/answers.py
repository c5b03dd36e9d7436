"""What a model says of images: bars for each, a table for many, a sentence for those unreadable."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core import natural, spreadsheets
from core.errors import UserError
from core.images import pixels
from core.records import ModelCard, Prediction
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._shared.charts import score_bars, whole
from pages._shared.engine import engine
from pages._shared.widgets import draw_problem, md, nt, t

MOST_SHOWN = 12  # images with bars; the table holds all


def draw(ws: Workspace, card: ModelCard, files: Sequence[tuple[str, bytes]]) -> None:
    """Predict every readable image and draw what came out."""
    readable = [(name, data) for name, data in files if _check(name, data, card.bands)]
    if not readable:
        return
    with st.spinner(t("Asking the model…")):
        answers = _ask(ws.root, card.run_id, card.created_at, tuple(readable))
    shown = _choose_top(len(card.labels))
    with st.grid(min_column_width=260):
        for (name, data), answer in list(zip(readable, answers, strict=True))[:MOST_SHOWN]:
            _one(name, _picture(data, card.bands), answer, shown)
    explained(
        t(
            "A bar is the confidence of the model: how strongly it leans to a class. That is not "
            "certainty: even for a picture of something else one class wins."
        ),
        key="what-bars-say",
    )
    if len(answers) > 1:
        _many([name for name, _ in readable], answers)


def _check(name: str, data: bytes, bands: str) -> bool:
    try:
        _picture(data, bands)
    except UserError as error:
        st.caption(f":material/image_not_supported: **{md(name)}**")
        draw_problem(error)
        return False
    return True


@st.cache_data(max_entries=256, show_spinner=False)
def _picture(data: bytes, bands: str) -> bytes:
    """Make the picture to show: upright, small, and free of whatever else the file held."""
    return pixels.encode(pixels.shrink(pixels.canonical(data, bands)))[0]


@st.cache_data(max_entries=64, show_spinner=False)
def _ask(
    root: Path, run_id: str, made: float, files: tuple[tuple[str, bytes], ...]
) -> tuple[Prediction, ...]:
    """Ask the engine; ``made`` is part of the question, so that a new model is asked anew."""
    with tempfile.TemporaryDirectory(prefix="thaw-predict-") as folder:
        paths = [Path(folder) / f"{index}" for index in range(len(files))]
        for path, (_, data) in zip(paths, files, strict=True):
            path.write_bytes(data)
        return engine(root).predict(run_id, paths)


def _choose_top(num_classes: int) -> int:
    if num_classes <= 3:
        return num_classes
    with st.container(width=280):
        return st.slider(t("Classes shown"), 1, min(num_classes, 10), 3, key="top")


def _one(name: str, picture: bytes, answer: Prediction, shown: int) -> None:
    with st.container(border=True, height="stretch"):
        text = t("{file}: {label}", file=name, label=answer.label)
        st.image(picture, width="stretch", alt=text)
        st.markdown(f"### {md(answer.label)}")
        st.caption(md(name))
        score_bars(answer, shown)


def _many(names: Sequence[str], answers: Sequence[Prediction]) -> None:
    st.subheader(nt("{num} image", "{num} images", num=len(names)))
    rows = [_row(name, answer) for name, answer in zip(names, answers, strict=True)]
    strongly = t("How strongly")
    bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    st.dataframe(
        [row | {strongly: whole(float(row[strongly]))} for row in rows],
        hide_index=True,
        column_config={strongly: bar},
        column_order=list(rows[0])[:3],
        alt=t("The class of every image"),
        key="answers",
    )
    st.download_button(
        t("Download as a table (CSV)"),
        csv_text(rows),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _row(name: str, answer: Prediction) -> dict[str, str | float]:
    row: dict[str, str | float] = {
        t("File"): name,
        t("Class"): answer.label,
        t("How strongly"): answer.scores[0].probability,
    }
    by_label = sorted(answer.scores, key=lambda score: natural.sort_key(score.label))
    return row | {
        t("probability of {label}", label=score.label): round(score.probability, 6)
        for score in by_label
    }


def csv_text(rows: Sequence[dict[str, str | float]]) -> str:
    """Write the table, with the names of its columns above."""
    return spreadsheets.csv_text([list(rows[0]), *(row.values() for row in rows)])
