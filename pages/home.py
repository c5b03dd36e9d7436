"""What Thaw is, and the next step."""

import streamlit as st

from pages._shared import t

st.title(t("Teach a computer to see"))
st.caption(t("Four steps. Nothing leaves this machine."))
