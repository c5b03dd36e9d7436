"""Where images to try come from: dropped files, the camera, or a whole folder."""

from collections.abc import Mapping
from itertools import accumulate

import streamlit as st

from core.classroom import folder
from core.web.classroom import in_memory
from core.words import mark
from pages._predict import live
from pages._predict.photo import Photo
from pages._shared.widgets import choose_tab, nt, t

SOURCES: Mapping[str, tuple[str, str]] = {
    "files": (":material/upload_file:", mark("Files")),
    "camera": (":material/photo_camera:", mark("Camera")),
    "folder": (":material/folder_open:", mark("Folder or ZIP")),
}
MANY = 100  # images, from which on a folder is the better way
_KEPT = "kept-photos"  # of this session: what fields held that are not drawn any more


def choose_source() -> str:
    """Draw the choice where images come from."""
    titles = {name: (icon, t(title)) for name, (icon, title) in SOURCES.items()}
    look = {"label_visibility": "collapsed"}
    return choose_tab(t("Where from?"), titles, key="source", default="files", **look)


def collect(source: str, run_id: str) -> list[Photo]:
    """Let the user bring images; those of before stay, also on the way to another page and back."""
    kept: dict[str, list[Photo]] = st.session_state.setdefault(_KEPT, {})
    now = _from_camera(run_id, kept) if source == "camera" else _from_files(kept)
    earlier = kept.get(source, [])
    if earlier:
        _draw_kept(len(earlier), source)
    return now + earlier


def _draw_kept(num: int, source: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if source == "camera":
            st.caption(nt("{num} picture kept", "{num} pictures kept", num=num))
        else:
            st.caption(nt("{num} image of before", "{num} images of before", num=num))
        away = t("Take them away")
        st.button(away, icon=":material/close:", key="forget", on_click=_forget, args=(source,))


def _forget(source: str) -> None:
    st.session_state[_KEPT].pop(source, None)


def _from_files(kept: dict[str, list[Photo]]) -> list[Photo]:
    if "images" not in st.session_state:  # it is drawn anew, empty: it held these before
        kept["files"] = _fair(kept.pop("now-files", []) + kept.get("files", []))
    label = t("Drop one image or many")
    uploads = st.file_uploader(label, accept_multiple_files=True, key="images")
    if len(uploads) > MANY:
        st.caption(t("So many are easier as a folder: it goes on in the background, and is kept."))
    now = [Photo(upload.name, upload.getvalue(), upload.file_id) for upload in uploads]
    kept["now-files"] = now
    return now


def _fair(photos: list[Photo]) -> list[Photo]:
    """Give what may stay in memory: all, but in a class the newest of a share."""
    if not folder.is_open():
        return photos
    sizes = accumulate(len(photo.data) for photo in photos)
    return [p for p, size in zip(photos, sizes, strict=True) if size <= in_memory.MOST_OF_ONE]


def _from_camera(run_id: str, kept: dict[str, list[Photo]]) -> list[Photo]:
    """Add the picture that was kept last to those of before, which all are shown."""
    earlier = kept.get("camera", [])
    taken = live.take(run_id, len(earlier))
    if taken is not None and taken.key not in {photo.key for photo in earlier}:
        kept["camera"] = [taken, *earlier]
    return []
