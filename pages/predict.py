"""Try a trained model: drop images or take a photo, and see which classes it leans to."""

import streamlit as st

from core import runs
from core.insights.numbers import telling
from core.judging.numbers import written
from core.models import solving
from core.records import ModelCard, Run, RunScore
from core.words import enumeration
from pages._predict import adding, answers, images
from pages._predict.folders import listing
from pages._runs import names as run_names
from pages._shared import export, run_words as words, unseen, widgets
from pages._shared.engine import engine
from pages._shared.widgets import mendable, nt, t

MOST_NAMED = 8  # classes
ws = widgets.workspace()


def choose_run() -> Run | None:
    """Let the user choose among the runs that have a model."""
    finished = {run.id: run for run in runs.all_summaries(ws) if run.card is not None}
    if not finished:
        widgets.empty_state(
            t("There is no trained model yet."),
            t("Train one first. With the sample it takes about a minute."),
            page="train.py",
            label=t("Train a model"),
        )
        return None
    chosen = widgets.choose(
        st.selectbox,
        t("Model"),
        list(finished),
        format_func=lambda name: run_names.label(ws, finished[name]),
        key="run",
    )
    return runs.get(ws, chosen)


def draw_model(card: ModelCard, score: RunScore | None) -> None:
    """Say in one line what the model knows and how good it is."""
    if card.target is not None:
        span = t(written.span(card.target))
        st.caption(widgets.md(f"{span} · {t(telling.headline(card))}"))
        return
    classes = nt("{num} class", "{num} classes", num=len(card.labels))
    names = t(enumeration([widgets.md(label) for label in card.labels[:MOST_NAMED]]))
    rest = len(card.labels) - MOST_NAMED
    if rest > 0:
        names = nt("{names} and {num} more", "{names} and {num} more", names=names, num=rest)
    st.caption(
        t("{classes}: {names}", classes=classes, names=names) + " · " + words.accuracy(score),
        help=words.behind(score),
    )
    if note := solving.note_on_confidence(card.config):
        st.caption(f":material/info: {t(note)}")


st.title(t("Predict"))
run = choose_run()
if run is not None and run.card is not None:
    engine(ws.root).warm()  # so that the first answer is quick
    draw_model(run.card, run.score)
    source = images.choose_source()
    photos = images.collect(source, run.id) if source != "folder" else []
    with mendable():
        if source == "folder":
            listing.draw(ws, run)
        elif photos:
            answers.draw(ws, run, run.card, photos)
        else:
            unseen.draw(ws, run)
    adding.draw_status(ws)
    export.draw(ws, run.card)
