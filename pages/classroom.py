"""The teacher's page of a class: who is here, what trains, what came out, and the lesson's end."""

import streamlit as st

from core.web import access
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.widgets import t
from pages._teaching import collect, hour, line, links, outcome, people

st.title(t("Your class"))
try:
    visitor.own_class()
except access.NotAdmittedError:
    st.caption(t("This page is the teacher's."))
    st.stop()
with widgets.mendable():
    hour.draw()
    people.draw()
    line.draw()
    collect.draw()
    outcome.draw()
    links.draw()
