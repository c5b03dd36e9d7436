"""Bring your own backbone: a .keras file is sent, looked through, tried on the images, kept."""

from pathlib import Path

import streamlit as st

from core.backbones import bringing, store
from core.errors import UserError
from core.ingest import requests
from core.insights import score_texts
from core.models.catalog import Backbone
from core.records import Dataset
from core.records.backbones import PIXEL_RANGES, BroughtModel, RangeTrial
from core.web import uploads
from core.words import enumeration, say
from core.workspace import Workspace
from pages._shared import trash, widgets
from pages._shared.widgets import md, mendable, nt, t
from pages.components.file_sender import file_sender

_OPEN, _WAITS, _UPLOAD, _REFUSED = "bring-own", "own-waiting", "own-upload", "own-refused"


def draw(ws: Workspace, dataset: Dataset, asked: str) -> None:
    """Draw the way to a backbone of one's own; ``asked`` is where the page hears of it."""
    if st.session_state.pop(f"{_OPEN}-done", False):
        st.session_state[_OPEN] = False
    if not st.toggle(t("Bring your own (.keras)"), key=_OPEN):
        return
    with st.container(border=True, key="own-backbone"), mendable():
        if key := st.session_state.get(_WAITS):
            _settle(ws, dataset, key, asked)
        else:
            _receive(ws)


def _receive(ws: Workspace) -> None:
    st.caption(t(
        "A network that Keras 3 saved as a .keras file, with layers that Keras itself has. It is "
        "looked through before it is loaded; a classifier at its end is cut off."
    ))  # fmt: skip
    if refused := st.session_state.pop(_REFUSED, None):
        widgets.draw_problem(refused)
    upload = st.session_state.get(_UPLOAD, "")
    if not upload or not uploads.is_open(ws, upload):
        upload = st.session_state[_UPLOAD] = requests.begin(ws)
    ticket = widgets.upload_ticket(upload)
    if not (name := file_sender(key=f"own-file-{upload}", ticket=ticket, suffix=".keras")):
        return
    try:
        with st.spinner(t("Looking through the file, then loading it once…")):
            incoming = ws.ingest(upload).incoming
            path = incoming / uploads.received(incoming)[0].stored
            st.session_state[_WAITS] = bringing.begin(ws, path, name)
    except UserError as error:
        st.session_state[_REFUSED] = error
    finally:
        requests.discard(ws, st.session_state.pop(_UPLOAD))
    st.rerun()


def _settle(ws: Workspace, dataset: Dataset, key: str, asked: str) -> None:
    """Show what was found, have the range of pixels chosen or tried, and keep it."""
    try:
        brought, facts = bringing.facts(ws, key)
    except UserError:
        del st.session_state[_WAITS]
        raise
    _draw_found(brought, facts)
    title = st.text_input(t("Name"), value=Path(brought.file).stem, key=f"own-name-{key}")
    pixels = _choose_range(ws, dataset, key, brought)
    with st.container(horizontal=True):
        if st.button(t("Use this one"), type="primary", disabled=not pixels, key="own-keep"):
            st.session_state[asked] = bringing.keep(ws, key, title=title, pixels=pixels)
            _close()
        if st.button(t("Cancel"), key="own-cancel"):
            bringing.drop(ws, key)
            _close()


def _close() -> None:
    st.session_state[f"{_OPEN}-done"] = bool(st.session_state.pop(_WAITS))
    st.rerun()


def _draw_found(brought: BroughtModel, facts: Backbone) -> None:
    st.markdown(f"**{md(brought.file)}**")
    million = t("{num} million parameters", num=f"{facts.parameters / 1e6:.2f}")
    with st.container(horizontal=True, gap="small"):
        st.badge(million, icon=":material/tag:", color="gray")
        st.badge(t("{megabytes} MB", megabytes=f"{facts.megabytes:.0f}"), color="gray")
        st.badge(nt("{num} block", "{num} blocks", num=len(facts.blocks)), color="gray")
        some = say("images of {size} pixels; others work too", size=facts.default_size)
        only = say("images of {size} pixels only", size=facts.default_size)
        st.badge(t(only if facts.only_size else some), color="gray")
    if brought.found.cut_off:
        st.caption(
            t("What comes after its last feature map, and gives {num} numbers, was cut off.",
              num=brought.found.cut_off)
        )  # fmt: skip


def _choose_range(ws: Workspace, dataset: Dataset, key: str, brought: BroughtModel) -> str:
    """Have the range of pixels chosen; it can be tried on the images."""
    names = list(PIXEL_RANGES)
    pixels = st.radio(
        t("In which range does it want the pixels?"),
        names,
        index=names.index(brought.pixels) if brought.pixels else None,
        format_func=lambda name: t(PIXEL_RANGES[name].title),
        captions=[t(kind.sentence) for kind in PIXEL_RANGES.values()],
        key=f"own-pixels-{key}-{brought.pixels}",
    )
    if known := PIXEL_RANGES.get(brought.found.pixels):
        st.caption(t("Its own first layers take {range}.", range=t(known.title)))
    if brought.trial:
        _draw_trial(brought.trial)
    elif st.button(t("Try them all on my images"), icon=":material/science:", key="own-try"):
        with st.spinner(t("A head is solved on each, five folds of at most 200 images…")):
            bringing.try_ranges(ws, key, dataset.id, dataset.version)
        st.rerun()
    return pixels or ""


def _draw_trial(trial: RangeTrial) -> None:
    for tried in trial.ranges:
        title, score = PIXEL_RANGES[tried.pixels].title, score_texts.short(tried.accuracy)
        st.markdown(f"- {md(t(title))}: {md(t(score))}")
    if len(trial.tied) > 1:
        tied = enumeration([say(PIXEL_RANGES[tried.pixels].title) for tried in trial.tied])
        st.caption(t(say("Your images cannot tell these apart: {ranges}.", ranges=tied)))


def draw_facts(ws: Workspace, own: Backbone) -> None:
    """Say of a backbone that was brought what it is, and let it be renamed or deleted."""
    brought = store.brought(ws, own.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        pixels = t(PIXEL_RANGES[brought.pixels].title)
        st.caption(t("From {file}; pixels: {range}", file=md(brought.file), range=pixels))
        with st.popover(t("Rename"), icon=":material/edit:", key="own-rename"), mendable():
            title = st.text_input(t("Name"), own.title, max_chars=80, key=f"own-title-{own.name}")
            if st.button(t("Rename"), type="primary", key="own-rename-really"):
                store.rename(ws, own.name, title)
                st.rerun()
        with st.popover(t("Delete"), icon=":material/delete:", key="own-delete"):
            st.write(t("It goes into the trash for 7 days. Models trained on it go on working."))
            trash.warn_of_needs(ws, own.name)
            if st.button(t("Delete the backbone"), type="primary", key="own-delete-really"):
                store.delete(ws, own.name)
                st.rerun()
