"""The pictures of a data set: paged, by class and part; the test part stays closed."""

import streamlit as st

from core.records import Dataset, ImageRecord, Split
from pages._shared import choose, nt, t
from pages.components.gallery import Tile, gallery, thumbnail_url

PER_PAGE = 48


def draw(dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the filters and one page of pictures."""
    names = [row.name for row in dataset.classes]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choose(
            st.selectbox,
            t("Class"),
            ["", *names],
            default="",
            format_func=lambda name: name or t("All classes"),
            key="class",
            width=260,
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
    _page(dataset, shown)


def _page(dataset: Dataset, shown: list[ImageRecord]) -> None:
    num_pages = max(1, -(-len(shown) // PER_PAGE))
    slot = st.container()
    number = 1
    if num_pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(num_pages, key="gallery_page")
    with slot:
        tiles = [tile(dataset.id, image) for image in shown[(number - 1) * PER_PAGE :][:PER_PAGE]]
        gallery(tiles, key="pictures", label=t("Images"))


def tile(dataset_id: str, image: ImageRecord) -> Tile:
    """Make the small picture of an image."""
    return Tile(
        id=image.content,
        src=thumbnail_url(dataset_id, image.content),
        alt=t("{file}, class {label}", file=image.file, label=image.label),
        caption=image.label,
    )
