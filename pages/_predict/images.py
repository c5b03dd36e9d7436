"""Where images to try come from: dropped files, the camera, or a whole folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from core.web.access import is_loopback
from core.words import mark
from pages._shared.widgets import choose_tab, nt, t

SOURCES: Mapping[str, tuple[str, str]] = {
    "files": (":material/upload_file:", mark("Files")),
    "camera": (":material/photo_camera:", mark("Camera")),
    "folder": (":material/folder_open:", mark("Folder or ZIP")),
}
MANY = 100  # images, from which on a folder is the better way
_KEPT = "kept-photos"  # of this session: what fields held that are not drawn any more


@dataclass(frozen=True, slots=True)
class Photo:
    """One image that was brought here: its name, its bytes, and what tells it from others."""

    name: str
    data: bytes
    key: str


def choose_source() -> str:
    """Draw the choice where images come from."""
    titles = {name: (icon, t(title)) for name, (icon, title) in SOURCES.items()}
    look = {"label_visibility": "collapsed"}
    return choose_tab(t("Where from?"), titles, key="source", default="files", **look)


def collect(source: str) -> list[Photo]:
    """Let the user bring images; those of before stay, also on the way to another page and back."""
    kept: dict[str, list[Photo]] = st.session_state.setdefault(_KEPT, {})
    field = "photo" if source == "camera" else "images"
    if field not in st.session_state:  # it is drawn anew, empty: it held these when it was drawn
        kept[source] = kept.pop(f"now-{source}", []) + kept.get(source, [])
    now = _from_camera() if source == "camera" else _from_files()
    kept[f"now-{source}"] = now
    earlier = kept.get(source, [])
    if earlier:
        _draw_kept(len(earlier), source)
    return now + earlier


def _draw_kept(num: int, source: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(nt("{num} image of before", "{num} images of before", num=num))
        away = t("Take them away")
        st.button(away, icon=":material/close:", key="forget", on_click=_forget, args=(source,))


def _forget(source: str) -> None:
    st.session_state[_KEPT].pop(source, None)


def _from_files() -> list[Photo]:
    label = t("Drop one image or many")
    uploads = st.file_uploader(label, accept_multiple_files=True, key="images")
    if len(uploads) > MANY:
        st.caption(t("So many are easier as a folder: it goes on in the background, and is kept."))
    return [Photo(upload.name, upload.getvalue(), upload.file_id) for upload in uploads]


def _from_camera() -> list[Photo]:
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
    return [Photo(t("photo"), photo.getvalue(), photo.file_id)] if photo else []


def _camera_allowed() -> bool:
    address = urlsplit(st.context.url or "")
    return address.scheme in ("", "https") or is_loopback(address.hostname or "")
