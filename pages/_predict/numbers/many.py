"""Photos that were brought to a model of numbers."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import streamlit as st
from PIL import Image

from core.judging.numbers import answering
from core.records import LearnedTarget, ModelCard, Prediction
from core.workspace import Workspace
from pages._predict.enlarged import NamedImage
from pages._predict.numbers import answers
from pages._predict.photo import Photo
from pages._shared.paging import page_of
from pages._shared.widgets import t
from pages.components.gallery import Tile, gallery

PER_PAGE = 24
SIZE = 160  # pixels of a tile


def draw(
    ws: Workspace,
    card: ModelCard,
    target: LearnedTarget,
    photos: Sequence[tuple[Photo, bytes]],
    said: Sequence[Prediction],
) -> None:
    """Draw one in full; several as tiles and as a table."""
    images = [_image(photo, shown, a) for (photo, shown), a in zip(photos, said, strict=True)]
    if len(images) == 1:
        answers.draw_one(ws, card, target, images[0])
        answers.draw_note(card, target, 1)
        return
    with page_of(images, PER_PAGE, key="number_page") as part:
        gallery(
            [_tile(image, target) for image in part],
            key=f"numbers-{part[0].key}",
            label=t("Images with the number that was read off each"),
            size=SIZE,
            on_open=answers.show,
        )
    answers.draw_note(card, target, len(images))
    answers.draw_table(target, images, key="answers")
    answers.draw_download(target, images)
    answers.draw_enlarged(ws, card, target, images)


def _image(photo: Photo, shown: bytes, answer: Prediction) -> NamedImage:
    return NamedImage(
        key=photo.key,
        name=photo.name,
        answer=replace(answer, file=photo.name),
        picture=lambda: shown,
        source=lambda: photo.data,
    )


def _tile(image: NamedImage, target: LearnedTarget) -> Tile:
    told = t(answering.answer(image.answer, target))
    return Tile(
        id=image.key,
        src=_small(image.key, image.picture()),
        full="",
        alt=f"{image.name}: {told}",
        caption=told,
        title=f"{told} · {image.name}",
        note=image.name,
    )


@st.cache_data(max_entries=512, show_spinner=False)
def _small(key: str, _picture: bytes) -> str:
    """Give a small copy as an address that holds it."""
    with Image.open(BytesIO(_picture), formats=("JPEG", "PNG")) as image:
        image.thumbnail((SIZE, SIZE))
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
