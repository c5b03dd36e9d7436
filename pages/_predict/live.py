"""The live camera: what a model sees in it right now, and pictures of it that are kept."""

import secrets
from hashlib import sha256
from urllib.parse import urlsplit

import streamlit as st

from core.web import access, live
from core.web.access import is_loopback
from core.workspace import default_root
from pages._predict.photo import Photo
from pages._shared.widgets import t
from pages.components import camera
from pages.components.live_camera import live_camera

_VIEWER = "live-viewer"  # of this session


def take(run_id: str, num_kept: int) -> Photo | None:
    """Draw the camera; in the run after a picture was kept, give it. ``num_kept``: before it."""
    if not _camera_allowed():
        st.caption(camera.insecure())
        return None
    picture = live_camera(key="live-camera", ticket=_ticket(run_id))
    if picture is None:
        return None
    name = t("photo {number}", number=num_kept + 1)
    return Photo(name, picture, sha256(picture).hexdigest()[:32])


def _ticket(run_id: str) -> str:
    viewer = st.session_state.setdefault(_VIEWER, secrets.token_urlsafe(9))
    return live.permit(run_id, viewer, access.secret(default_root()))


def _camera_allowed() -> bool:
    address = urlsplit(st.context.url or "")
    return address.scheme in ("", "https") or is_loopback(address.hostname or "")
