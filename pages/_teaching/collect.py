"""Collect together: phones join by a QR code, the teacher accepts what they bring."""

import streamlit as st

from core import words
from core.classroom import collecting
from core.classroom.folder import ClassFolder
from core.errors import UserError
from core.institution import settings
from core.records.classroom import Collection
from core.teaching import accepting, forgetting
from core.web import greeting
from core.web.classroom import phones
from pages._shared import widgets
from pages._shared.frame import visitor
from pages._shared.frame.fragments import dialog, fragment_every
from pages._shared.widgets import language, md, nt, t
from pages._teaching import waiting


def draw() -> None:
    """Draw the collections, and the way to another."""
    room = visitor.own_class()
    with st.expander(t("Collect photos together"), icon=":material/photo_camera:", key="collect"):
        st.caption(_how())
        _begin(room)
        for collection in collecting.everything(room):
            with st.container(border=True, key=f"collection-{collection.token}"):
                _collection(collection.token)


def _how() -> str:
    if settings.is_on():
        return t("Phones open an address by a QR code, sign in and send photos. Nothing gets into "
                 "a data set before you have accepted it.")  # fmt: skip
    return t("Phones open an address by a QR code and send photos, without joining the class. "
             "Nothing gets into a data set before you have accepted it.")  # fmt: skip


def _begin(room: ClassFolder) -> None:
    with st.form("new-collection", border=False, clear_on_submit=True), widgets.mendable():
        title = st.text_input(t("Name of the data set"), max_chars=80, key="collection-title")
        classes = st.text_area(
            t("Classes, one on each line"),
            placeholder=t("none: each who brings photos is a class"),
            key="collection-classes",
        )
        if st.form_submit_button(t("Begin to collect"), icon=":material/add:", key="begin-collect"):
            collecting.begin(room, title, tuple(classes.splitlines()))
            st.rerun()


@fragment_every("5s")
@widgets.mendable()
def _collection(token: str) -> None:
    room = visitor.own_class()
    collection, reading = accepting.settle(room, token)
    st.markdown(f"**{md(collection.title)}**")
    givers, photos = collecting.contributors(room, collection), collecting.waiting(room, collection)
    brought = nt("{num} person brings photos.", "{num} people bring photos.", num=len(givers))
    waits = nt("{num} photo waits.", "{num} photos wait.", num=len(photos))
    st.caption(words.join((brought, waits), language()))
    if reading is not None and reading.error is not None:
        widgets.draw_problem(UserError.of(reading.error))
    if collection.ingest_id:
        st.caption(t("Accepted photos are being read."))
    elif photos:
        waiting.look_through(room, collection, photos)
    with st.container(horizontal=True):
        _actions(room, collection)


def _actions(room: ClassFolder, collection: Collection) -> None:
    token = collection.token
    if st.button(t("QR code"), icon=":material/qr_code_2:", key=f"qr-{token}"):
        dialog(t("Bring photos"), width="large")(_large)(token)
    label = t("Take no more") if collection.is_open else t("Take photos again")
    if st.button(label, key=f"open-{token}"):
        collecting.set_open(room, token, on=not collection.is_open)
        st.rerun(scope="fragment")
    if st.button(t("Remove somebody…"), icon=":material/person_remove:", key=f"forget-{token}"):
        dialog(t("Remove all photos of somebody?"))(_remove)(token)
    if collection.dataset_id and st.button(
        t("Open the data set"), icon=":material/arrow_forward:", key=f"go-{token}"
    ):
        widgets.go("data.py", dataset=collection.dataset_id)


def _large(token: str) -> None:
    visitor.own_class()
    link = f"{visitor.address()}{phones.PATH}{token}"
    st.image(greeting.qr_picture(link), width=440, alt=t("A QR code with the address for photos"))
    st.code(link, language=None, wrap_lines=True)


def _remove(token: str) -> None:
    room = visitor.own_class()
    collection = collecting.of_token(room, token)
    givers = collecting.contributors(room, collection) if collection else []
    if collection is None or not givers:
        st.caption(t("Nobody has brought photos."))
        return
    names = {giver.code: giver for giver in givers}
    code = st.selectbox(
        t("Whose"), list(names), format_func=lambda code: names[code].name, key="whose"
    )
    st.caption(
        t("Every copy is deleted for good: what waits, what is in data sets of yours or of pupils, "
          "in every version, and in the trash. Models that learned from them stay.")
    )  # fmt: skip
    with widgets.mendable():
        if st.button(t("Remove"), type="primary", key="really-forget"):
            forgetting.remove(room, collection, names[code])
            st.rerun()
