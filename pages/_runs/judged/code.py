"""The code of a finished run, to read, to copy and to take away."""

import streamlit as st

from core.errors import UserError
from core.exports.code import reading, writing
from core.records import ModelCard
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import md, t, url


def draw(ws: Workspace, card: ModelCard) -> None:
    """Draw it where the reader opens it: its images are read for that."""
    code = st.expander(t("Code of this run"), icon=":material/code:", key="code", on_change="rerun")
    if code.open:
        with code:
            _code(ws, card)


def _code(ws: Workspace, card: ModelCard) -> None:
    try:
        run = reading.trained_run(ws, card.run_id)
    except UserError as error:
        widgets.draw_problem(error)
        return
    st.caption(
        t("The same training in plain Keras, without Thaw. It reads your own pictures by the names "
          "in split.csv.")
    )  # fmt: skip
    st.link_button(
        t("Download script, notebook and split"),
        url(f"/api/runs/{card.run_id}/code"),
        icon=":material/download:",
        key="code-download",
    )
    for name, text in writing.scripts(run).items():
        st.caption(md(name))
        st.code(text, language="python", height=480)
