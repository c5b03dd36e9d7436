"""The pictures of a data set: paged, by class and part; the test part stays closed."""

import streamlit as st

from core.records import Dataset, ImageRecord, Split
from pages._data.curating.editing import choose_class, page_of, tile
from pages._shared.widgets import nt, t
from pages.components.gallery import gallery

PER_PAGE = 48


def draw(dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the filters and one page of pictures."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose_class(dataset, width=260)
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
    shown = [
        image
        for image in images
        if image.split is not Split.TEST
        and chosen in ("", image.label)
        and split in ("all", image.split)
    ]
    closed = sum(image.split is Split.TEST and chosen in ("", image.label) for image in images)
    st.caption(
        nt("{num} image", "{num} images", num=len(shown))
        + " · :material/lock: "
        + nt("{num} test image stays closed", "{num} test images stay closed", num=closed)
    )
    with page_of(shown, PER_PAGE, key="gallery_page") as part:
        gallery([tile(dataset, image) for image in part], key="pictures", label=t("Images"))
