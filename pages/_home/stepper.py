"""The four steps in one slim row: what is done, what comes next, and a way to each."""

from collections.abc import Sequence

import streamlit as st

from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.widgets import t

DONE = "✓"  # no icon: four of these stand side by side on a phone


def draw(ws: Workspace, *, has_images: bool, run_ids: Sequence[str]) -> None:
    """Draw the steps; the next one stands out."""
    has_model = any(ws.run(run_id).card.exists() for run_id in reversed(run_ids))
    steps = (
        ("data.py", t("Images"), has_images),
        ("train.py", t("Train"), bool(run_ids)),
        ("runs.py", t("Result"), has_model),
        ("predict.py", t("Try"), False),
    )
    next_page = next(page for page, _, done in steps if not done)
    with st.container(horizontal=True, gap="xsmall"):
        for page, title, done in steps:
            if st.button(
                f"{DONE} {title}" if done else title,
                key=f"open-{page}",
                type="primary" if page == next_page else "secondary",
            ):
                widgets.go(page)
