"""Which classes and parts of the images are shown on a map."""

import streamlit as st

from core.records import Split
from pages._runs.judged.embedding.shown import MapPictures
from pages._shared.widgets import t


def choose(shown: MapPictures) -> list[int]:
    """Let classes and parts be chosen, and give the numbers of the pictures that are left."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = st.multiselect(
            t("Classes"), shown.labels, placeholder=t("All classes"), key="map-classes"
        )
        parts = _choose_parts(shown)
    numbers = {shown.labels.index(name) for name in names} or set(range(len(shown.labels)))
    labels = shown.made.labels.tolist()
    return [
        row
        for row, (label, part) in enumerate(zip(labels, shown.made.parts, strict=True))
        if label in numbers and part in parts
    ]


def _choose_parts(shown: MapPictures) -> set[Split]:
    names = {
        Split.VALIDATION: t("Validation images"),
        Split.TEST: t("Test images"),
        Split.TRAIN: t("Training images"),
    }
    there = [part for part in names if part in shown.made.parts]
    if len(there) < 2:
        return set(there)
    picked = st.pills(
        t("Parts"),
        there,
        selection_mode="multi",
        default=there,
        format_func=lambda part: names[part],
        key="map-parts",
    )
    return set(picked or there)
