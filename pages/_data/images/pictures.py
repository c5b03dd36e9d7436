"""The Data page's pictures: by class, part and name, to be enlarged and to be chosen."""

import streamlit as st

from core.records import Dataset, ImageRecord, Split
from core.workspace import Workspace
from pages._curation import selection
from pages._curation.editing import choose_class, tile
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
    label, split, sought = _filters(dataset)
    inside = [
        image
        for image in images
        if label in ("", image.label) and sought.lower() in image.file.lower()
    ]
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


def _filters(dataset: Dataset) -> tuple[str, str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = choose_class(dataset, width=180)
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
    return label, split, sought
