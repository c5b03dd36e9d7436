"""The trash: Undo right after something was deleted, a list to put back from, and its end."""

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import datasets, runs, studies, trash
from core.backbones import store as backbones
from core.batch_predictions import store as batches
from core.models import cache_budget
from core.trash import Trashed, TrashKind
from core.words import Message, mark
from core.workspace import Workspace
from pages._shared import run_words as words
from pages._shared.widgets import md, mendable, nt, t

UNDO_SECONDS = 300
RESTORE = {
    TrashKind.RUN: runs.restore,
    TrashKind.DATASET: datasets.restore,
    TrashKind.STUDY: studies.restore,
    TrashKind.BATCH: batches.restore,
    TrashKind.BACKBONE: backbones.restore,
}
KINDS = {
    TrashKind.RUN: mark("run"),
    TrashKind.DATASET: mark("data set"),
    TrashKind.STUDY: mark("study"),
    TrashKind.BATCH: mark("predictions"),
    TrashKind.BACKBONE: mark("backbone"),
}


def draw_undo(ws: Workspace, *kinds: TrashKind) -> None:
    """Offer to take back what was deleted a moment ago, all of it that one press deleted."""
    things = [thing for thing in trash.listing(ws) if thing.kind in kinds]
    if not things or time.time() - things[0].deleted_at > UNDO_SECONDS:
        return
    last = [thing for thing in things if thing.deleted_at == things[0].deleted_at]
    with (
        st.container(border=True, horizontal=True, vertical_alignment="center", key="deleted"),
        mendable(),
    ):
        st.markdown(_told(last), width="content")
        if st.button(t("Undo"), icon=":material/undo:", key="undo-delete"):
            for thing in last:
                RESTORE[thing.kind](ws, thing.id)
            st.rerun()


def _told(things: Sequence[Trashed]) -> str:
    name, num = md(_name(things[0])), len(things)
    if things[0].kind is TrashKind.RUN:
        return nt(
            "The run '{name}' lies in the trash now.",
            "{num} runs lie in the trash, the last of them '{name}'.",
            num=num,
            name=name,
        )
    if things[0].kind is not TrashKind.DATASET:
        return nt(
            "'{name}' lies in the trash now.",
            "{num} things lie in the trash, the last of them '{name}'.",
            num=num,
            name=name,
        )
    return nt(
        "The data set '{name}' lies in the trash now.",
        "{num} data sets lie in the trash, the last of them '{name}'.",
        num=num,
        name=name,
    )


def draw(ws: Workspace) -> None:
    """Draw what lies in the trash, if anything does; it is put back or deleted for good."""
    things = trash.listing(ws)
    if not things:
        return
    size = cache_budget.size_text(sum(map(trash.size_of, things)))
    title = nt("Trash: {num} thing, {size}", "Trash: {num} things, {size}",
               num=len(things), size=size)  # fmt: skip
    with st.expander(title, icon=":material/delete:", key="trash"), mendable():
        st.caption(
            t("What was deleted lies here for 7 days. Where the disk is nearly full, what was "
              "deleted first goes earlier.")
        )  # fmt: skip
        chosen = _choose(things)
        with st.container(horizontal=True):
            if st.button(t("Put back"), icon=":material/undo:", disabled=not chosen,
                         key="put-back"):  # fmt: skip
                for thing in chosen:
                    RESTORE[thing.kind](ws, thing.id)
                st.rerun()
            with st.popover(t("Empty now"), icon=":material/delete_forever:", key="empty-trash"):
                st.write(t("{size} are freed. This cannot be undone.", size=size))
                if st.button(t("Delete all for good"), type="primary", key="empty-really"):
                    trash.empty(ws)
                    st.rerun()


def _choose(things: Sequence[Trashed]) -> list[Trashed]:
    """Draw the table and give what is selected in it."""
    event = st.dataframe(
        pd.DataFrame([_row(thing) for thing in things]),
        hide_index=True,
        height="content" if len(things) <= 8 else 300,
        column_config={
            "name": st.column_config.TextColumn(t("Name"), width=140, pinned=True),
            "size": st.column_config.TextColumn(t("Size"), width=80),
            "what": st.column_config.TextColumn(t("What"), width=90),
            "deleted": st.column_config.TextColumn(t("Deleted")),
            "goes": st.column_config.TextColumn(t("Gone for good")),
        },
        on_select="rerun",
        selection_mode="multi-row",
        key=f"trash-rows-{hash(tuple(things))}",  # other things: nothing is selected
        alt=t("A table of what lies in the trash"),
    )
    return [things[row] for row in event["selection"]["rows"] if row < len(things)]


def _name(thing: Trashed) -> str:
    """Give its name: what a user called it, or words of ours in the language of the page."""
    name = trash.name_of(thing)
    return t(name) if isinstance(name, Message) else name


def _row(thing: Trashed) -> dict[str, str]:
    return {
        "name": _name(thing),
        "size": cache_budget.size_text(trash.size_of(thing)),
        "what": t(KINDS[thing.kind]),
        "deleted": words.when(thing.deleted_at),
        "goes": words.when(thing.goes_at),
    }


def warn_of_needs(ws: Workspace, name: str) -> None:
    """Say which runs and studies still need what is about to be deleted."""
    for learning_from in (runs.learning_from, studies.learning_from):
        if busy := learning_from(ws, name):
            st.warning(t(busy), icon=":material/warning:")
