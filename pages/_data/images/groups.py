"""The Data page's words on which images are kept together in one part of the split."""

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from core.ingest.grouping import name_patterns, rules
from core.records import Dataset, ImageRecord
from pages._shared.widgets import md, nt, t


def draw(dataset: Dataset, images: Sequence[ImageRecord]) -> None:
    """Say what images of one group share, and how many groups are kept together."""
    num = num_whole(images)
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


def num_whole(images: Sequence[ImageRecord]) -> int:
    """Count the groups of two images or more that lie in one part; a given split may cut some."""
    groups = defaultdict(list)
    for image in images:
        if image.group:
            groups[image.group].append(image)
    return sum(len(group) > 1 and not is_cut(group) for group in groups.values())


def is_cut(images: Sequence[ImageRecord]) -> bool:
    """Tell whether images that belong together lie in more than one part of the split."""
    return len({image.split for image in images}) > 1


def _reasons(dataset: Dataset, images: Sequence[ImageRecord]) -> list[str]:
    reasons = []
    way = next((a.value for a in dataset.read_as if a.option == "group_by"), "")
    if shared := rules.described(way):
        reasons.append(t("images with {shared}", shared=md(t(shared))))
    if any(name_patterns.source_of(image.file) for image in images):
        reasons.append(t("versions of one photo that Roboflow made"))
    return [*reasons, t("copies of one photo and bursts of the webcam")]
