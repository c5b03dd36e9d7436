"""A finished run of numbers under its link: what it came to, and how it learned."""

import streamlit as st

from core.records import ModelCard, Run
from core.workspace import Workspace
from pages._runs import at_once, compare, test_part
from pages._runs.judged import moved
from pages._runs.judged.numbers import view
from pages._shared import unseen


def draw(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Draw the view that the address names; below the overview its curves, and all else."""
    if not view.draw(ws, run, card):
        return
    if run.epochs:
        compare.draw(ws, run)
    view.draw_result(ws, run, card)
    moved.draw(ws, run)
    unseen.draw(ws, run, at_once=st.session_state.get(at_once.FIRST) == run.id)
    test_part.draw(ws, run)
