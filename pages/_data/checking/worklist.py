"""The Data page's worklist: what was found, as one list with counts, the gravest first."""

import streamlit as st

from core.insights import searches, worklist
from core.insights.searches import Search, SearchStage
from core.insights.worklist import WorkItem
from core.records import Dataset, ImageRecord
from core.workspace import Workspace
from pages._data.checking import card, duplicates, finds, judge, leak, report
from pages._shared import widgets
from pages._shared.paging import page_of
from pages._shared.widgets import t

PER_PAGE = 10
_FORMER = {"doubles": "duplicates", "doubts": "label-errors"}  # what links of old call sections


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the sections, what is to be known of the chosen one, and its items a page at a time."""
    search = searches.state(ws, dataset.id)
    with st.spinner(t("Looking at the images…")):
        items = finds.listed(ws, dataset, images, search)
    section = _choose(items, search, judges=dataset.target is None)
    shown = worklist.within(items, section)
    judges = section in ("all", "label-errors") and dataset.target is None
    result = judge.draw(ws, dataset, images) if judges else None
    if section == "duplicates":
        duplicates.draw(ws, dataset, images, shown)
    _cards(ws, dataset, shown, section)
    if section == "duplicates" and dataset.target is None and any(i.group for i in images):
        leak.draw(ws, dataset)
    elif result is not None and result.leak is not None:
        leak.draw_scores(result.leak)
    if section in ("all", "files"):
        report.draw(ws, dataset)


def _cards(ws: Workspace, dataset: Dataset, items: tuple[WorkItem, ...], section: str) -> None:
    if not items:
        if section != "label-errors":  # of which more is said
            st.caption(":material/check_circle: " + _nothing(dataset, section))
        return
    st.caption(t("None of this stops you from training. It says what could go wrong, and why."))
    with page_of(items, PER_PAGE, key=f"items_page-{section}") as part:
        for item in part:
            card.draw(ws, dataset, item)


def _choose(items: tuple[WorkItem, ...], search: Search | None, *, judges: bool) -> str:
    """Draw the sections with their counts; label issues have none before anybody looked."""
    titles = {
        "all": t("All"),
        "duplicates": t("Duplicates"),
        "label-errors": t("Possible label errors"),
        "files": t("Refused files"),
        "quality": t("Quality"),
    }
    if not judges:
        del titles["label-errors"]
    counts = {name: worklist.count(worklist.within(items, name)) for name in titles}
    if search is None or search.stage is not SearchStage.DONE:
        counts.pop("label-errors", None)
    said = {
        name: t("{name} ({num})", name=title, num=counts[name]) if name in counts else title
        for name, title in titles.items()
    }
    asked = st.query_params.get("part", "")
    asked = _FORMER.get(asked, asked)
    return widgets.choose(
        st.segmented_control,
        t("What to look at"),
        list(titles),
        key="kind",
        default=asked if asked in titles else "all",
        required=True,
        format_func=lambda name: said[name],
        wrap=True,
        label_visibility="collapsed",
    )


def _nothing(dataset: Dataset, section: str) -> str:
    if dataset.settled:
        return t("Nothing is left here. What you kept as it is does not come back.")
    if section == "duplicates":
        return t("No duplicates were found.")
    if section == "files":
        return t("No file was refused.")
    return t("Nothing odd was found. Good to train with.")
