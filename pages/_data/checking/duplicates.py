"""The Data page's words on duplicates as a whole, and the way to leave out all copies at once."""

from collections.abc import Sequence

import streamlit as st

from core.datasets import curation, versions
from core.insights import repeated
from core.insights.worklist import WorkItem
from core.records import Dataset, ImageRecord
from core.words import join
from core.workspace import Workspace
from pages._curation.editing import change
from pages._data.images import groups
from pages._glossary.drawer import explained
from pages._shared.widgets import language, nt, t


def draw(
    ws: Workspace, dataset: Dataset, images: Sequence[ImageRecord], items: Sequence[WorkItem]
) -> None:
    """Say how many there are and whether the split keeps them together."""
    groups.draw(dataset, images)
    found = [item.group for item in items if item.group is not None]
    if not found:
        return
    across = sum(group.across_classes for group in found)
    st.markdown(
        nt("{num} group of duplicates", "{num} groups of duplicates", num=len(found))
        + " · "
        + nt("{num} of them in two classes", "{num} of them in two classes", num=across)
    )
    confusing = t("The same photo in two classes confuses the network: keep it in one.")
    cut = sum(groups.is_cut(group.images) for group in found)
    explained(join((_sides(cut), confusing), language()), key="what-duplicates-do")
    inside = [group for group in found if not group.across_classes]
    if inside:
        label, icon = t("Keep one of each"), ":material/filter_1:"
        kept = st.button(label, icon=icon, key=f"one-{dataset.version}")
        spare = [versions.key(image) for group in inside for image in repeated.spare(group)]
        change(ws, kept, lambda: curation.exclude(ws, dataset.id, spare))


def _sides(num: int) -> str:
    """Say that duplicates are kept together, or how many a given split has cut."""
    if not num:
        return t("Duplicates are kept on one side of the split, so that no test is too easy.")
    return nt(
        "{num} of these groups lies in more than one part of the split: a score may look better "
        "than it is.",
        "{num} of these groups lie in more than one part of the split: a score may look better "
        "than it is.",
        num=num,
    )
