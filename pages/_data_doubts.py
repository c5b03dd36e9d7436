"""The Data page's doubtful labels: keep, move or leave out, image by image."""

import streamlit as st

from core import curation, datasets, searches, versions
from core.label_errors import Suspect
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages import _data_parts, _data_search, _data_tidy
from pages._data_parts import change
from pages._runs_words import percent
from pages._shared import md, nt, t

PER_PAGE = 12


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the offer to look, or what was found."""
    _data_tidy.draw_changes(ws, dataset)
    st.markdown(
        t(
            "Some images may lie in the wrong folder. Thaw teaches a small network without an "
            "image, asks it what the image is, and shows those where it disagrees most."
        )
    )
    search = _data_search.found(ws, dataset, label=t("Look for wrong labels"))
    if search is None:
        return
    _data_search.offer_again(ws, dataset, search)
    left = searches.doubts(search, images)
    if not left:
        st.caption(":material/check_circle: " + t("No label looks doubtful."))
        return
    st.caption(nt("{num} doubtful label", "{num} doubtful labels", num=len(left)))
    with (
        _data_parts.page_of(left, PER_PAGE, key="doubts_page") as shown,
        st.grid("auto", min_column_width=160),
    ):
        for image, suspect in shown:
            _card(ws, dataset, image, suspect)


def _card(ws: Workspace, dataset: Dataset, image: ImageRecord, suspect: Suspect) -> None:
    key = versions.key(image)
    with st.container(border=True, height="stretch", gap="small"):
        picture = datasets.thumbnail(ws, dataset.id, image.content)
        st.image(str(picture), width="stretch", alt=t("Image of class {label}", label=image.label))
        st.markdown(
            t(
                "Labelled **{given}** ({own}), looks like **{suggested}** ({other})",
                given=md(suspect.given),
                own=percent(suspect.probability_given),
                suggested=md(suspect.suggested),
                other=percent(suspect.probability_suggested),
            )
        )
        st.space("stretch")
        move = t("Move to '{label}'", label=md(suspect.suggested))
        moved = st.button(move, key=f"doubt-move-{key}", width="stretch")
        change(ws, moved, lambda: curation.relabel(ws, dataset.id, [key], suspect.suggested))
        with st.container(horizontal=True):
            kept = st.button(t("Keep"), key=f"doubt-keep-{key}", width="stretch")
            left_out = st.button(t("Leave out"), key=f"doubt-out-{key}", width="stretch")
        change(ws, kept, lambda: curation.keep(ws, dataset.id, [key]))
        change(ws, left_out, lambda: curation.exclude(ws, dataset.id, [key]))
