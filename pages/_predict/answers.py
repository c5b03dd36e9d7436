"""What a model says of images: all bars for one, tiles and a table for many."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from core import spreadsheets
from core.batch_predictions import tables
from core.errors import UserError
from core.images import pixels
from core.records import ModelCard, Prediction, Run
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._predict import enlarged, marks, tiles
from pages._predict.numbers import many
from pages._predict.photo import Photo
from pages._shared import heat
from pages._shared.answered import original, unknown
from pages._shared.charts import score_bars, whole
from pages._shared.engine import engine
from pages._shared.widgets import draw_problem, language, md, nt, t

MOST_BARS = 20  # classes of one image


def draw(ws: Workspace, run: Run, card: ModelCard, photos: Sequence[Photo]) -> None:
    """Predict every readable image and draw what came out."""
    readable = [photo for photo in photos if _check(photo, card.bands)]
    if not readable:
        return
    said = _ask(ws.root, card, readable)
    if card.target is not None:
        shown = [(one, picture(one.key, card.bands, one.data)) for one in readable]
        return many.draw(ws, card, card.target, shown, said)
    if len(readable) == 1:
        _one(ws, readable[0], said[0], card)
    else:
        _many(ws, readable, said, card)
    explained(
        t(
            "A bar is the confidence of the model: how strongly it leans to a class. That is not "
            "certainty: even for a picture of something else one class wins."
        ),
        key="what-bars-say",
    )
    known = {photo.key: photo for photo in readable}
    named = {photo.key: answer.label for photo, answer in zip(readable, said, strict=True)}
    marks.draw_tally(ws, run, named, lambda keys: [(known[k].name, known[k].data) for k in keys])


def _check(photo: Photo, bands: str) -> bool:
    try:
        picture(photo.key, bands, photo.data)
    except UserError as error:
        st.caption(f":material/image_not_supported: **{md(photo.name)}**")
        draw_problem(error)
        return False
    return True


@st.cache_data(max_entries=256, show_spinner=False)
def picture(key: str, bands: str, _data: bytes) -> bytes:
    """Make the picture to show: upright, small, and free of whatever else the file held."""
    return pixels.encode(pixels.shrink(pixels.canonical(_data, bands)))[0]


def _ask(root: Path, card: ModelCard, photos: Sequence[Photo]) -> list[Prediction]:
    """Ask the engine of what it has not said yet; a model that was made anew is asked anew."""
    known: dict[tuple[str, float, str], Prediction] = st.session_state.setdefault("said", {})
    new = [p for p in photos if (card.run_id, card.created_at, p.key) not in known]
    if new:
        with st.spinner(t("Asking the model…")):
            answers = _asked(root, card.run_id, new)
        for photo, answer in zip(new, answers, strict=True):
            known[card.run_id, card.created_at, photo.key] = answer
    return [known[card.run_id, card.created_at, photo.key] for photo in photos]


def _asked(root: Path, run_id: str, photos: Sequence[Photo]) -> tuple[Prediction, ...]:
    with tempfile.TemporaryDirectory(prefix="thaw-predict-") as folder:
        paths = [Path(folder) / f"{index}" for index in range(len(photos))]
        for path, photo in zip(paths, photos, strict=True):
            path.write_bytes(photo.data)
        return engine(root).predict(run_id, paths)


def _one(ws: Workspace, photo: Photo, answer: Prediction, card: ModelCard) -> None:
    """Draw one image in full, with the bars of all classes."""
    with st.container(border=True, key="one"):
        shown, said = st.columns([3, 2], vertical_alignment="center", gap="medium")
        text = t("{file}: {label}", file=photo.name, label=unknown.name_of(answer))
        shown.image(picture(photo.key, card.bands, photo.data), width="stretch", alt=text)
        with said:
            st.markdown(f"### {md(unknown.name_of(answer))}")
            st.caption(md(photo.name))
            unknown.draw_note(answer)
            score_bars(answer, MOST_BARS)
            if (rest := len(answer.scores) - MOST_BARS) > 0:
                st.caption(nt("{num} class more", "{num} classes more", num=rest))
            marks.draw_for((photo.key,), {photo.key: answer.label}, card.labels)
        heat.draw(ws, card, photo.data, answer.label)
        original.draw(ws, card, photo.data)
        unknown.draw_similar(ws, card, answer)


def _many(
    ws: Workspace, photos: Sequence[Photo], said: Sequence[Prediction], card: ModelCard
) -> None:
    st.subheader(nt("{num} image", "{num} images", num=len(photos)), anchor=False)
    tiles.draw(
        ws,
        card,
        [(p, picture(p.key, card.bands, p.data)) for p in photos],
        {photo.key: answer for photo, answer in zip(photos, said, strict=True)},
    )
    bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    rows = [_row(photo.name, answer) for photo, answer in zip(photos, said, strict=True)]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={t("How strongly"): bar},
        alt=t("The class of every image"),
        key="answers",
        selection_mode="single-row",
        on_select=partial(enlarged.show_row, "answers", [photo.key for photo in photos]),
    )
    named = [replace(a, file=p.name) for p, a in zip(photos, said, strict=True)]
    st.download_button(
        t("Download as a table (CSV)"),
        csv_text(named, card.labels),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _row(name: str, answer: Prediction) -> dict[str, str | float]:
    named = {t("File"): name, t("Class"): unknown.name_of(answer)}
    return {**named, t("How strongly"): whole(answer.confidence)}


def csv_text(answers: Sequence[Prediction], labels: Sequence[str]) -> str:
    """Write the table, with the names of its columns above."""
    rows = (tables.cells(answer, labels, language()) for answer in answers)
    return spreadsheets.csv_text([tables.columns(labels, language()), *rows])
