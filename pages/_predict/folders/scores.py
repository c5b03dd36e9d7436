"""How right the answers are where sub-folders are called as classes: score, mix-ups, classes."""

import math

import streamlit as st

from core.batch_predictions.summary import FolderScores
from core.judging.evaluation.scores import Share
from pages._shared.run_words import percent, span
from pages._shared.widgets import nt, t

MOST_DRAWN = 20  # classes of a matrix; of more the most frequent mix-ups are listed
MOST_PAIRS = 30


def draw(scores: FolderScores) -> None:
    """Draw what the folders say of the answers."""
    with st.container(border=True, key="batch-scores"):
        st.markdown(f"**{t('Judged by its folders')}**")
        st.caption(
            t(
                "Sub-folders here are called as the classes, so each image was taken to be of the "
                "class of its folder."
            )
        )
        _left_out(scores)
        if not scores.num_images:
            return
        st.markdown(
            t(
                "{right} right ({range}, {num} images); the mean over the classes is {mean}.",
                right=percent(scores.accuracy.value),
                range=span(scores.accuracy.low, scores.accuracy.high),
                num=scores.num_images,
                mean=percent(scores.balanced.value),
            )
        )
        if scores.num_groups < scores.num_images:
            st.caption(
                t(
                    "{images} images make {groups} groups of bursts and near-duplicates, of which "
                    "the ranges count each once.",
                    images=scores.num_images,
                    groups=scores.num_groups,
                )
            )
        if len(scores.labels) <= MOST_DRAWN:
            _matrix(scores)
        _pairs(scores)
        _classes(scores)


def _left_out(scores: FolderScores) -> None:
    if scores.num_known:
        known = nt(
            "{num} image of the model's own data set is not counted: the page of the run judges by "
            "those.",
            "{num} images of the model's own data set are not counted: the page of the run judges "
            "by those.",
            num=scores.num_known,
        )
        st.caption(known)
    if scores.num_unknown:
        unknown = nt(
            "{num} image is not like anything it learned and is not counted.",
            "{num} images are not like anything it learned and are not counted.",
            num=scores.num_unknown,
        )
        st.caption(unknown)
    if scores.num_other:
        other = nt(
            "{num} image lies in no such folder and is not counted.",
            "{num} images lie in no such folder and are not counted.",
            num=scores.num_other,
        )
        st.caption(other)


def _matrix(scores: FolderScores) -> None:
    """Draw the confusion matrix as a table, which is read as such."""
    first = t("Folder")
    counts = scores.confusion.tolist()
    columns: dict[str, list[str] | list[int]] = {first: list(scores.labels)}
    for index, label in enumerate(scores.labels):
        columns[t("named {label}", label=label)] = [row[index] for row in counts]
    st.dataframe(columns, hide_index=True, alt=t("Confusion matrix"), key="batch-matrix")


def _pairs(scores: FolderScores) -> None:
    counts = scores.confusion.tolist()
    found = [
        (counts[true][named], scores.labels[true], scores.labels[named])
        for true in range(len(counts))
        for named in range(len(counts))
        if true != named and counts[true][named]
    ]
    if not found:
        return
    found.sort(key=lambda pair: -pair[0])
    with st.expander(t("What it mixes up most"), icon=":material/swap_horiz:"):
        st.dataframe(
            {
                t("Folder"): [true for _, true, _ in found[:MOST_PAIRS]],
                t("Named"): [named for _, _, named in found[:MOST_PAIRS]],
                t("Images"): [num for num, _, _ in found[:MOST_PAIRS]],
            },
            hide_index=True,
            alt=t("What it mixes up most"),
            key="batch-pairs",
        )


def _classes(scores: FolderScores) -> None:
    with st.expander(t("Class by class"), icon=":material/list:"):
        st.dataframe(
            {
                t("Class"): list(scores.labels),
                t("Images"): [one.images for one in scores.classes],
                t("Found (recall)"): [_share(one.recall) for one in scores.classes],
                t("Rightly named (precision)"): [_share(one.precision) for one in scores.classes],
            },
            hide_index=True,
            alt=t("Scores of the classes"),
            key="batch-classes",
        )


def _share(share: Share) -> str:
    """Write a share with its interval; nothing where there is none."""
    if math.isnan(share.value):
        return "–"
    return f"{percent(share.value)} ({span(share.low, share.high)})"
