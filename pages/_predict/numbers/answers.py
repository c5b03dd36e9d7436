"""The numbers that a model reads off images: one in full, many as tiles and as a table."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core import spreadsheets
from core.batch_predictions import tables
from core.judging.numbers import answering, sentences as texts, written
from core.records import LearnedTarget, ModelCard
from core.workspace import Workspace
from pages._predict.enlarged import NamedImage
from pages._shared import heat, widgets
from pages._shared.answered import original, unknown
from pages._shared.answered.steps import draw_steps
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import language, md, nt, t

_OPEN = "number-enlarged"  # of this session: the key of the image that is enlarged


def show(key: str | None) -> None:
    """Enlarge an image from now on; None: no more."""
    st.session_state[_OPEN] = key


def draw_one(ws: Workspace, card: ModelCard, target: LearnedTarget, image: NamedImage) -> None:
    """Draw one image with its number in full."""
    with st.container(border=True, key="one"):
        shown, said = st.columns([3, 2], vertical_alignment="center", gap="medium")
        told = t(answering.answer(image.answer, target))
        shown.image(image.picture(), width="stretch", alt=f"{image.name}: {told}")
        with said:
            _tell(target, image)
        _why(ws, card, image)


def _tell(target: LearnedTarget, image: NamedImage) -> None:
    answer = image.answer
    st.markdown(f"### {md(t(written.amount(answer.number or 0.0, target)))}")
    if span := answering.range_around(answer, target):
        st.markdown(t("nine times in ten {range}", range=md(t(span))))
    st.caption(md(image.name))
    if beyond := answering.beyond(answer, target):
        st.caption(f":material/warning: {md(t(beyond))}")


def _why(ws: Workspace, card: ModelCard, image: NamedImage) -> None:
    source = image.source()
    heat.draw(ws, card, source)
    original.draw(ws, card, source.read_bytes() if isinstance(source, Path) else source)
    unknown.draw_similar(ws, card, image.answer)


def draw_table(target: LearnedTarget, images: Sequence[NamedImage], *, key: str) -> None:
    """Draw the numbers as a table, whose rows open their pictures."""
    keys = [image.key for image in images]
    number = t(written.titled(target))
    said = [image.answer for image in images]
    columns: dict[str, list[object]] = {
        t("File"): [image.name for image in images],
        number: [answer.number for answer in said],
    }
    beyond = [answering.beyond(answer, target) for answer in said]
    if target.half_range is not None:
        spans = [
            (None, None) if far else (a.low, a.high) for a, far in zip(said, beyond, strict=True)
        ]
        columns |= {t("Low"): [low for low, _ in spans], t("High"): [high for _, high in spans]}
    if any(beyond):
        columns[t("Problem")] = [t(far) if far else "" for far in beyond]
    st.dataframe(
        columns,
        hide_index=True,
        column_config=dict.fromkeys(
            (number, t("Low"), t("High")),
            st.column_config.NumberColumn(format=written.layout(target)),
        ),
        alt=t("The number of every image"),
        key=key,
        selection_mode="single-row",
        on_select=lambda: _show_row(key, keys),
    )


def _show_row(table: str, keys: Sequence[str]) -> None:
    rows = st.session_state[table]["selection"]["rows"]
    show(keys[rows[0]] if rows else None)


def draw_download(target: LearnedTarget, images: Sequence[NamedImage]) -> None:
    """Offer the table as CSV."""
    rows = (tables.cells(image.answer, (), language(), target) for image in images)
    st.download_button(
        t("Download as a table (CSV)"),
        spreadsheets.csv_text([tables.columns((), language(), target), *rows]),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def draw_enlarged(
    ws: Workspace, card: ModelCard, target: LearnedTarget, images: Sequence[NamedImage]
) -> None:
    """Open the image that was pressed, if it is one of these."""
    known = {image.key: image for image in images}
    if st.session_state.get(_OPEN) not in known:
        return

    @dialog(t("What the model says"), width="large", on_dismiss=lambda: show(None))
    def enlarged() -> None:
        key, keys = st.session_state.get(_OPEN), list(known)
        if key in known:
            with widgets.mendable():
                draw_steps(keys.index(key), len(keys), lambda to: show(keys[to]))
                left, right = st.columns(2, gap="medium")
                left.image(known[key].picture(), width="stretch", alt=known[key].name)
                with right:
                    _tell(target, known[key])
                _why(ws, card, known[key])

    enlarged()


def draw_note(card: ModelCard | None, target: LearnedTarget, num: int) -> None:
    """Say what the range means, or why there is none."""
    is_judged = card is None or card.numbers is not None
    told = md(t(texts.range_of(target, is_judged=is_judged)))
    st.caption(nt("{num} image", "{num} images", num=num) + " · " + told)
