"""The Data page's judge of labels: asked for, and how sure it is of what it found."""

import streamlit as st

from core.insights import label_issues, searches
from core.insights.searches import Search
from core.records import Accuracy, Dataset, ImageRecord
from core.words import join
from core.workspace import Workspace
from pages._data.checking import search
from pages._shared.run_words import percent, span
from pages._shared.widgets import language, nt, t


def draw(ws: Workspace, dataset: Dataset, images: tuple[ImageRecord, ...]) -> Search | None:
    """Draw the offer to look, or how far to trust what was found; give that."""
    result = search.found(
        ws,
        dataset,
        label=t("Find label errors"),
        why=t(
            "Some labels may be wrong. Thaw trains small networks, each without some of the "
            "images, asks them what these show, and lists the labels that they contradict more "
            "strongly than their own mistakes would explain."
        ),
    )
    if result is None:
        return None
    if result.label_issues and result.judge is None:
        said = t("An earlier version of Thaw found these; it called far too many labels wrong.")
        search.again(ws, dataset, said)
    else:
        search.offer_again(ws, dataset, result)
    left = searches.remaining_issues(result, images)
    if result.judge is not None:
        sure = (*_judge(result.judge), *((_precision(result.judge),) if left else ()))
        st.caption(join(sure, language()))
    if not left:
        st.markdown(_none(result.judge, found=bool(result.label_issues)))
    return result


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


def _judge(judge: Accuracy) -> tuple[str, str]:
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
    return right, t("A wrong label that looks right to it stays hidden.")


def _precision(judge: Accuracy) -> str:
    """Say how many of them are likely wrong, as trials with planted errors showed."""
    shares = label_issues.expected_precision(judge.accuracy, judge.images)
    if shares is None:
        return t(
            "Look before you move an image: so few images cannot show how many of these labels "
            "are truly wrong."
        )
    return t(
        "Look before you move an image: in trials in which 1 to 10% of the labels were made "
        "wrong, {range} of those that such a judge listed were truly wrong.",
        range=span(*shares),
    )
