"""Whose pages these are: the workspace of whoever looks, and whether that is one person alone."""

import os
from urllib.parse import urlsplit

import streamlit as st

from core.classroom import folder
from core.classroom.folder import ClassFolder
from core.models import catalog
from core.web import access, uploads
from core.workspace import Workspace, default_root


def workspace() -> Workspace:
    """Open the workspace that the signed cookie names; on this machine alone there is just one.

    What a user brought as a backbone is found there from here on.
    """
    ws = access.open_workspace(st.context.cookies.to_dict(), default_root())
    catalog.look_in(ws)
    return ws


def own_class() -> ClassFolder:
    """Open the class of the teacher who looks. Raises `NotAdmittedError` for everybody else."""
    return access.open_class(st.context.cookies.to_dict(), default_root())


def address() -> str:
    """Give the address at which other devices reach this app, as whoever looks has opened it."""
    opened = urlsplit(st.context.url or "")
    host = opened.hostname or "127.0.0.1"
    reached = access.own_address() if access.is_loopback(host) else host
    port = opened.port or (443 if opened.scheme == "https" else 80)
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return access.web_addresses(reached, port, base, opened.scheme or "http")[0]


def opened() -> str:
    """Give the address at which whoever looks has opened this app, and others can."""
    parts = urlsplit(st.context.url or "")
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}/{base}"


def is_local() -> bool:
    """Tell whether the app is for whoever sits at this machine, and for nobody else."""
    if folder.is_open():
        return False
    return access.is_loopback(st.get_option("server.address")) and not os.environ.get(
        "THAW_ACCESS_CODE"
    )


def upload_ticket(ingest_id: str) -> str:
    """Allow this browser to send files to one ingest."""
    return uploads.ticket(ingest_id, access.secret(default_root()))
