"""The pictures of a cell, or of all mistakes: to be enlarged, and to be chosen for a change."""

from collections.abc import Sequence

import streamlit as st

from core.datasets import versions
from core.insights import evaluation
from core.insights.evaluation import Judged
from core.records import Run, Split
from core.workspace import Workspace
from pages._curation import selection
from pages._runs.judged.mistakes import cell as cells, enlarged
from pages._runs.judged.mistakes.cell import Cell
from pages._runs.judged.mistakes.seen import PartPictures, Seen, ShownPictures
from pages._shared import run_words as words
from pages._shared.paging import page_of
from pages._shared.widgets import md, nt, t
from pages.components.gallery import Tile, gallery, image_url, thumbnail_url

PER_PAGE = 24
SIZE = 120  # pixels


def draw(
    ws: Workspace, run: Run, judged: Judged, shown: PartPictures, chosen: Cell | None, split: Split
) -> None:
    """Draw them, those first where the model was surest and wrong, or right and least sure."""
    rows = evaluation.rows_of(shown.found, chosen)
    there = [row for row in rows if row in shown.by_row]
    _head(judged, chosen, len(rows))
    if shown.newest is None:
        st.caption(t("Its data set is not here, so its pictures cannot be shown."))
        return
    if gone := len(rows) - len(there):
        st.caption(nt("{num} picture cannot be found any more.",
                      "{num} pictures cannot be found any more.", num=gone))  # fmt: skip
    if not there:
        return
    can_change = split is Split.VALIDATION
    bar = st.container()
    with page_of(there, PER_PAGE, key=f"mistakes-page-{chosen}") as page:
        picked = gallery(
            [tile(shown, shown.seen(row)) for row in page],
            key=f"mistakes-{run.id}-{split}-{chosen}-{page[0]}-{shown.newest.version}",
            label=t("Pictures of this cell") if chosen else t("Pictures that are named wrongly"),
            selectable=can_change,
            size=SIZE,
            on_open=lambda row: cells.enlarge(int(row)),
        )
    with bar:
        if can_change:
            keys = keys_of(shown, [int(row) for row in picked])
            selection.draw(ws, shown.newest, keys, key="mistakes", keeps=True)
        else:
            st.caption(f":material/lock: {closed()}")
    enlarged.draw(ws, run, shown, there)


def closed() -> str:
    """Say why nothing is changed from here."""
    return t(
        "Test images can be looked at here, not changed: a test part that is changed after "
        "looking at a model's mistakes judges no model honestly any more."
    )


def keys_of(shown: ShownPictures, rows: Sequence[int]) -> tuple[str, ...]:
    """Name the pictures that the newest version still has."""
    keys = (versions.key(shown.by_row[row]) for row in rows)
    return tuple(key for key in keys if key in shown.now)


def tile(shown: ShownPictures, seen: Seen) -> Tile:
    """Make the small picture of an answer: what it is, what it is taken for, and what became."""
    told = told_of(seen)
    return Tile(
        id=str(seen.row),
        src=thumbnail_url(_dataset_id(shown), seen.image.content),
        full=image_url(_dataset_id(shown), seen.image.content),
        alt=t("{file}: {told}", file=seen.image.file, told=told),
        caption=seen.true if seen.is_right else f"{seen.true} → {seen.named}",
        title=f"{told} · {seen.image.file}",
        mark=_share(seen) if seen.scores else "",
        note=state(shown, seen),
        is_open=seen.row == cells.picture(),
    )


def told_of(seen: Seen) -> str:
    """Say in words what the model makes of a picture."""
    if not seen.scores:
        return t("{label}, learned from", label=seen.true)
    if seen.is_right:
        return t("{label}, rightly ({share})", label=seen.true, share=_share(seen))
    return t("{true}, taken for {named} ({share})",
             true=seen.true, named=seen.named, share=_share(seen))  # fmt: skip


def _share(seen: Seen) -> str:
    return words.percent(seen.scores[0].probability)


def state(shown: ShownPictures, seen: Seen) -> str:
    """Say what became of a picture since the run learned; nothing: an empty text."""
    now = shown.now.get(versions.key(seen.image))
    if now is None:
        return t("left out since")
    if now.label != seen.image.label:
        return t("now: {label}", label=now.label)
    return t("label kept") if now.confirmed and not seen.image.confirmed else ""


def _dataset_id(shown: ShownPictures) -> str:
    return shown.newest.id if shown.newest is not None else ""


def _head(judged: Judged, chosen: Cell | None, num: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_title(judged, chosen)}** · {num}", width="content")
        if chosen is not None:
            label = t("Show all mistakes")
            st.button(label, type="tertiary", key="all-mistakes", on_click=cells.show, args=(None,))
    if not num:
        st.caption(t("No picture here.") if chosen else t("No mistake among these images."))
    elif chosen is None:
        st.caption(t("One of each pair of classes in turn, the surest first."))
    elif chosen[0] == chosen[1]:
        st.caption(t("The least sure first."))
    else:
        st.caption(t("The surest mistake first."))


def _title(judged: Judged, chosen: Cell | None) -> str:
    if chosen is None:
        return t("All mistakes")
    true, named = (md(judged.labels[i]) for i in chosen)
    if chosen[0] == chosen[1]:
        return t("{label}, named rightly", label=true)
    return t("{true}, taken for {named}", true=true, named=named)
