"""The map of a finished run: made when it is asked for, then looked at and worked with."""

import streamlit as st

from core.insights.evaluation import Judged
from core.insights.mapping import reading
from core.records import ModelCard, Run
from core.run_results.predictions import PartPredictions
from core.words import join
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._runs.judged.embedding import chart, chosen, filters, listed, making, shown
from pages._runs.judged.embedding.shown import MapPictures
from pages._runs.judged.mistakes import again
from pages._shared import widgets
from pages._shared.widgets import t


def draw(ws: Workspace, run: Run, found: PartPredictions, judged: Judged) -> None:
    """Draw the map, or the offer to make it, or how far that is."""
    again.draw_changes(ws, run)
    _draw(ws, run, judged.labels)


def draw_learned(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Draw the map of a run that has no validation images, and so no views."""
    st.subheader(t("Map"))
    _draw(ws, run, card.labels)


def _draw(ws: Workspace, run: Run, labels: tuple[str, ...]) -> None:
    with widgets.mendable():
        made = making.result(ws, run)
        if made is not None:
            _draw_made(ws, run, shown.find(ws, run, made, labels))


def _draw_made(ws: Workspace, run: Run, pictures: MapPictures) -> None:
    """Draw the map beside the pictures that were chosen on it."""
    said = (t(sentence) for sentence in reading.sentences(pictures.made))
    explained(join(said, widgets.language()), key="how-to-read-the-map")
    rows = filters.choose(pictures)
    left, right = st.columns([7, 4], gap="medium")
    with left:
        picked = chart.draw(run, pictures, rows)
        picked |= listed.draw(run, pictures, rows)
    with right:
        chosen.draw(ws, run, pictures, sorted(picked), rows)
