"""The Data page's questions about images that can be read in more than one way."""

import streamlit as st

from core.ingest import requests
from core.records import Answer, IngestState, Question
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import md, t


def draw(ws: Workspace, ingest_id: str, state: IngestState) -> None:
    """Ask what the ingest waits for; it goes on with the answers."""
    st.subheader(t("About '{name}'", name=md(state.name)), anchor=False)
    scope = f"{ingest_id}-{'-'.join(question.option for question in state.questions)}"
    with st.form(f"questions-{scope}", border=False):
        answers = [_ask(question, scope) for question in state.questions]
        with st.container(horizontal=True):
            go_on = st.form_submit_button(t("Go on"), type="primary", icon=":material/check:")
            stop = st.form_submit_button(t("Stop"), icon=":material/stop_circle:")
    if stop:
        requests.request_stop(ws, ingest_id)
    elif go_on:
        requests.answer(ws, ingest_id, answers)
    if stop or go_on:
        _wait(ws, ingest_id, state)


def _ask(question: Question, scope: str) -> Answer:
    choices = {choice.value: choice for choice in question.choices}
    details = [md(t(c.detail)) if c.detail else "" for c in question.choices]
    st.markdown(f"**{md(t(question.what))}**")
    value = st.radio(
        t(question.what),
        list(choices),
        index=list(choices).index(question.guess),
        format_func=lambda name: md(t(choices[name].title)),
        captions=details,
        key=f"question-{question.option}-{scope}",
        label_visibility="collapsed",
    )
    return Answer(option=question.option, value=str(value))


@fragment_every("0.5s")
def _wait(ws: Workspace, ingest_id: str, asked: IngestState) -> None:
    """Show the page again once the ingest has heard."""
    st.caption(t("Going on…"))
    with widgets.mendable():
        state = requests.state(ws, ingest_id)
        if (state.stage, state.questions) != (asked.stage, asked.questions):
            st.rerun()
