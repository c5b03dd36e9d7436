"""What a run's model refuses: of its own classes, and of pictures that are none of them."""

import streamlit as st

from core.judging import shares
from core.records import JunkTest, RefusedShare, Run
from core.run_results import junk, prototypes
from core.run_results.prototypes import UnknownRule
from core.workspace import Workspace
from pages._shared import widgets
from pages._shared.engine import engine
from pages._shared.widgets import nt, t


def draw(ws: Workspace, run: Run) -> None:
    """Say what is refused, class by class, and offer to try it on other things."""
    if run.card is None:
        return
    st.markdown(f"**{t('When it says that it does not know')}**")
    with st.container(key="unknown"), widgets.mendable():
        rule = prototypes.read(ws.run(run.id))
        if rule is None:
            _draw_missing(ws, run)
        elif rule.threshold is None:
            st.markdown(
                nt(
                    "{num} image is too few to tell what is unlike all of them: 20 are needed. "
                    "Every picture gets a class.",
                    "{num} images are too few to tell what is unlike all of them: 20 are needed. "
                    "Every picture gets a class.",
                    num=rule.num_images,
                )
            )
        else:
            _draw_rule(run, rule)
            _draw_junk(ws, run)


def _draw_missing(ws: Workspace, run: Run) -> None:
    st.markdown(t("This run did not note what its images look like to the model."))
    if st.button(t("Look at them now"), icon=":material/manage_search:", key="complete"):
        with st.spinner(t("Looking at the images…")):
            engine(ws.root).complete(run.id)
        st.rerun()


def _draw_rule(run: Run, rule: UnknownRule) -> None:
    assert run.card is not None
    lost = sum(refused for refused, _ in rule.refused)
    st.markdown(
        nt(
            "A picture that is less like what was learned than almost all known images gets no "
            "class. Of {num} known image that refuses {lost}.",
            "A picture that is less like what was learned than almost all known images gets no "
            "class. Of {num} known images that refuses {lost}.",
            num=rule.num_images,
            lost=lost,
        )
    )
    rows = [
        {t("Class"): name, t("Given no class"): _of(refused, images), t("Images"): images}
        for name, (refused, images) in zip(run.card.labels, rule.refused, strict=True)
    ]
    st.dataframe(
        rows, hide_index=True, alt=t("Share given no class, class by class"), key="refused"
    )
    st.caption(
        t("It does not catch a class that was forgotten: pictures of one look like those that "
          "were learned.")
    )  # fmt: skip


def _draw_junk(ws: Workspace, run: Run) -> None:
    about = t("Noise, flat colours, the sample and the other data sets here.")
    if st.button(t("Try it on other things"), icon=":material/shuffle:", help=about, key="junk"):
        with st.spinner(t("Asking the model…")):
            engine(ws.root).show_junk(run.id)
    found = junk.read(ws.run(run.id))
    if found is not None:
        _draw_found(found)


def _draw_found(found: JunkTest) -> None:
    rows = [
        {
            t("What it was shown"): _kind(one),
            t("Given no class"): _of(one.refused, one.images),
            t("Range"): t(shares.span(one.low, one.high)),
            t("Images"): one.images,
        }
        for one in found.kinds
    ]
    st.dataframe(
        rows, hide_index=True, alt=t("Share given no class, kind by kind"), key="junk-found"
    )


def _kind(one: RefusedShare) -> str:
    if one.kind == "dataset":
        return t("The data set {name}", name=one.name)
    return {"noise": t("Noise"), "flat": t("Flat colours"), "sample": t("The sample")}[one.kind]


def _of(refused: int, images: int) -> str:
    return t(shares.percent(refused / images)) if images else "–"
