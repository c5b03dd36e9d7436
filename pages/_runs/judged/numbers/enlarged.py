"""One picture of a run of numbers enlarged: what it is, what was read off it, what raises it."""

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.judging.numbers import written
from core.records import Run
from core.workspace import Workspace
from pages._runs.judged.numbers.answers import ReadNumbers
from pages._shared import heat, widgets
from pages._shared.answered.steps import draw_steps
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import md, t

_OPEN = "number-picture"  # of this session: the content of the picture that is enlarged


def show(content: str | None) -> None:
    """Enlarge a picture from now on; None: no more."""
    st.session_state[_OPEN] = content


def draw(ws: Workspace, run: Run, read: ReadNumbers) -> None:
    """Open the picture that was pressed, if it is one of these."""
    contents = [read.found.contents[row] for row in read.worst]
    if st.session_state.get(_OPEN) not in contents:
        return

    @dialog(t("What the model says"), width="large", on_dismiss=lambda: show(None))
    def opened() -> None:
        content = st.session_state.get(_OPEN)
        if content in contents:
            with widgets.mendable():
                _body(ws, run, read, contents, content)

    opened()


def _body(
    ws: Workspace, run: Run, read: ReadNumbers, contents: Sequence[str], content: str
) -> None:
    at, row = contents.index(content), read.found.contents.index(content)
    draw_steps(at, len(contents), lambda to: show(contents[to]))
    image = read.images[content]
    path = datasets.image_path(ws, run.config.dataset_id, image)
    left, right = st.columns(2, gap="medium")
    with left:
        st.image(str(path), width="stretch", alt=image.file)
        st.caption(md(image.file))
    with right:
        true, said = (float(x[row]) for x in (read.found.true, read.found.said))
        st.markdown(f"### {md(t(written.amount(said, read.target)))}")
        st.markdown(
            t(
                "In truth **{true}**: off by {error}.",
                true=md(t(written.amount(true, read.target))),
                error=md(t(written.amount(abs(said - true), read.target))),
            )
        )
    if run.card is not None:
        heat.draw(ws, run.card, path)
