"""One of many images enlarged: its classes, why, what it was named before, what it really is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.records import ModelCard, Prediction
from core.workspace import Workspace
from pages._predict import marks
from pages._shared import heat, widgets
from pages._shared.answered import original, unknown
from pages._shared.answered.steps import draw_steps
from pages._shared.charts import score_bars
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import md, t

_OPEN = "enlarged"  # of this session: the key of the image that is enlarged
MOST_BARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedImage:
    """An image with what the model says of it."""

    key: str
    name: str
    answer: Prediction
    picture: Callable[[], bytes]  # upright, as it is shown
    source: Callable[[], bytes | Path]  # what the model is asked about; a path: our copy


def show(key: str | None) -> None:
    """Enlarge an image from now on; None: no more."""
    st.session_state[_OPEN] = key


def show_row(table: str, keys: Sequence[str]) -> None:
    """Enlarge the image of the row that was pressed in a table."""
    rows = st.session_state[table]["selection"]["rows"]
    show(keys[rows[0]] if rows else None)


def current() -> str:
    """Give the key of the image that is enlarged; empty: none."""
    return st.session_state.get(_OPEN) or ""


def draw(
    ws: Workspace,
    card: ModelCard,
    images: Sequence[NamedImage],
    *,
    keep: Callable[[], None] = lambda: None,
) -> None:
    """Open the image that was pressed, if it is one of these.

    ``keep`` is called after what is said of it may have changed.
    """
    if current() not in [image.key for image in images]:
        return

    @dialog(t("What the model says"), width="large", on_dismiss=lambda: show(None))
    def enlarged() -> None:
        at = next((i for i, image in enumerate(images) if image.key == current()), None)
        if at is not None:
            with widgets.mendable():
                draw_steps(at, len(images), lambda to: show(images[to].key))
                _body(ws, card, images[at])
                keep()

    enlarged()


def _body(ws: Workspace, card: ModelCard, image: NamedImage) -> None:
    answer, shown = image.answer, image.picture()
    left, right = st.columns(2, gap="medium")
    with left:
        st.image(shown, width="stretch", alt=image.name)
        st.caption(md(image.name))
    with right:
        st.markdown(f"### {md(unknown.name_of(answer))}")
        unknown.draw_note(answer)
        score_bars(answer, MOST_BARS)
    place = f"-enlarged-{image.key}"
    marks.draw_for((image.key,), {image.key: answer.label}, card.labels, place=place)
    source = image.source()
    heat.draw(ws, card, source, answer.label)
    original.draw(ws, card, source.read_bytes() if isinstance(source, Path) else source)
    unknown.draw_similar(ws, card, answer)
