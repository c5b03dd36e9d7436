"""Two runs of numbers: which is nearer, whether that is chance, and where they differ most."""

import streamlit as st

from core import datasets
from core.insights.numbers import pairing
from core.insights.numbers.pairing import NumberPairing
from core.judging.numbers import written
from core.records import LearnedTarget, Run, Split
from core.run_results import numbers
from core.words import join
from core.workspace import Workspace
from pages._shared.widgets import language, md, t
from pages.components.gallery import Tile, gallery, image_url, thumbnail_url

MOST = 12  # pictures


def draw(ws: Workspace, run: Run, other: Run, split: Split) -> None:
    """Say it, and show the images on which the two differ most."""
    first, second = (numbers.read(ws.run(one.id), split) for one in (run, other))
    if run.card is None or run.card.target is None:
        return
    if first is None or second is None:
        st.markdown(f":material/info: {t(pairing.unanswered())}")
        return
    found = pairing.pair(first, second, split)
    if found is None:
        return
    target = run.card.target
    said = (md(t(sentence)) for sentence in pairing.describe(found, target))
    st.markdown(f":material/balance: {join(said, language())}")
    if run.config.dataset_id in datasets.ids(ws):
        _pictures(run, found, target)


def _pictures(run: Run, found: NumberPairing, target: LearnedTarget) -> None:
    title = t("Where they differ most")
    with st.expander(title):
        tiles = [_tile(run, change, target) for change in found.changes[:MOST]]
        gallery(tiles, key="differ-pictures", label=title)


def _tile(run: Run, change: tuple[str, float, float, float], target: LearnedTarget) -> Tile:
    content, *numbers_ = change
    true, a, b = (t(written.amount(number, target)) for number in numbers_)
    said = t("{label}: A reads {first}, B {second}", label=true, first=a, second=b)
    return Tile(
        id=content,
        src=thumbnail_url(run.config.dataset_id, content),
        full=image_url(run.config.dataset_id, content),
        alt=said,
        caption=true,
        title=said,
        note=f"A {a} · B {b}",
    )
