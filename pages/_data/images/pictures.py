"""The Data page's pictures: by class, part and name, to be enlarged and to be chosen."""

from collections.abc import Callable

import streamlit as st

from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._curation import selection
from pages._curation.editing import choose_class, tile
from pages._data.numbers import choosing
from pages._shared import widgets
from pages._shared.frame.fragments import fragment
from pages._shared.paging import page_of
from pages._shared.widgets import nt, t
from pages.components.gallery import gallery

PER_PAGE = 48


@fragment
@widgets.mendable()  # it runs alone, outside the page's own
def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the filters, what can be done, and one page of pictures; the test part stays closed."""
    of_label, label, split, sought = _filters(dataset)
    inside = [i for i in images if of_label(i) and sought.lower() in i.file.lower()]
    shown = [i for i in inside if i.split is not Split.TEST and split in ("all", i.split)]
    closed = sum(image.split is Split.TEST for image in inside)
    st.caption(
        nt("{num} image", "{num} images", num=len(shown))
        + " · :material/lock: "
        + nt("{num} test image stays closed", "{num} test images stay closed", num=closed)
    )
    bar = st.container()
    with page_of(shown, PER_PAGE, key="gallery_page") as part:
        first = part[0].content if part else ""
        chosen = gallery(
            [tile(dataset, image) for image in part],
            key=f"pictures-{dataset.id}-{dataset.version}-{label}-{first}",
            label=t("Images to choose from"),
            selectable=True,
        )
    with bar:
        selection.draw(ws, dataset, chosen, key="pictures")


def _of_label(dataset: Dataset) -> tuple[Callable[[ImageRecord], bool], str]:
    """Draw what narrows the pictures down by their label; give a test, and its name."""
    if dataset.target is None:
        label = choose_class(dataset, width=180)
        return lambda image: label in ("", image.label), label
    low, high = choosing.choose_span(dataset.target, width=260)
    return lambda image: low <= image.number <= high, f"{low:g}-{high:g}"


def _filters(dataset: Dataset) -> tuple[Callable[[ImageRecord], bool], str, str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of_label, label = _of_label(dataset)
        sought = st.text_input(
            t("Search"), placeholder=t("part of a name"), key="sought", live="300ms", width=150
        )
        split = st.segmented_control(
            t("Part"),
            ["all", Split.TRAIN.value, Split.VALIDATION.value],
            default="all",
            required=True,
            format_func=lambda name: {
                "all": t("Both"),
                "train": t("Training"),
                "validation": t("Validation"),
            }[name],
            key="split",
        )
    return of_label, label, split, sought
