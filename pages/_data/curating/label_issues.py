"""The Data page's doubtful labels: keep, move or leave out, image by image."""

import streamlit as st

from core import datasets
from core.datasets import curation, versions
from core.insights import label_issues, searches
from core.insights.label_issues import Suspect
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
            "Some images may lie in the wrong folder. Thaw teaches a small network without an "
            "image, asks it what the image is, and shows those that it contradicts more strongly "
            "than its own mistakes would explain."
        )
    )
    result = search.found(ws, dataset, label=t("Look for wrong labels"))
    if result is None:
        return
    if result.doubts and result.judge is None:
        said = t("An earlier version of Thaw found these, which doubted far too many labels.")
        search.again(ws, dataset, said)
    else:
        search.offer_again(ws, dataset, result)
    left = searches.doubts(result, images)
    if result.judge is not None:
        _judge(result.judge)
    if not left:
        st.markdown(_none(result.judge))
        return
    st.markdown(nt("{num} doubtful label", "{num} doubtful labels", num=len(left)))
    if result.judge is not None:
        _precision(result.judge)
    with (
        editing.page_of(left, PER_PAGE, key="doubts_page") as shown,
        st.grid("auto", min_column_width=160),
    ):
        for image, suspect in shown:
            _card(ws, dataset, image, suspect)


def _card(ws: Workspace, dataset: Dataset, image: ImageRecord, suspect: Suspect) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        picture = datasets.thumbnail(ws, dataset.id, image.content)
        st.image(str(picture), width="stretch", alt=t("Image of class {label}", label=image.label))
        st.markdown(
            t(
                "Labelled **{given}** ({own}), looks like **{suggested}** ({other})",
                given=md(suspect.given),
                own=percent(suspect.probability_given),
                suggested=md(suspect.suggested),
                other=percent(suspect.probability_suggested),
            )
        )
        st.space("stretch")
        _answers(ws, dataset, image, suspect)


def _answers(ws: Workspace, dataset: Dataset, image: ImageRecord, suspect: Suspect) -> None:
    """Draw what can be done; the largest button is the one that changes nothing."""
    key = versions.key(image)
    kept = st.button(
        t("Keep"), type="primary", icon=":material/check:", key=f"doubt-keep-{key}", width="stretch"
    )
    change(ws, kept, lambda: curation.keep(ws, dataset.id, [key]))
    with st.container(horizontal=True, gap="small"):
        move = t("Move to '{label}'", label=md(suspect.suggested))
        moved = st.button(move, type="tertiary", key=f"doubt-move-{key}")
        left_out = st.button(t("Leave out"), type="tertiary", key=f"doubt-out-{key}")
    change(ws, moved, lambda: curation.relabel(ws, dataset.id, [key], suspect.suggested))
    change(ws, left_out, lambda: curation.exclude(ws, dataset.id, [key]))


def _none(judge: Accuracy | None) -> str:
    """Say that there is no doubt, or nobody who could have one."""
    if judge is not None and judge.low <= judge.majority:
        return ":material/info: " + t(
            "The judge is not surely better than a guess on these images, so it doubts no label."
        )
    return ":material/check_circle: " + t("No label looks doubtful.")


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
    """Say how many of the doubts are likely right, as trials with planted errors showed."""
    shares = label_issues.expected_precision(judge.accuracy, judge.images)
    if shares is None:
        st.caption(
            t("Look before you move an image: so few images cannot show how many of the doubts are "
              "right.")
        )  # fmt: skip
        return
    st.caption(
        t(
            "Look before you move an image: in trials in which 1 to 10 % of the labels were made "
            "wrong, {range} of the doubts of such a judge were right.",
            range=span(*shares),
        )
    )
