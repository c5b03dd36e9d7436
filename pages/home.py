"""What Thaw is, what there is so far, and the next step."""

from pathlib import Path

import streamlit as st

from core import datasets, runs
from core.records import State
from pages._data.importing import ways
from pages._home import latest_runs
from pages._shared import widgets
from pages._shared.widgets import nt, t

PICTURE = Path(__file__).parent / "assets" / "freezing.svg"

ws = widgets.workspace()
sets = datasets.all_datasets(ws)
states = {run_id: run.state for run_id, run in runs.states(ws).items()}
training = sum(state is State.RUNNING for state in states.values())
models = sum(ws.run(run_id).card.exists() for run_id in states)

words, picture = st.columns([5, 4], gap="large", vertical_alignment="center")
with words:
    st.title(t("Teach a computer to see"))
    st.markdown(
        t(
            "Thaw takes a network that can already see, keeps most of it **frozen**, and teaches "
            "the rest **your** pictures. No code, no account, no cloud."
        )
    )
    with st.container(horizontal=True), widgets.mendable():
        if st.button(
            t("Try the sample"),
            type="secondary" if sets else "primary",
            icon=":material/auto_awesome:",
        ):
            ingest_id = ways.start_sample(ws)
            widgets.go("data.py", ingest=ingest_id)
        if st.button(t("Bring my images"), icon=":material/add_photo_alternate:"):
            widgets.go("data.py", view="bring")
with picture:
    st.image(
        str(PICTURE),
        width="stretch",
        alt=t("A photo goes through blocks: the first are frozen, the last are warm and learn."),
    )

STEPS = (
    ("data.py", ":material/photo_library:", t("Bring images"), t("One folder for each class.")),
    ("train.py", ":material/model_training:", t("Train"), t("Choose how deep to thaw.")),
    ("runs.py", ":material/show_chart:", t("Watch"), t("See it learn, live, and compare.")),
    ("predict.py", ":material/image_search:", t("Try it"), t("Show it a photo it never saw.")),
)
SO_FAR = (
    nt("{num} data set", "{num} data sets", num=len(sets)) if sets else "",
    nt("{num} run", "{num} runs", num=len(states)) if states else "",
    nt("{num} training now", "{num} training now", num=training) if training else "",
    nt("{num} model ready", "{num} models ready", num=models) if models else "",
)
NEXT = 0 if not sets else 1 if not states else 2 if training else 3

st.subheader(t("Four steps"))
with st.grid(4, min_column_width=180):
    for number, ((page, icon, title, sentence), so_far) in enumerate(
        zip(STEPS, SO_FAR, strict=True)
    ):
        with st.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {number + 1}. {title}")
            st.markdown(sentence)
            if so_far:
                st.badge(so_far, icon=":material/check:", color="green")
            st.space("stretch")
            if st.button(
                t("Open"),
                key=f"open-{page}",
                type="primary" if number == NEXT and sets else "secondary",
                width="stretch",
                help=title,
            ):
                widgets.go(page)

latest_runs.draw(ws)

st.caption(
    ":material/lock: "
    + t(
        "Nothing leaves this machine: images, models and scores stay in a folder of yours. Thaw "
        "calls the network only to fetch pretrained weights, and only when you ask for them."
    )
)
