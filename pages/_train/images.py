"""What the images look like on their way in: their size, and their augmented views."""

from pathlib import Path
from typing import Any

import streamlit as st

from core import datasets
from core.images import augmenting
from core.models.catalog import AUGMENTATIONS
from core.records import Dataset, Split
from core.workspace import Workspace
from pages._shared.listings import listing
from pages._shared.widgets import t
from pages._train.dial import Dial
from pages._train.fields import Fields

NUM_IMAGES = 2  # of theirs, in the preview
NUM_VIEWS = 5  # of each


def choose(
    ws: Workspace, dataset: Dataset, fields: Fields, sized: Fields, dial: Dial
) -> dict[str, Any]:
    """Draw the image size, the augmentation and what it does to their own images."""
    with st.grid(min_column_width=220):
        chosen = {
            **choose_size(sized),
            "augmentation": fields.listed(
                "augmentation",
                list(AUGMENTATIONS),
                lambda name: t(AUGMENTATIONS[name].title),
                t("Variations of the training images, so that it learns what matters and "
                  "not the light or the angle."),
            ),
        }  # fmt: skip
        kind = AUGMENTATIONS[chosen["augmentation"]]
        if kind.name != "none":
            views = Fields(dial.config(augmentation=kind.name), fields.scope)
            chosen["num_views"] = views.number(
                "num_views", t("How many variations of each image are made.")
            )
    st.caption(t(kind.sentence))
    if kind.flips:
        chosen["flips"] = not st.toggle(
            t("Left and right matter in my images"),
            value=not fields.base.flips,
            help=t("Switch it on for letters, numbers, traffic signs or hands: then no picture is "
                   "swapped left to right."),
            key=fields.key("flips"),
            persist_state="session",
        )  # fmt: skip
    if kind.name != "none":
        _preview(ws, dataset, kind.name, chosen.get("flips", False))
    return chosen


def choose_size(sized: Fields) -> dict[str, Any]:
    """Draw the image size."""
    sentence = t(
        "Every picture is made a square of this many pixels a side. Larger shows finer things and "
        "takes longer."
    )
    return {"image_size": sized.number("image_size", sentence, step=32)}


def _preview(ws: Workspace, dataset: Dataset, name: str, flips: bool) -> None:
    st.caption(t("Your images: the first of each row as it is, then variations."))
    for path in _examples(ws, dataset):
        with st.container(horizontal=True, gap="small"):
            for num, view in enumerate(_views(path, name, flips)):
                alt = t("variation {num}", num=num) if num else t("the image itself")
                st.image(view, width=104, alt=alt)


@st.cache_data(max_entries=64, show_spinner=False)
def _views(path: Path, name: str, flips: bool) -> list[Any]:
    return augmenting.preview(path, name, NUM_VIEWS, flips=flips)


def _examples(ws: Workspace, dataset: Dataset) -> list[Path]:
    """Give training images of different classes."""
    first: dict[str, Path] = {}
    for image in listing(ws, dataset):
        if image.split is Split.TRAIN and image.label not in first:
            first[image.label] = datasets.image_path(ws, dataset.id, image)
        if len(first) == NUM_IMAGES:
            break
    return list(first.values())
