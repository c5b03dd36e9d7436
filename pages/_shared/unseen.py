"""A picture that a model did not learn from, and what the model says of it."""

from pathlib import Path

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.records import Prediction, Run, Split
from core.workspace import Workspace
from pages._shared import heat, widgets
from pages._shared.answered import unknown, unseen_number
from pages._shared.charts import score_bars
from pages._shared.engine import engine
from pages._shared.widgets import md, t

BARS = 3
SIDE = 240  # pixels


def draw(ws: Workspace, run: Run, *, at_once: bool = False) -> None:
    """Offer a picture of a part that taught it nothing; ``at_once`` it is asked without a press."""
    if run.card is not None and run.card.target is not None:
        unseen_number.draw(ws, run, run.card.target, _part(ws, run), at_once=at_once)
        return
    part = _part(ws, run)
    pictures = _pictures(str(ws.root), run.id, part) if part else []
    if not pictures:
        return
    key = f"unseen-{run.id}"
    asked = at_once or key in st.session_state
    label, picture = pictures[st.session_state.get(key, 0) % len(pictures)]
    with st.container(border=True, key="unseen", gap="small"):
        st.markdown(f"**{t('A picture it did not learn from')}**")
        shown, said = st.columns([2, 3], vertical_alignment="center")
        with shown:
            st.image(str(picture), width=SIDE, alt=t("A picture of the class {label}", label=label))
        answer = None
        with said, widgets.mendable():
            if asked:
                answer = _answer(ws, run, picture, label)
            another = t("Another picture") if asked else t("What is it?")
            icon = ":material/autorenew:" if asked else ":material/image_search:"
            st.button(another, icon=icon, key="ask-unseen", on_click=_next, args=(key, asked))
        if answer is not None and run.card is not None:
            heat.draw(ws, run.card, picture, answer.label)


def _next(key: str, asked: bool) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + asked


@st.cache_data(max_entries=32, show_spinner=False)
def _pictures(root: str, run_id: str, part: Split) -> list[tuple[str, Path]]:
    """Give the class and the copy of each picture of a part, in no order that tells the class."""
    ws = Workspace(Path(root))
    run = runs.get(ws, run_id)
    known = run.card.labels if run.card else ()
    try:
        images = datasets.images(ws, run.config.dataset_id, run.config.dataset_version)
    except UserError:  # its data set was deleted
        return []
    some = [i for i in images if i.split is part and i.label in known]
    found = [(i, datasets.image_path(ws, run.config.dataset_id, i)) for i in some]
    return [(i.label, path) for i, path in sorted(found, key=lambda pair: pair[0].content)]


def _part(ws: Workspace, run: Run) -> Split | None:
    """Tell which part may be shown; a test part stays closed until it was opened deliberately."""
    if run.config.validates:
        return Split.VALIDATION
    return Split.TEST if datasets.num_openings(ws, run.config.dataset_id) else None


def _answer(ws: Workspace, run: Run, picture: Path, label: str) -> Prediction | None:
    made = run.card.created_at if run.card else 0.0
    with st.spinner(t("Asking the model…")):
        answer = _ask(ws.root, run.id, made, picture)
    if answer.problem is not None:
        widgets.draw_problem(UserError.of(answer.problem))
        return None
    right = answer.label == label and not answer.unknown
    icon = ":material/check_circle:" if right else ":material/cancel:"
    st.markdown(f"### {icon} {md(unknown.name_of(answer))}")
    unknown.draw_note(answer)
    st.caption(
        t("That is right.") if right else t("In fact it is of the class {label}.", label=md(label))
    )
    score_bars(answer, BARS)
    return answer


@st.cache_data(max_entries=64, show_spinner=False)
def _ask(root: Path, run_id: str, made: float, picture: Path) -> Prediction:
    """Ask the engine; ``made`` is part of the question, so that a new model is asked anew."""
    return engine(root).predict(run_id, [picture], stored=True)[0]
