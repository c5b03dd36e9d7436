"""What the network that a model began with names in a picture, beside what the model says."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.errors import UserError
from core.models import original
from core.models.catalog import Backbone
from core.records import ModelCard, Prediction
from core.words import say
from core.workspace import Workspace
from pages._shared import charts, widgets
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment
from pages._shared.widgets import language, md, t


def draw(ws: Workspace, card: ModelCard, picture: bytes) -> None:
    """Offer what it names; asked about, and downloaded, only when somebody wants to see it."""
    _part(ws, card, picture, f"{card.run_id}-{hashlib.sha256(picture).hexdigest()[:12]}")


@fragment
def _part(ws: Workspace, card: ModelCard, picture: bytes, key: str) -> None:
    """Draw anew without the page around it."""
    hint = t(
        "The likeliest of the 1,000 classes of ImageNet, which it knew before it learned yours."
    )
    if not st.toggle(t("What the original network sees"), key=f"original-{key}", help=hint):
        return
    with st.container(border=True, key=f"named-before-{key}"), widgets.mendable():
        backbone = original.backbone_of(card.config)
        if not original.is_here(backbone) and not _fetch(backbone, key):
            return
        with st.spinner(t("Asking the original network…")):
            said = _asked(ws.root, card.run_id, key, picture)
        _tell(backbone, said)


def _fetch(backbone: Backbone, key: str) -> bool:
    """Offer the download of its head; tell whether it is here now."""
    place = st.empty()
    size = f"{original.megabytes(backbone):.0f}"
    with place.container():
        title = md(t(backbone.title))
        st.caption(t("The head that {backbone} had then is not on this machine.", backbone=title))
        label = t("Download {size} MB", size=size)
        if not st.button(label, icon=":material/download:", key=f"fetch-{key}"):
            return False
    bar = place.progress(0.0)

    def report(done: int, total: int) -> None:
        megabytes = t("{done} MB downloaded", done=f"{done / 1e6:.1f}")
        bar.progress(min(done / total, 1.0) if total else 0.0, text=megabytes)

    try:
        original.fetch_original(backbone, report)
    except UserError as error:
        _say_why_not(backbone, error)
        return False
    finally:
        place.empty()
    return True


def _say_why_not(backbone: Backbone, error: UserError) -> None:
    """Say that it could not be downloaded; what only some can use stands behind a press."""
    plain = UserError(
        say("{backbone} could not be downloaded with its head.", backbone=say(backbone.title)),
        expected=say("It comes from the web and is kept on this machine."),
        mend=say("Check the network and try again; the model itself does not need it."),
    )
    widgets.draw_problem(plain)
    problem = error.problem
    with st.expander(t(widgets.KEEPER)):
        st.caption(widgets.sentences(problem.what, problem.expected, problem.mend))


@st.cache_data(max_entries=64, show_spinner=False)
def _asked(root: Path, run_id: str, key: str, _picture: bytes) -> Prediction:
    with tempfile.TemporaryDirectory(prefix="thaw-original-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(_picture)
        return engine(root).predict_original(run_id, [path])[0]


def _tell(backbone: Backbone, said: Prediction) -> None:
    shown = tuple(replace(one, label=original.readable(one.label)) for one in said.scores)
    charts.score_bars(replace(said, scores=shown), original.MOST_NAMED)
    told = [
        say(
            "What {backbone} names with the head that it had before it learned your classes. It "
            "can only name what is in ImageNet.",
            backbone=say(backbone.title),
        )
    ]
    if language() != "en":
        told.append(say("ImageNet has these names in English only."))
    st.caption(widgets.sentences(*told))
