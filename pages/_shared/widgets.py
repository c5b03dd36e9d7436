"""What every page shares: the workspace, the reader's language, the error panel, pickers, links."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import Dataset
from core.web import access, uploads
from core.words import Message, join, mark
from core.workspace import Workspace, default_root
from pages._shared.address import choose, choose_tab, remember, rename
from pages._shared.words import (
    choose_language,
    language,
    md,
    nt,
    remember_language,
    t,
    unbroken,
)

__all__ = [
    "choose",
    "choose_language",
    "choose_tab",
    "dataset_label",
    "draw_problem",
    "empty_state",
    "go",
    "is_local",
    "language",
    "md",
    "mendable",
    "nt",
    "pick_dataset",
    "remember",
    "remember_language",
    "rename",
    "sentences",
    "t",
    "unbroken",
    "upload_ticket",
    "url",
    "workspace",
]

KEEPER = mark("For the person who looks after this computer")  # above what only some can use


def workspace() -> Workspace:
    """Open the workspace that the signed cookie names; on this machine alone there is just one."""
    return access.open_workspace(st.context.cookies.to_dict().get(access.COOKIE), default_root())


def is_local() -> bool:
    """Tell whether the app can be reached from this machine only."""
    return access.is_loopback(st.get_option("server.address")) and not os.environ.get(
        "THAW_ACCESS_CODE"
    )


@contextmanager
def mendable() -> Iterator[None]:
    """Draw a user's mistake where it was made; let a programmer's mistake through."""
    try:
        yield
    except UserError as error:
        draw_problem(error)
    except OSError as error:
        if error.errno not in _DISK_TROUBLES:
            raise
        st.error(
            t("Free some space or choose another folder with THAW_HOME, then try again."),
            title=t("The disk is full or cannot be written to."),
            icon=":material/hard_drive:",
        )


_DISK_TROUBLES = (13, 28, 30, 122)  # no permission, no space, read-only, over quota


def draw_problem(error: UserError) -> None:
    """Draw the three sentences of an error: what happened, what was expected, how to mend it."""
    problem = error.problem
    body = sentences(problem.expected, problem.mend)
    st.error(body, title=sentences(problem.what), icon=":material/error:")


def sentences(*messages: Message) -> str:
    """Say one after the other, escaped."""
    return join((md(t(message)) for message in messages), language())


def pick_dataset(ws: Workspace, *, key: str = "dataset") -> Dataset | None:
    """Let the user choose a data set; the choice lives in the address bar. None: there is none."""
    known = {dataset.id: dataset for dataset in datasets.all_datasets(ws)}
    if not known:
        empty_state(
            t("There are no images yet."),
            t("Bring your own, or try the sample: a few hundred small pictures in four classes."),
            page="data.py",
            label=t("Bring images"),
        )
        return None
    chosen = choose(
        st.selectbox,
        t("Data set"),
        list(known),
        format_func=lambda name: dataset_label(known[name]),
        key=key,
    )
    return known[chosen]


def dataset_label(dataset: Dataset) -> str:
    """Name a data set in a list."""
    return f"{dataset.name} · " + nt("{num} image", "{num} images", num=dataset.num_images)


def empty_state(title: str, sentence: str, *, page: str, label: str) -> None:
    """Invite to the first step, with one button."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.subheader(title, text_alignment="center")
        st.caption(sentence, text_alignment="center")
        if st.button(label, type="primary", icon=":material/arrow_forward:", key=f"go-{page}"):
            go(page)


def go(page: str, **query: str) -> None:
    """Open another page with what it should show; the language goes along."""
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.switch_page(page, query_params={**kept, **query})


def upload_ticket(ingest_id: str) -> str:
    """Allow this browser to send files to one ingest."""
    return uploads.ticket(ingest_id, access.secret(default_root()))


def url(path: str) -> str:
    """Give the address of a route of ours, under the path the app is served at."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path
