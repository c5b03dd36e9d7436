"""The Data page's possible label errors: keep, move or leave out, image by image."""

import streamlit as st

from core import datasets
from core.datasets import curation, versions
from core.insights import label_issues, searches
from core.insights.label_issues import LabelIssue
from core.records import Accuracy, Dataset, ImageRecord
from core.words import join
from core.workspace import Workspace
from pages._data.curating import curate, editing, search
from pages._data.curating.editing import change
from pages._shared.run_words import percent, span
from pages._shared.widgets import language, md, nt, t

PER_PAGE = 12


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> None:
    """Draw the offer to look, or what was found."""
    curate.draw_changes(ws, dataset)
    st.markdown(
        t(
            "Some labels may be wrong. Thaw trains small networks, each without some of the "
            "images, asks them what these show, and lists the labels that they contradict more "
            "strongly than their own mistakes would explain."
        )
    )
    result = search.found(ws, dataset, label=t("Find label errors"))
    if result is None:
        return
    if result.label_issues and result.judge is None:
        said = t("An earlier version of Thaw found these; it called far too many labels wrong.")
        search.again(ws, dataset, said)
    else:
        search.offer_again(ws, dataset, result)
    left = searches.remaining_issues(result, images)
    if result.judge is not None:
        _judge(result.judge)
    if not left:
        st.markdown(_none(result.judge, found=bool(result.label_issues)))
        return
    st.markdown(nt("{num} possible label error", "{num} possible label errors", num=len(left)))
    if result.judge is not None:
        _precision(result.judge)
    with (
        editing.page_of(left, PER_PAGE, key="label_errors_page") as shown,
        st.grid("auto", min_column_width=160),
    ):
        for image, issue in shown:
            _card(ws, dataset, image, issue)


def _card(ws: Workspace, dataset: Dataset, image: ImageRecord, issue: LabelIssue) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        picture = datasets.thumbnail(ws, dataset.id, image.content)
        st.image(str(picture), width="stretch", alt=t("Image of class {label}", label=image.label))
        st.markdown(
            t(
                "Labelled **{given}** ({own}), looks like **{suggested}** ({other})",
                given=md(issue.given),
                own=percent(issue.probability_given),
                suggested=md(issue.suggested),
                other=percent(issue.probability_suggested),
            )
        )
        st.space("stretch")
        _answers(ws, dataset, image, issue)


def _answers(ws: Workspace, dataset: Dataset, image: ImageRecord, issue: LabelIssue) -> None:
    """Draw what can be done; the largest button is the one that changes nothing."""
    key = versions.key(image)
    kept = st.button(
        t("Keep"), type="primary", icon=":material/check:", key=f"doubt-keep-{key}", width="stretch"
    )
    change(ws, kept, lambda: curation.keep(ws, dataset.id, [key]))
    with st.container(horizontal=True, gap="small"):
        move = t("Move to '{label}'", label=md(issue.suggested))
        moved = st.button(move, type="tertiary", key=f"doubt-move-{key}")
        left_out = st.button(t("Leave out"), type="tertiary", key=f"doubt-out-{key}")
    change(ws, moved, lambda: curation.relabel(ws, dataset.id, [key], issue.suggested))
    change(ws, left_out, lambda: curation.exclude(ws, dataset.id, [key]))


def _none(judge: Accuracy | None, *, found: bool) -> str:
    """Say that the judge calls no label wrong, or that it could not tell; never that all are right.

    ``found``: it called some wrong, and somebody has decided on each.
    """
    if found:
        return ":material/check_circle: " + t(
            "None is left of the possible label errors that were found."
        )
    if judge is not None and judge.low <= judge.majority:
        return ":material/info: " + t(
            "The judge is not surely better than a guess on these images, so it calls no label "
            "wrong."
        )
    return ":material/info: " + t(
        "No label looks wrong to the judge. That does not show that every label is right."
    )


def _judge(judge: Accuracy) -> None:
    """Say how sure the judge is of labels in general."""
    right = nt(
        "The judge itself is right about {share} ({range}) of the labels, on {num} image that "
        "it did not see.",
        "The judge itself is right about {share} ({range}) of the labels, on {num} images that "
        "it did not see.",
        num=judge.images,
        share=percent(judge.accuracy),
        range=span(judge.low, judge.high),
    )
    st.caption(join((right, t("A wrong label that looks right to it stays hidden.")), language()))


def _precision(judge: Accuracy) -> None:
    """Say how many of them are likely wrong, as trials with planted errors showed."""
    shares = label_issues.expected_precision(judge.accuracy, judge.images)
    if shares is None:
        st.caption(
            t("Look before you move an image: so few images cannot show how many of these labels "
              "are truly wrong.")
        )  # fmt: skip
        return
    st.caption(
        t(
            "Look before you move an image: in trials in which 1 to 10% of the labels were made "
            "wrong, {range} of those that such a judge listed were truly wrong.",
            range=span(*shares),
        )
    )
