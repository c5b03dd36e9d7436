"""The Data page's words on which images are kept together in one part of the split."""

from collections.abc import Sequence

import streamlit as st

from core.ingest.grouping import name_patterns, rules
from core.records import Dataset, ImageRecord
from pages._shared.widgets import md, nt, t


def draw(dataset: Dataset, images: Sequence[ImageRecord]) -> None:
    """Say what images of one group share, and how many groups there are."""
    num = len({image.group for image in images} - {""})
    if not num:
        return
    st.caption(
        ":material/link: "
        + nt(
            "{num} group of images stays in one part: {what}.",
            "{num} groups of images stay in one part each: {what}.",
            num=num,
            what=t("; ").join(_reasons(dataset, images)),
        )
    )


def _reasons(dataset: Dataset, images: Sequence[ImageRecord]) -> list[str]:
    reasons = []
    way = next((a.value for a in dataset.read_as if a.option == "group_by"), "")
    if shared := rules.described(way):
        reasons.append(t("images with {shared}", shared=md(t(shared))))
    if any(name_patterns.source_of(image.file) for image in images):
        reasons.append(t("versions of one photo that Roboflow made"))
    return [*reasons, t("copies of one photo and bursts of the webcam")]
