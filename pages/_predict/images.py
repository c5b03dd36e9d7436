"""Where images to try come from: dropped files, or the camera."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from core.web.access import is_loopback
from core.words import mark
from pages._shared.widgets import t

SOURCES: Mapping[str, tuple[str, str]] = {
    "files": (mark("Files"), ":material/upload_file:"),
    "camera": (mark("Camera"), ":material/photo_camera:"),
}


def collect() -> list[tuple[str, bytes]]:
    """Let the user bring images; give their names and bytes."""
    source = st.segmented_control(
        t("Where from?"),
        list(SOURCES),
        default="files",
        required=True,
        format_func=lambda name: f"{SOURCES[name][1]} {t(SOURCES[name][0])}",
        key="source",
        label_visibility="collapsed",
    )
    return _from_camera() if source == "camera" else _from_files()


def _from_files() -> list[tuple[str, bytes]]:
    label = t("Drop one image or many")
    uploads = st.file_uploader(label, accept_multiple_files=True, key="images")
    return [(upload.name, upload.getvalue()) for upload in uploads]


def _from_camera() -> list[tuple[str, bytes]]:
    if not _camera_allowed():
        st.caption(
            t(
                "The browser opens the camera only on this machine itself or on a page that begins "
                "with https://. Over plain http:// in a network it stays shut; ask whoever runs "
                "Thaw for an https address, or take the photo with another app and drop the file."
            )
        )
        return []
    photo = st.camera_input(t("Take a photo"), key="photo", width=480)
    return [(t("photo"), photo.getvalue())] if photo else []


def _camera_allowed() -> bool:
    address = urlsplit(st.context.url or "")
    return address.scheme in ("", "https") or is_loopback(address.hostname or "")
