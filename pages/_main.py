"""The frame around every page: language, navigation, the promise that nothing leaves."""

from pathlib import Path

import streamlit as st

from core.records.classroom import Role
from pages._classroom import attention, badge
from pages._glossary import drawer
from pages._shared import address, contrast, streamlit_texts, widgets
from pages._shared.widgets import t

HERE = Path(__file__).parent
SKELETON = 400  # pixels

st.set_page_config(page_title="Thaw", page_icon=str(HERE / "assets" / "icon.svg"), layout="wide")
st.logo(
    str(HERE / "assets" / "logo.svg"), size="large", icon_image=str(HERE / "assets" / "icon.svg")
)

person = badge.person()
given = attention.of(person)
language_bar = st.sidebar.container()
with language_bar:
    widgets.choose_language()

pages = {
    "": [("home.py", t("Home"), ":material/home:")],
    t("Build"): [
        ("data.py", t("Data"), ":material/photo_library:"),
        ("train.py", t("Train"), ":material/model_training:"),
        ("runs.py", t("Runs"), ":material/show_chart:"),
    ],
    t("Use"): [
        ("predict.py", t("Predict"), ":material/image_search:"),
    ],
}
if person is not None and person.role is Role.TEACHER:
    pages[t("Teach")] = [("classroom.py", t("Your class"), ":material/groups:")]
page = st.navigation(
    {
        section: [
            st.Page(HERE / file, title=title, icon=icon, default=file == "home.py")
            for file, title, icon in entries
        ]
        for section, entries in pages.items()
    },
    position="hidden" if given.is_paused else "sidebar",
)
st.set_page_config(page_title=f"{page.title} · Thaw")
# What comes first is no white page; it stands below what the page draws until that is whole.
content, below = st.container(), st.empty()
is_new = st.session_state.get("drawn") != page.url_path
if is_new:
    below.skeleton(height=SKELETON)
contrast.draw()

with st.sidebar:
    badge.draw(person)
    if person is not None and person.role is Role.PUPIL:
        attention.watch(given)
    badge.draw_where_things_stay(person)
    drawer.entry()
    widgets.remember_language()
    streamlit_texts.draw()
    address.lead_to_the_beginning()

st.session_state["drawn"] = page.url_path
try:
    with content, widgets.mendable():
        attention.draw_sentence() if given.is_paused else page.run()
finally:
    if is_new:
        below.empty()
