"""Two runs: their curves, whether the difference is chance, which images it is, what differs."""

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.insights.comparing import comparability, pairing
from core.insights.comparing.pairing import Change, Pairing
from core.records import Run, Split
from core.records.choices import TASKS
from core.run_results import predictions
from core.words import Message, join
from core.workspace import Workspace
from pages._runs import curves
from pages._runs.comparing import numbers, rescored
from pages._runs.settings import settings
from pages._runs.watching import live_curves
from pages._shared import run_words as words
from pages._shared.engine import engine
from pages._shared.paging import page_of
from pages._shared.widgets import language, mendable, nt, t, unbroken
from pages.components.gallery import Tile, gallery, image_url, thumbnail_url

PER_PAGE = 12  # pictures


def draw(ws: Workspace, run: Run, other: Run) -> None:
    """Draw two runs over each other; where they were judged on different images, only the first."""
    split = comparability.part(ws, run, other)
    why_not = comparability.why_not(run, other, split)
    if why_not is None and run.card and run.card.target:
        curves.draw([("A", run), ("B", other)], None)
        numbers.draw(ws, run, other, split)
    elif why_not is None:
        curves.draw([("A", run), ("B", other)], None)
        _draw_answers(ws, run, other, split)
    else:
        curves.draw([("A", run)], live_curves.majority(ws, run))
        st.markdown(f":material/info: {t(why_not)}")
        rescored.draw(ws, run, other)
    st.table(_differences(ws, run, other, scores=why_not is None), border="horizontal")


def _draw_answers(ws: Workspace, run: Run, other: Run, split: Split) -> None:
    """Say which run is better, and show the images of which only one is right."""
    if run.card is None or other.card is None:
        return
    first, second = (predictions.read(ws.run(one.id), split) for one in (run, other))
    if first is None or second is None:
        st.markdown(f":material/info: {t(pairing.unanswered())}")
        _draw_ask(ws, run, other)
        return
    found = pairing.pair(first, second, (run.card, other.card), split)
    if found is not None:
        _say(":material/balance:", list(pairing.describe(found)))
        _draw_pictures(ws, run, found)


def _say(icon: str, messages: Sequence[Message]) -> None:
    st.markdown(f"{icon} {join(map(t, messages), language())}")


def _draw_ask(ws: Workspace, run: Run, other: Run) -> None:
    """Offer to ask the models of runs that left no answers."""
    if not _is_there(ws, run):
        return
    with mendable():
        if st.button(t("Ask both models"), icon=":material/quiz:", key=f"ask-{other.id}"):
            with st.spinner(t("Judging the model…")):
                for one in (run, other):
                    engine(ws.root).answers(one.id)
            st.rerun()


def _is_there(ws: Workspace, run: Run) -> bool:
    return run.config.dataset_id in datasets.ids(ws)


def _draw_pictures(ws: Workspace, run: Run, found: Pairing) -> None:
    there = _is_there(ws, run)
    for name, changes in (("fixed", found.fixed), ("broke", found.broke)):
        if not changes or not there:
            continue
        title = (
            nt("{num} image of which B alone is right", "{num} images of which B alone is right",
               num=len(changes))
            if name == "fixed"
            else nt("{num} image of which A alone is right",
                    "{num} images of which A alone is right", num=len(changes))
        )  # fmt: skip
        with (
            st.expander(title, expanded=len(changes) <= PER_PAGE),
            page_of(changes, PER_PAGE, key=f"{name}-page") as shown,
        ):
            gallery([_tile(run, c) for c in shown], key=f"{name}-pictures", label=title)


def _tile(run: Run, change: Change) -> Tile:
    said = t("{label}: A names it {first}, B {second}", label=change.true, first=change.first,
             second=change.second)  # fmt: skip
    return Tile(
        id=change.content,
        src=thumbnail_url(run.config.dataset_id, change.content),
        full=image_url(run.config.dataset_id, change.content),
        alt=said,
        caption=change.true,
        title=said,
        note=f"A {change.first} · B {change.second}",
    )


def _differences(ws: Workspace, run: Run, other: Run, *, scores: bool) -> dict[str, list[str]]:
    """Give the scores where they compare, and the other rows in which two runs differ."""
    first, second = _rows(ws, run), _rows(ws, other)
    score = _score_name(run)
    every = [name for name in dict.fromkeys([*first, *second]) if name != score]
    kept = [name for name in every if first.get(name) != second.get(name)]
    kept = [score, *kept] if scores else kept
    return {
        unbroken(t("What differs")): list(map(unbroken, kept)),
        "A": [first.get(name, "–") for name in kept],
        "B": [second.get(name, "–") for name in kept],
    }


def _score_name(run: Run) -> str:
    return t(TASKS[run.config.task].figure_title)


def _rows(ws: Workspace, run: Run) -> dict[str, str]:
    right = words.told(run) if run.score or (run.card and run.card.numbers) else "–"
    time = words.exact_duration(run.card.seconds) if run.card else "–"
    result = {_score_name(run): right, t("Time"): time}
    return result | settings(run.config, words.dataset_name(ws, run))
