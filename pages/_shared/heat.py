"""Why: where in a picture a class was seen, and what the model says with a part of it covered."""

import hashlib
import tempfile
from pathlib import Path

import streamlit as st

from core.images import heat, pixels
from core.judging.numbers import written
from core.records import Explanation, LearnedTarget, ModelCard, PicturePart
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment
from pages._shared.run_words import percent
from pages._shared.widgets import md, t

WIDTH = 420  # pixels of the picture, at most


def draw(ws: Workspace, card: ModelCard, picture: bytes | Path, label: str = "") -> None:
    """Offer the reasons for a picture's class, and draw them as soon as somebody asks.

    A path is that of our copy. ``label``: asked about first; empty: the likeliest.
    """
    stored = isinstance(picture, Path)
    data = picture.read_bytes() if isinstance(picture, Path) else picture
    key = f"{card.run_id}-{hashlib.sha256(data).hexdigest()[:12]}"
    _part(ws, card, data, label, key, stored)


@fragment
def _part(ws: Workspace, card: ModelCard, data: bytes, label: str, key: str, stored: bool) -> None:
    """Draw anew without the page around it."""
    hint = t("Shows which places of the picture speak for a class.")
    if card.target is not None:
        hint = t("Shows which places of the picture raise the number.")
    if not st.toggle(t("Why?"), key=f"why-{key}", help=hint):
        return
    with st.container(key=f"heat-{key}"), widgets.mendable():
        shown, chosen = st.columns([3, 2], gap="medium")
        with chosen:
            asked = "" if card.target else _choose_class(card, label, key)
            part = _choose_part(key)
        with st.spinner(t("Looking…")):
            about = (key, asked, part, stored)
            found = _asked(ws.root, card.run_id, card.created_at, *about, data)
            drawn = _drawn(key, card.bands, found, part, data)
        alt = t("Where the model sees {label}: the lit places", label=found.label)
        if card.target is not None:
            alt = t("What raises the number: the lit places")
        shown.image(drawn, width=WIDTH, alt=alt)
        with chosen:
            _tell(found) if card.target is None else _tell_number(found, card.target)


def _choose_class(card: ModelCard, label: str, key: str) -> str:
    index = card.labels.index(label) if label in card.labels else 0
    chosen = st.selectbox(t("What speaks for"), card.labels, index=index, key=f"for-{key}")
    return str(chosen)


def _choose_part(key: str) -> PicturePart | None:
    """Let the user cover a part: two ranges, which the keyboard moves as well as the mouse."""
    if not st.toggle(t("Cover a part and ask again"), key=f"cover-{key}"):
        return None
    left, right = _choose_range(t("From left to right"), f"across-{key}")
    top, bottom = _choose_range(t("From top to bottom"), f"down-{key}")
    if left == right or top == bottom:
        return None
    return PicturePart(left=left / 100, top=top / 100, right=right / 100, bottom=bottom / 100)


def _choose_range(label: str, key: str) -> tuple[int, int]:
    return st.slider(label, 0, 100, (25, 75), format="%d%%", key=key)


@st.cache_data(max_entries=128, show_spinner=False)
def _asked(
    root: Path,
    run_id: str,
    made: float,
    key: str,
    label: str,
    part: PicturePart | None,
    stored: bool,
    _data: bytes,
) -> Explanation:
    """Ask the engine; ``made`` is part of the question, so that a new model is asked anew."""
    with tempfile.TemporaryDirectory(prefix="thaw-explain-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(_data)
        return engine(root).explain(run_id, path, label, cover=part, stored=stored)


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(
    key: str, bands: str, found: Explanation, part: PicturePart | None, _data: bytes
) -> bytes:
    return heat.png(pixels.shrink(pixels.canonical(_data, bands)), found.heat, part)


def _tell_number(found: Explanation, target: LearnedTarget) -> None:
    """Say the number, and what covering did."""
    if found.number is not None:
        st.markdown(f"**{md(t(written.amount(found.number, target)))}**")
    if found.covered_number is not None:
        covered = md(t(written.amount(found.covered_number, target)))
        st.markdown(t("With that part covered: {number}.", number=covered))
    st.caption(
        t(
            "Lit: what raises the number; the line goes round what is at least half as hot as the "
            "hottest. Places that lower it stay dark."
        )
    )


def _tell(found: Explanation) -> None:
    """Say what the picture shows, and what covering did."""
    label = md(found.label)
    st.markdown(f"**{label} · {percent(found.probability())}**")
    if found.covered:
        after = percent(found.probability(covered=True))
        first = md(found.covered[0].label)
        st.markdown(
            t("With that part covered: {share}. The likeliest is then {label}.",
              share=after, label=first)
        )  # fmt: skip
    st.caption(
        t(
            "Lit: what speaks for this class rather than the others; the line goes round what is "
            "at least half as hot as the hottest. How bright it gets says nothing about how sure "
            "the model is."
        )
    )
