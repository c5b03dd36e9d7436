"""The pictures that were chosen on a map: to be enlarged, moved to another class or left out."""

from collections.abc import Sequence

import streamlit as st

from core.records import Run
from core.workspace import Workspace
from pages._curation import selection
from pages._runs.judged.embedding.shown import MapPictures
from pages._runs.judged.mistakes import cell as cells, enlarged, pictures
from pages._shared.paging import page_of
from pages._shared.widgets import nt, t
from pages.components.gallery import gallery

PER_PAGE = 24
SIZE = 100  # pixels


def draw(
    ws: Workspace, run: Run, shown: MapPictures, picked: Sequence[int], rows: Sequence[int]
) -> None:
    """Draw them; a picture that was pressed on the map opens, whether it was chosen or not."""
    if shown.newest is None:
        st.caption(t("Its data set is not here, so its pictures cannot be shown."))
        return
    there = [row for row in picked if row in shown.by_row]
    if there:
        _draw_gallery(ws, run, shown, there)
    else:
        st.caption(
            t(
                "Images that you choose, by a line drawn around them or by rows of the table, are "
                "shown here: their labels can be changed, or they be left out."
            )
        )
    opened = there if cells.picture() in there else [row for row in rows if row in shown.by_row]
    enlarged.draw(ws, run, shown, opened)


def _draw_gallery(ws: Workspace, run: Run, shown: MapPictures, there: Sequence[int]) -> None:
    assert shown.newest is not None
    bar = st.container()
    with page_of(there, PER_PAGE, key=f"map-page-{hash(tuple(there))}") as page:
        ticked = gallery(
            [pictures.tile(shown, shown.seen(row)) for row in page],
            key=f"map-chosen-{run.id}-{page[0]}-{len(there)}-{shown.newest.version}",
            label=t("Pictures that were chosen on the map"),
            selectable=True,
            size=SIZE,
            on_open=lambda row: cells.enlarge(int(row)),
        )
    with bar:
        changed = [int(row) for row in ticked] or list(there)
        closed = [row for row in changed if not shown.can_change(row)]
        keys = pictures.keys_of(shown, [row for row in changed if row not in closed])
        selection.draw(ws, shown.newest, keys, key="map", keeps=True)
        if not ticked and len(there) > 1:
            st.caption(t("All of them, unless you tick some."))
        if closed:
            st.caption(
                nt(
                    "{num} test image among them is not changed from here.",
                    "{num} test images among them are not changed from here.",
                    num=len(closed),
                )
            )
