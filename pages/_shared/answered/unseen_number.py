"""A picture that a model of numbers did not learn from, and what the model reads off it."""

from pathlib import Path

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.judging.numbers import answering, written
from core.records import LearnedTarget, Prediction, Run, Split
from core.workspace import Workspace
from pages._shared import heat, widgets
from pages._shared.engine import engine
from pages._shared.widgets import md, t

SIDE = 240  # pixels


def draw(
    ws: Workspace, run: Run, target: LearnedTarget, part: Split | None, *, at_once: bool
) -> None:
    """Offer a picture of a part that taught it nothing; ``at_once`` it is asked without a press."""
    pictures = _pictures(str(ws.root), run.id, part) if part else []
    if not pictures:
        return
    key = f"unseen-{run.id}"
    asked = at_once or key in st.session_state
    true, picture = pictures[st.session_state.get(key, 0) % len(pictures)]
    with st.container(border=True, key="unseen", gap="small"):
        st.markdown(f"**{t('A picture it did not learn from')}**")
        shown, said = st.columns([2, 3], vertical_alignment="center")
        with shown:
            st.image(str(picture), width=SIDE, alt=t("A picture it did not learn from"))
        with said, widgets.mendable():
            if asked:
                _answer(ws, run, target, picture, true)
            another = t("Another picture") if asked else t("What does it read?")
            icon = ":material/autorenew:" if asked else ":material/image_search:"
            st.button(another, icon=icon, key="ask-unseen", on_click=_next, args=(key, asked))
        if asked and run.card is not None:
            heat.draw(ws, run.card, picture)


def _next(key: str, asked: bool) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + asked


@st.cache_data(max_entries=32, show_spinner=False)
def _pictures(root: str, run_id: str, part: Split) -> list[tuple[float, Path]]:
    """Give the number and the copy of each picture of a part, in no order that tells the number."""
    ws = Workspace(Path(root))
    config = runs.get(ws, run_id).config
    try:
        images = datasets.images(ws, config.dataset_id, config.dataset_version)
    except UserError:  # its data set was deleted
        return []
    some = sorted((i for i in images if i.split is part), key=lambda image: image.content)
    return [(i.number, datasets.image_path(ws, config.dataset_id, i)) for i in some]


def _answer(ws: Workspace, run: Run, target: LearnedTarget, picture: Path, true: float) -> None:
    made = run.card.created_at if run.card else 0.0
    with st.spinner(t("Asking the model…")):
        answer = _ask(ws.root, run.id, made, picture)
    if answer.problem is not None:
        widgets.draw_problem(UserError.of(answer.problem))
        return
    st.markdown(f"### {md(t(answering.answer(answer, target)))}")
    st.caption(t("In truth {true}.", true=md(t(written.amount(true, target)))))


@st.cache_data(max_entries=64, show_spinner=False)
def _ask(root: Path, run_id: str, made: float, picture: Path) -> Prediction:
    """Ask the engine; ``made`` is part of the question, so that a new model is asked anew."""
    return engine(root).predict(run_id, [picture], stored=True)[0]
