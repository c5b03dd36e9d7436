"""The Data page's card for one thing to decide on: what was found, the pictures, the answers."""

import streamlit as st

from core.insights.worklist import WorkItem
from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._curation.editing import tile
from pages._data.checking import answers, report
from pages._shared.run_words import percent
from pages._shared.widgets import md, nt, t
from pages.components.gallery import Tile, gallery

MOST = 24  # pictures of an item
_ICONS = {
    **dict.fromkeys(("leak", "cut", "conflict"), ":orange[:material/warning:]"),
    "duplicate": ":material/content_copy:",
    "label": ":material/help:",
    "refused": ":material/block:",
}


def draw(ws: Workspace, dataset: Dataset, item: WorkItem) -> None:
    """Draw one item; a single picture stands beside the words."""
    with st.container(border=True):
        if len(item.images) == 1:
            left, right = st.columns([1, 5])
            with left:
                _pictures(dataset, item)
            with right:
                _reasons(item)
                answers.draw(ws, dataset, item)
            return
        _reasons(item)
        chosen = _pictures(dataset, item)
        if len(item.files) > 1:
            report.draw_reasons(item.files, key=item.name)
        answers.draw(ws, dataset, item, chosen)


def _reasons(item: WorkItem) -> None:
    for reason in item.reasons:
        icon = _ICONS.get(reason.kind, ":material/lightbulb:")
        said = _issues(item) if reason.kind == "label" else [f"**{md(t(reason.what))}**"]
        for line in said:
            st.markdown(f"{icon} {line}")
        if len(item.reasons) == 1 or reason.kind != "label":
            st.caption(md(t(reason.why)))


def _issues(item: WorkItem) -> list[str]:
    """Say what each disputed label is taken for, and how surely; which image, if there are more."""
    return [
        (f"{md(image.file)} · " if len(item.images) > 1 else "")
        + t(
            "Labelled **{given}** ({own}), looks like **{suggested}** ({other})",
            given=md(issue.given),
            own=percent(issue.probability_given),
            suggested=md(issue.suggested),
            other=percent(issue.probability_suggested),
        )
        for image, issue in item.issues
    ]


def _pictures(dataset: Dataset, item: WorkItem) -> tuple[str, ...]:
    """Draw the pictures; of photos that are there twice those of the test part, too."""
    together = item.group is not None
    shown = [image for image in item.images if together or image.split is not Split.TEST]
    chosen: tuple[str, ...] = ()
    if shown:
        chosen = gallery(
            [_tile(dataset, image, named=together) for image in shown[:MOST]],
            key=f"item-{dataset.id}-{dataset.version}-{item.name}",
            label=t("Images of this finding"),
            selectable=len(item.images) > 1 and not together,
        )
    if rest := len(shown[MOST:]):
        st.caption(nt("{num} more image", "{num} more images", num=rest))
    if closed := len(item.images) - len(shown):
        said = nt("{num} test image stays closed", "{num} test images stay closed", num=closed)
        st.caption(f":material/lock: {said}")
    return chosen


def _tile(dataset: Dataset, image: ImageRecord, *, named: bool) -> Tile:
    if not named:
        return tile(dataset, image)
    return tile(
        dataset,
        image,
        caption=f"{image.label} · {image.file.rpartition('/')[2]}",
        mark=t("Test") if image.split is Split.TEST else "",
    )
