"""Take the model away: its formats, tried before they are offered, and the script."""

import streamlit as st

from core.exports import environments, script, store, taking
from core.exports.formats import BUNDLE, EXPORT_FORMATS
from core.exports.proving import proof
from core.records import Export, ModelCard
from core.records.choices import ExportFormat
from core.workspace import Workspace
from pages._shared.engine import engine
from pages._shared.exporting import bundles, installing, steps
from pages._shared.frame.fragments import fragment
from pages._shared.widgets import md, sentences, t, url


def draw(ws: Workspace, card: ModelCard) -> None:
    """Draw the formats with their download, and the script."""
    with st.container(border=True):
        st.subheader(t("Take the model with you"), icon=":material/download:")
        refused = taking.why_not(card)
        if refused is None:
            _format(ws, card)
        else:
            problem = refused.problem
            st.caption(sentences(problem.what, problem.expected, problem.mend))
        st.link_button(
            t("Report for printing"),
            url(f"/api/runs/{card.run_id}/report"),
            icon=":material/print:",
            key="report",
        )
        st.link_button(
            t("Download the run (ZIP)"),
            url(f"/api/runs/{card.run_id}/run.zip"),
            icon=":material/download:",
            help=t(
                "All of it but its images, of which it holds numbers. The Runs page brings it in."
            ),
            key="whole-run",
        )
        if refused is None:
            with st.expander(t("The script"), icon=":material/code:"):
                st.code(script.text(), language="python")


@fragment
def _format(ws: Workspace, card: ModelCard) -> None:
    """Draw one format anew without the page around it."""
    names = list(EXPORT_FORMATS)
    chosen = st.selectbox(
        t("Format"),
        names,
        index=names.index(BUNDLE),
        format_func=lambda name: t(EXPORT_FORMATS[name].title),
        key="export-format",
    )
    entry = EXPORT_FORMATS[chosen]
    st.caption(t(entry.sentence))
    made = store.find(ws, card.run_id, entry.name)
    if made is not None:
        _made(ws, card, made)
    elif not entry.is_proved:
        _download(card, entry.name)
    elif refused := environments.why_not_tried(entry):
        problem = refused.problem
        st.caption(sentences(problem.what, problem.expected, problem.mend))
    elif environments.missing([entry]):
        installing.offer(entry)
    elif entry.gathers:
        bundles.choose_and_make(ws, card)
    else:
        _make(ws, card, entry)


def _download(card: ModelCard, name: str) -> None:
    st.link_button(
        t("Download the model"),
        url(f"/api/runs/{card.run_id}/export?format={name}"),
        icon=":material/download:",
        key="export",
    )


def _made(ws: Workspace, card: ModelCard, made: Export) -> None:
    """Show what was found when it was tried, before it is taken."""
    for sentence in (*proof.sentences(made), *proof.of_parts(made)):
        st.markdown(f":material/fact_check: {md(t(sentence))}")
    with st.container(horizontal=True):
        _download(card, made.format)
        if EXPORT_FORMATS[made.format].folder:
            st.link_button(
                t("As a folder (ZIP)"),
                url(f"/api/runs/{card.run_id}/export?format={made.format}&folder=1"),
                icon=":material/folder_zip:",
                key="export-folder",
            )
        if st.button(t("Delete this file"), icon=":material/delete:", key="export-delete"):
            store.delete(ws, card.run_id, made.format)
            st.rerun(scope="fragment")


def _make(ws: Workspace, card: ModelCard, entry: ExportFormat) -> None:
    st.caption(t("It is tried before you get it; that takes a minute or two."))
    if st.button(t("Make and try it"), icon=":material/build:", key="export-make"):
        with steps.shown() as tell:
            store.make(ws, card.run_id, entry.name, engine(ws.root), tell)
