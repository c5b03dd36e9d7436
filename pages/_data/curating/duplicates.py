"""The Data page's duplicates: the same photo more than once, those in two classes first."""

from collections.abc import Sequence

import streamlit as st

from core import datasets
from core.datasets import curation, duplicates, features, versions
from core.datasets.duplicates import Group
from core.records import Dataset, ImageRecord, Split
from core.words import enumeration, join, say
from core.workspace import Workspace
from pages._data.curating import curate, editing, groups, leak
from pages._shared import widgets
from pages._shared.widgets import language, md, nt, t
from pages.components.gallery import gallery

PER_PAGE = 8


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the groups, a page at a time."""
    curate.draw_changes(ws, dataset)
    groups.draw(dataset, images)
    found = _groups(
        str(ws.root), dataset.id, dataset.version, dataset.fingerprint, features.kept(ws, dataset)
    )
    if not found:
        st.caption(":material/check_circle: " + t("No duplicates were found."))
        if any(image.group for image in images):
            leak.draw(ws, dataset)
        return
    across = sum(group.across_classes for group in found)
    st.markdown(
        nt("{num} group of duplicates", "{num} groups of duplicates", num=len(found))
        + " · "
        + nt("{num} of them in two classes", "{num} of them in two classes", num=across)
    )
    confusing = t("The same photo in two classes confuses the network: keep it in one.")
    st.caption(join((_sides(found), confusing), language()))
    inside = [group for group in found if not group.across_classes]
    if inside:
        kept = st.button(
            t("Keep one of each"), icon=":material/filter_1:", key=f"one-{dataset.version}"
        )
        _leave_out(ws, dataset, kept, [image for g in inside for image in g.images[1:]])
    numbered = list(enumerate(found))
    with editing.page_of(numbered, PER_PAGE, key="duplicates_page") as shown:
        for index, group in shown:
            _group(ws, dataset, group, index)
    leak.draw(ws, dataset)


def _sides(found: Sequence[Group]) -> str:
    """Say that duplicates are kept together, or how many a given split has cut."""
    num = sum(groups.is_cut(group.images) for group in found)
    if not num:
        return t("Duplicates are kept on one side of the split, so that no test is too easy.")
    return nt(
        "{num} of these groups lies in more than one part of the split: a score may look better "
        "than it is.",
        "{num} of these groups lie in more than one part of the split: a score may look better "
        "than it is.",
        num=num,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _groups(
    root: str, dataset_id: str, version: int, fingerprint: str, kept: tuple[int, ...]
) -> tuple[Group, ...]:
    ws = widgets.workspace()
    return duplicates.groups(ws, datasets.get(ws, dataset_id, version))


def _group(ws: Workspace, dataset: Dataset, group: Group, index: int) -> None:
    key = f"keep-{dataset.version}-{index}"  # a tab that shows an older version presses nothing
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_sentence(group), width="stretch")
            for label in group.labels if group.across_classes else ():
                kept = st.button(t("Keep in '{label}'", label=md(label)), key=f"{key}-{label}")
                _leave_out(ws, dataset, kept, [i for i in group.images if i.label != label])
            if not group.across_classes:
                kept = st.button(t("Keep one"), key=key)
                _leave_out(ws, dataset, kept, list(group.images[1:]))
        tiles = [
            editing.tile(
                dataset,
                image,
                caption=f"{image.label} · {image.file.rpartition('/')[2]}",
                mark=t("Test") if image.split is Split.TEST else "",
            )
            for image in group.images[:24]
        ]
        gallery(tiles, key=f"group-{dataset.version}-{index}", label=t("Duplicates"))


def _sentence(group: Group) -> str:
    if group.across_classes:
        names = enumeration([say("'{name}'", name=md(label)) for label in group.labels])
        same = t("The same photo is in {names}.", names=names)
        alike = t("Nearly the same photo is in {names}.", names=names)
        return ":orange[:material/warning:] " + (same if group.exact else alike)
    kind = t("The same photo") if group.exact else t("Nearly the same photo")
    return f":material/content_copy: {kind} · {md(group.labels[0])}"


def _leave_out(ws: Workspace, dataset: Dataset, pressed: bool, images: list[ImageRecord]) -> None:
    keys = [versions.key(image) for image in images]
    editing.change(ws, pressed, lambda: curation.exclude(ws, dataset.id, keys))
