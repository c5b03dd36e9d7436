"""The Data page's answers to what was found: keep, move, leave out, merge; each can be undone."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.datasets import curation, versions
from core.datasets.duplicates import Group
from core.insights import repeated
from core.insights.image_stats import mark_of
from core.insights.label_issues import LabelIssue
from core.insights.worklist import WorkItem
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._curation import selection
from pages._curation.editing import change
from pages._shared import address
from pages._shared.widgets import md, t

MOST = 4  # classes that have a button of their own
_MAIN: Literal["secondary"] = "secondary"
_OTHER: Literal["tertiary"] = "tertiary"


def draw(ws: Workspace, dataset: Dataset, item: WorkItem, chosen: tuple[str, ...] = ()) -> None:
    """Draw what can be done with an item; a tab that shows an older version presses no other."""
    alone = len(item.images) == 1
    if item.images and item.group is None and not alone:
        selection.draw(ws, dataset, chosen, key=item.name)
    with st.container(horizontal=True, gap="small"):
        if item.group is not None:
            _of_group(ws, dataset, item, item.group)
            _keep(ws, dataset, item, t("Keep all"), _OTHER)
        elif alone:
            _keep(ws, dataset, item, t("Keep"), "primary")
            _leave_out(ws, dataset, item, t("Leave out"), item.images)
        elif item.images:
            _keep_images(ws, dataset, item, chosen)
        else:
            _of_classes(item)
            label = t("Go on without") if item.files else t("Keep as it is")
            _keep(ws, dataset, item, label, _OTHER)
        for image, issue in item.issues:
            _move(ws, dataset, image, issue)


def _of_group(ws: Workspace, dataset: Dataset, item: WorkItem, group: Group) -> None:
    if not group.across_classes:
        _leave_out(ws, dataset, item, t("Keep one"), repeated.spare(group))
        return
    for label in group.labels[:MOST]:
        others = [image for image in group.images if image.label != label]
        _leave_out(ws, dataset, item, t("Keep in '{label}'", label=md(label)), others)
    if len(group.labels) == 2:
        _merge(ws, dataset, item, group.labels)


def _leave_out(
    ws: Workspace, dataset: Dataset, item: WorkItem, label: str, images: Sequence[ImageRecord]
) -> None:
    keys = [versions.key(image) for image in images]
    kind = _MAIN if item.group is not None else _OTHER
    about = t("Undo brings it back.")
    pressed = st.button(label, type=kind, help=about, key=f"out-{item.name}-{label}")
    change(ws, pressed, lambda: curation.exclude(ws, dataset.id, keys))


def _merge(ws: Workspace, dataset: Dataset, item: WorkItem, labels: tuple[str, ...]) -> None:
    sizes = {row.name: row.count for row in dataset.classes}
    into = max(labels, key=lambda name: sizes.get(name, 0))
    first, second = (md(label) for label in labels)
    label = t("Make '{first}' and '{second}' one class", first=first, second=second)
    pressed = st.button(label, type=_OTHER, key=f"merge-{item.name}")
    change(ws, pressed, lambda: curation.merge_classes(ws, dataset.id, labels, into))


def _move(ws: Workspace, dataset: Dataset, image: ImageRecord, issue: LabelIssue) -> None:
    label, key = t("Move to '{label}'", label=md(issue.suggested)), versions.key(image)
    pressed = st.button(label, type=_OTHER, key=f"move-{key}")
    change(ws, pressed, lambda: curation.relabel(ws, dataset.id, [key], issue.suggested))


def _keep(
    ws: Workspace,
    dataset: Dataset,
    item: WorkItem,
    label: str,
    kind: Literal["primary", "tertiary"],
) -> None:
    """Draw the button that changes nothing, and has the item not listed again."""
    keys = [versions.key(image) for image, _ in item.issues]
    pressed = st.button(label, type=kind, icon=":material/check:", key=f"keep-{item.name}")
    if item.marks:
        change(
            ws,
            pressed,
            lambda: curation.settle(ws, dataset.id, item.marks, num=item.num, keys=keys),
        )
    else:
        change(ws, pressed, lambda: curation.keep(ws, dataset.id, keys))


def _keep_images(ws: Workspace, dataset: Dataset, item: WorkItem, chosen: tuple[str, ...]) -> None:
    """Draw the button that keeps what was chosen, or else all that is here."""
    names = chosen or tuple(versions.key(image) for image in item.images)
    marks = [mark_of(kind, name) for kind in item.kinds for name in names]
    label = t("Keep what is chosen") if chosen else t("Keep all")
    pressed = st.button(label, type=_OTHER, icon=":material/check:", key=f"keep-{item.name}")
    change(ws, pressed, lambda: curation.settle(ws, dataset.id, marks, num=len(names)))


def _of_classes(item: WorkItem) -> None:
    for label in item.reasons[0].labels[:MOST]:
        said = t("Show '{label}'", label=md(label))
        st.button(said, key=f"show-{item.name}-{label}", on_click=_show, args=(label,))
    if item.kinds[0] in ("few", "imbalance", "refused"):
        st.button(t("Add images"), type=_OTHER, key=f"add-{item.name}", on_click=_add)


def _show(label: str) -> None:
    """Open the images of a class."""
    address.step(part=None, kind=None, **{"class": label})


def _add() -> None:
    address.step(part="add", kind=None)
