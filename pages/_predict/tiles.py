"""Many images that were brought here as tiles, each with its class, to be chosen and marked."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO

import streamlit as st
from PIL import Image

from core.records import Prediction
from pages._predict import marks
from pages._predict.photo import Photo
from pages._shared.answered import unknown
from pages._shared.paging import page_of
from pages._shared.run_words import percent
from pages._shared.widgets import t
from pages.components.gallery import Tile, gallery

PER_PAGE = 24
SIZE = 160  # pixels of a tile
LARGE = 480  # of an enlarged one: it travels with the page


def draw(
    pictures: Sequence[tuple[Photo, bytes]],
    answers: Mapping[str, Prediction],
    labels: Sequence[str],
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
        )
    with bar:
        named = {key: answer.label for key, answer in answers.items()}
        marks.draw_bar(chosen, named, labels)


def _tile(photo: Photo, shown: bytes, answer: Prediction) -> Tile:
    name = unknown.name_of(answer)
    return Tile(
        id=photo.key,
        src=_small(photo.key, SIZE, shown),
        full=_small(photo.key, LARGE, shown),
        alt=t("{file}: {label}", file=photo.name, label=name),
        caption=name if answer.unknown else f"{name} · {percent(answer.confidence)}",
        title=f"{name} · {answer.label} {percent(answer.confidence)} · {photo.name}"
        if answer.unknown
        else f"{name} · {percent(answer.confidence)} · {photo.name}",
        mark=marks.word(photo.key, answer.label),
        share=answer.confidence,
        note=photo.name,
    )


@st.cache_data(max_entries=512, show_spinner=False)
def _small(key: str, side: int, _picture: bytes) -> str:
    """Give a small copy as an address that holds it."""
    with Image.open(BytesIO(_picture), formats=("JPEG", "PNG")) as image:
        image.thumbnail((side, side))
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
