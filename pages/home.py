"""What Thaw is, and one press to a first model; later what there is so far, and the next step."""

from pathlib import Path

import streamlit as st

from core import datasets, runs
from core.institution import settings
from pages._classroom import badge
from pages._home import given, latest_runs, sample, stepper
from pages._lessons import listing, page as lesson_page
from pages._shared import widgets
from pages._shared.widgets import nt, t

PICTURE = Path(__file__).parent / "assets" / "freezing.svg"


def invite() -> None:
    """Say what Thaw is, before there is anything."""
    words, picture = st.columns([5, 4], gap="large", vertical_alignment="center")
    with words:
        st.title(t("Teach a computer to see"))
        st.markdown(_promise())
        with st.container(horizontal=True), widgets.mendable():
            offer_images(first=True)
    with picture:
        st.image(
            str(PICTURE),
            width="stretch",
            alt=t(
                "A photo goes through blocks: the first are frozen, the last are warm and learn."
            ),
        )


def _promise() -> str:
    """Say what Thaw does; where one signs in with an account, not that there is none."""
    if settings.is_on():
        return t(
            "Thaw takes a network that can already see, keeps most of it **frozen**, and "
            "teaches the rest **your** pictures. No code, no cloud."
        )
    return t(
        "Thaw takes a network that can already see, keeps most of it **frozen**, and "
        "teaches the rest **your** pictures. No code, no account, no cloud."
    )


def offer_images(*, first: bool = False) -> None:
    """Offer the two ways to images."""
    if st.button(
        t("Try the sample"),
        type="primary" if first else "secondary",
        icon=":material/auto_awesome:",
    ):
        sample.start(ws)
    if st.button(t("Bring my images"), icon=":material/add_photo_alternate:"):
        widgets.go("data.py", view="bring")


def go_on() -> None:
    """Show what there is so far, and the next step."""
    st.title(t("Teach a computer to see"))
    stepper.draw(ws, has_images=num_sets > 0, run_ids=run_ids)
    so_far = (
        nt("{num} data set", "{num} data sets", num=num_sets) if num_sets else "",
        nt("{num} run", "{num} runs", num=len(run_ids)) if run_ids else "",
    )
    st.caption(" · ".join(filter(None, so_far)))
    latest_runs.draw(ws)
    with st.container(horizontal=True), widgets.mendable():
        offer_images()


ws = widgets.workspace()
if not lesson_page.draw(ws) and not sample.under_way(ws):
    given.draw(ws)
    num_sets, run_ids = len(datasets.ids(ws)), runs.ids(ws)
    if num_sets or run_ids:
        go_on()
    else:
        invite()
    listing.draw(ws)
    badge.draw_where_things_stay(badge.person(), at_length=True)
