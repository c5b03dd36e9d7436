"""A finished run of numbers: the verdict, truth against answer, the worst pictures, the errors."""

import streamlit as st

from core.insights.numbers import telling
from core.judging.numbers import sentences as texts
from core.records import ModelCard, Run
from core.runs import refitting
from core.workspace import Workspace
from pages._runs.judged.numbers import answers, charts, enlarged, figures
from pages._runs.judged.numbers.answers import ReadNumbers
from pages._runs.watching import advice
from pages._shared import run_words as words
from pages._shared.widgets import choose_tab, md, sentences, t
from pages.components.gallery import Tile, gallery, image_url, thumbnail_url

WORST = 12  # pictures
_ICONS = {"good": ":material/check:", "warning": ":material/warning:", "info": ":material/info:"}


def draw(ws: Workspace, run: Run, card: ModelCard) -> bool:
    """Draw the verdict and the view that the address names; tell whether that is the overview."""
    read = answers.of_validation(ws, run, card)
    if card.numbers is None or card.target is None or read is None:
        return True
    first, *further = texts.verdict(card.numbers, card.target)
    st.markdown(f"#### {sentences(first)}")
    st.markdown(sentences(*further, texts.range_of(card.target)))
    titles = {
        "overview": (":material/dashboard:", t("Overview")),
        "pictures": (":material/grid_view:", t("Farthest off")),
        "errors": (":material/scatter_plot:", t("Errors")),
    }
    view = choose_tab(t("View"), titles, key="view", default="overview",
                      label_visibility="collapsed")  # fmt: skip
    if view == "errors":
        charts.draw_residuals(run, read)
    elif view == "pictures":
        _pictures(run, read, WORST * 4)
    else:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            charts.draw_truth(run, read)
        with right:
            _pictures(run, read, WORST // 2)
    enlarged.draw(ws, run, read)
    return view == "overview"


def _pictures(run: Run, read: ReadNumbers, most: int) -> None:
    rows = read.worst[:most]
    if not rows:
        st.caption(t("Its data set is not here, so its pictures cannot be shown."))
        return
    st.markdown(f"**{t('Farthest off')}**")
    gallery(
        [_tile(run, read, row) for row in rows],
        key=f"farthest-{run.id}-{most}",
        label=t("Pictures whose number is farthest off"),
        on_open=enlarged.show,
    )


def _tile(run: Run, read: ReadNumbers, row: int) -> Tile:
    content, told = read.found.contents[row], read.told(row)
    image = read.images[content]
    return Tile(
        id=content,
        src=thumbnail_url(run.config.dataset_id, content),
        full=image_url(run.config.dataset_id, content),
        alt=t("{file}: {told}", file=image.file, told=told),
        caption=told,
        title=f"{told} · {image.file}",
    )


def draw_result(ws: Workspace, run: Run, card: ModelCard) -> None:
    """Draw the figures of a run, and what is worth knowing."""
    if card.numbers is not None:
        figures.draw_score(run, card.numbers)
        for kind, sentence in telling.findings(card):
            st.markdown(f"{_ICONS[kind]} {md(t(sentence))}")
        advice.draw_ended(ws, run)
    else:
        parent = refitting.before(ws, run.config)
        st.caption(md(t(telling.learned_from(parent))))
    learned = t("learned from {num} images", num=card.num_train)
    st.caption(f"{learned} · {words.exact_duration(card.seconds)} · {md(card.device)}")
