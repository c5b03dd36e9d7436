"""What the user says of answers, right or in fact another class, and what is done with that."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from core.ingest.marked import MarkedPicture
from core.records import Run
from core.workspace import Workspace
from pages._predict import adding
from pages._shared import widgets
from pages._shared.widgets import nt, t

Pictures = Iterable[tuple[str, bytes]]  # names and bytes of images
_MARKS, _CHANGES = "marks", "num-marks"  # of this session: the true class by image; how often


def of(key: str) -> str:
    """Give the class that an image is of, as the user said; empty where nothing was said."""
    return str(st.session_state.get(_MARKS, {}).get(key, ""))


def under(prefix: str) -> dict[str, str]:
    """Give what was said of images whose keys begin so, by the rest of the key."""
    said: dict[str, str] = st.session_state.get(_MARKS, {})
    return {key[len(prefix) :]: label for key, label in said.items() if key.startswith(prefix)}


def num_changes() -> int:
    """Count what was said so far: tiles are drawn anew then, with nothing chosen."""
    return int(st.session_state.get(_CHANGES, 0))


def word(key: str, label: str) -> str:
    """Say of an image that was marked whether the model was right."""
    true = of(key)
    return "" if not true else f"✓ {t('right')}" if true == label else f"✗ {true}"


def set_marks(marks: Mapping[str, str], *, anew: bool = True) -> None:
    """Remember the true classes of images; an empty one takes a mark back.

    ``anew``: nothing is chosen any more.
    """
    known = st.session_state.setdefault(_MARKS, {})
    for key, label in marks.items():
        known.pop(key, None)
        if label:
            known[key] = label
    st.session_state[_CHANGES] = num_changes() + anew


def draw_bar(chosen: Sequence[str], named: Mapping[str, str], labels: Sequence[str]) -> None:
    """Draw what can be said of tiles, or could be: nothing moves under a click."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        num = nt("{num} image chosen", "{num} images chosen", num=len(chosen))
        st.markdown(f"**{num}**", help=t("Say what they show; then they can be added to the data."))
        draw_for(chosen, named, labels)


def draw_for(
    chosen: Sequence[str], named: Mapping[str, str], labels: Sequence[str], *, place: str = ""
) -> None:
    """Draw the button for a right answer, and the choice of the true class.

    ``place``: where it is drawn a second time, over images that stay chosen.
    """

    def mark(true: Mapping[str, str]) -> None:
        set_marks(true, anew=not place)

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            t("Right"),
            icon=":material/check:",
            disabled=not chosen,
            key=f"mark-right{place}",
            on_click=mark,
            args=({key: named[key] for key in chosen},),
        )
        _choose_true(chosen, labels, f"mark-{place or num_changes()}", mark)
        if any(of(key) for key in chosen):
            none = dict.fromkeys(chosen, "")
            away = t("Take the mark back")
            st.button(away, type="tertiary", key=f"mark-none{place}", on_click=mark, args=(none,))
        if place and chosen:
            st.caption(word(chosen[0], named[chosen[0]]))


def _choose_true(
    chosen: Sequence[str],
    labels: Sequence[str],
    widget: str,
    mark: Callable[[Mapping[str, str]], None],
) -> None:
    st.selectbox(
        t("In fact it is"),
        sorted(labels),
        index=None,
        placeholder=t("In fact it is …"),
        accept_new_options=True,
        disabled=not chosen,
        key=widget,
        on_change=lambda: mark(dict.fromkeys(chosen, str(st.session_state[widget] or "").strip())),
        label_visibility="collapsed",
        width=190,
    )


def draw_tally(
    ws: Workspace, run: Run, named: Mapping[str, str], load: Callable[[Sequence[str]], Pictures]
) -> None:
    """Count how many of the marked answers are right, and offer to add their images.

    ``named``: what the model named each; ``load`` gives names and bytes of some, when they are
    needed.
    """
    true = {k: label for k, label in st.session_state.get(_MARKS, {}).items() if k in named}
    marked = list(true)
    if marked:
        right = sum(true[key] == named[key] for key in marked)
        st.markdown(
            nt(
                "{right} of {num} marked image right", "{right} of {num} marked images right",
                num=len(marked), right=right,
            )
        )  # fmt: skip
    if adding.is_pressed(ws, run, len(marked)):
        found = zip(marked, load(marked), strict=True)
        pictures = (MarkedPicture(file=f, label=true[key], data=data) for key, (f, data) in found)
        with widgets.mendable():
            adding.begin(ws, run, pictures)
            set_marks(dict.fromkeys(marked, ""))
            st.rerun()
