"""Many images that were brought here as tiles, each with its class, to be chosen and marked."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO

import streamlit as st
from PIL import Image

from core.records import ModelCard, Prediction
from core.workspace import Workspace
from pages._predict import enlarged, marks
from pages._predict.enlarged import NamedImage
from pages._predict.photo import Photo
from pages._shared.answered import unknown
from pages._shared.paging import page_of
from pages._shared.widgets import t
from pages.components.gallery import Tile, gallery

PER_PAGE = 24
SIZE = 160  # pixels of a tile


def draw(
    ws: Workspace,
    card: ModelCard,
    pictures: Sequence[tuple[Photo, bytes]],
    answers: Mapping[str, Prediction],
) -> None:
    """Draw a page of tiles, and above it what can be said of those that are chosen."""
    bar = st.container()
    with page_of(pictures, PER_PAGE, key="tiles_page") as part:
        chosen = gallery(
            [_tile(photo, shown, answers[photo.key]) for photo, shown in part],
            key=f"tiles-{part[0][0].key}-{marks.num_changes()}",
            label=t("Images to choose from"),
            selectable=True,
            size=SIZE,
            on_open=enlarged.show,
        )
    with bar:
        named = {key: answer.label for key, answer in answers.items()}
        marks.draw_bar(chosen, named, card.labels)
    enlarged.draw(ws, card, [_image(photo, shown, answers[photo.key]) for photo, shown in pictures])


def _image(photo: Photo, shown: bytes, answer: Prediction) -> NamedImage:
    return NamedImage(
        key=photo.key,
        name=photo.name,
        answer=answer,
        picture=lambda: shown,
        source=lambda: photo.data,
    )


def _tile(photo: Photo, shown: bytes, answer: Prediction) -> Tile:
    return Tile(
        id=photo.key,
        src=_small(photo.key, shown),
        full="",
        alt=t("{file}: {label}", file=photo.name, label=unknown.name_of(answer)),
        caption=unknown.caption_of(answer),
        title=f"{unknown.title_of(answer)} · {photo.name}",
        mark=marks.word(photo.key, answer.label),
        share=answer.confidence,
        note=photo.name,
        is_open=photo.key == enlarged.current(),
    )


@st.cache_data(max_entries=512, show_spinner=False)
def _small(key: str, _picture: bytes) -> str:
    """Give a small copy as an address that holds it."""
    with Image.open(BytesIO(_picture), formats=("JPEG", "PNG")) as image:
        image.thumbnail((SIZE, SIZE))
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
