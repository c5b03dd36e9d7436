"""Photos of a collection that wait, to be accepted or not; marks stay while more arrive."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.classroom import collecting
from core.classroom.collecting import WaitingPhoto
from core.classroom.folder import ClassFolder
from core.ingest.grouping.figures import MIN_GROUPS
from core.records.classroom import Collection
from core.teaching import accepting
from pages._shared import widgets
from pages._shared.widgets import nt, t

ROW = 90  # pixels


def _looked_at(token: str, photos: Sequence[WaitingPhoto]) -> list[WaitingPhoto]:
    """Give the photos that are looked at; those that come meanwhile wait for a press."""
    key = f"looked-at-{token}"
    known = set(st.session_state.get(key, ()))
    new = [one for one in photos if one.key not in known]
    label = nt("Show {num} new photo", "Show {num} new photos", num=len(new))
    is_first = len(new) == len(photos)
    if is_first or (
        new and st.button(label, icon=":material/add_photo_alternate:", key=f"{key}-new")
    ):
        st.session_state[key] = [one.key for one in photos]
        return list(photos)
    return [one for one in photos if one.key in known]


def look_through(
    room: ClassFolder, collection: Collection, waiting: Sequence[WaitingPhoto]
) -> None:
    """Draw the photos that wait, each with a mark that takes it or not."""
    photos = _looked_at(collection.token, waiting)
    if not photos:
        return
    table = pd.DataFrame([_row(collection, one) for one in photos])
    edited = st.data_editor(
        table,
        hide_index=True,
        row_height=ROW,
        height=ROW * 4 if len(photos) > 4 else "content",
        disabled=["photo", "label", "name"],
        column_config={
            "take": st.column_config.CheckboxColumn(t("Take"), width="small"),
            "photo": st.column_config.ImageColumn(t("Photo")),
            "label": st.column_config.TextColumn(t("Class")),
            "name": st.column_config.TextColumn(t("From")),
        },
        key=f"waiting-{hash(tuple(one.key for one in photos))}",
    )
    taken = [one for one, take in zip(photos, edited["take"], strict=True) if take]
    others = [one for one in photos if one not in taken]
    _tell_of_few(collection, taken)
    with st.container(horizontal=True):
        label = nt("Accept {num} photo", "Accept {num} photos", num=len(taken))
        if st.button(label, type="primary", disabled=not taken, key=f"accept-{collection.token}"):
            accepting.accept(room, collection.token, {one.key for one in taken})
            st.rerun(scope="fragment")
        label = nt("Delete {num} other", "Delete {num} others", num=len(others))
        if others and st.button(label, key=f"refuse-{collection.token}"):
            collecting.refuse(room, collection, others)
            st.rerun(scope="fragment")


def _tell_of_few(collection: Collection, taken: Sequence[WaitingPhoto]) -> None:
    """Say of the first photos that too few have brought them to be divided by who did."""
    num = len({one.contributor.code for one in taken})
    if collection.classes and not collection.dataset_id and 0 < num < MIN_GROUPS:
        brought = nt(
            "These are photos of {num} person.", "These are photos of {num} people.", num=num
        )
        advice = t(
            "From {least} people on, the photos of each stay on one side of the split, so that "
            "scores are those on people it has not seen. Wait for more if you can.",
            least=MIN_GROUPS,
        )
        st.caption(f"{brought} {advice}")


def _row(collection: Collection, one: WaitingPhoto) -> dict[str, object]:
    address = widgets.url(f"/api/class/waiting/{collection.token}/{one.key}")
    return {"take": True, "photo": address, "label": one.label, "name": one.contributor.name}
