"""The Data page's overview: figures, whether it can be trained, and what is worth knowing."""

import streamlit as st

from core import datasets
from core.errors import UserError
from core.records import Dataset
from core.words import Message
from pages._data.numbers import overview as numbers
from pages._shared.widgets import md, nt, sentences, t


def draw_figures(dataset: Dataset) -> None:
    """Draw how much there is."""
    if dataset.target is not None:
        numbers.draw_figures(dataset, dataset.target)
        return
    counts = {row.count: md(row.name) for row in reversed(dataset.listed)}
    smallest = min(counts, default=0)
    with st.grid(4, min_column_width=150):
        st.metric(t("Images"), dataset.num_images, border=True, height="stretch")
        st.metric(t("Classes"), len(dataset.classes), border=True, height="stretch")
        st.metric(
            t("Smallest class"),
            smallest,
            delta=counts[smallest] if len(counts) > 1 else None,  # else none is the smallest
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
        st.metric(
            t("Refused files"),
            dataset.num_refused,
            delta=nt("{num} other file", "{num} other files", num=dataset.num_junk)
            if dataset.num_junk
            else None,
            delta_color="off",
            delta_arrow="off",
            help=t(
                "Other files are what computers leave behind, such as .DS_Store, and lists that "
                "were read."
            ),
            border=True,
            height="stretch",
        )


def draw_warnings(dataset: Dataset) -> None:
    """Say that it cannot be trained yet, and in one line what is worth knowing."""
    try:
        warnings = (*dataset.warnings, *datasets.check_trainable(dataset))
    except UserError as error:
        warnings = dataset.warnings
        problem = error.problem
        body = sentences(problem.what, problem.expected, problem.mend)
        st.warning(body, title=t("Not ready for training yet"), icon=":material/pending:")
    if warnings:
        _line(warnings)


def _line(warnings: tuple[Message, ...]) -> None:
    """Draw the first in one line, cut to the width of the page, which opens to all of them."""
    said = [md(t(warning)) for warning in warnings]
    more = f" (+{len(said) - 1})" if len(said) > 1 else ""
    line = st.popover(
        f"**{t('Worth knowing')}{more}** · {said[0]}",
        type="tertiary",
        icon=":material/lightbulb:",
        wrap=False,
        key="warnings",
    )
    line.markdown("\n".join(f"- {sentence}" for sentence in said))
