"""The figures of a data set of numbers, and how its numbers lie in each part of the split."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.judging.numbers import written
from core.records import Dataset, ImageRecord, Split, Target
from pages._data.images import groups
from pages._glossary.drawer import explained
from pages._shared.charts import style
from pages._shared.widgets import md, nt, t

BINS = 24


def draw_figures(dataset: Dataset, target: Target) -> None:
    """Draw how much there is, and from where to where the numbers go."""
    with st.grid(3, min_column_width=150):
        st.metric(t("Images"), dataset.num_images, border=True, height="stretch")
        st.metric(
            f"{md(t(written.called(target)))} · {t('Mean')}",
            t(written.amount(target.mean, target)),
            delta=t(written.interval(target.lowest, target.highest, target)),
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
            help=t("Always saying the mean is the least that a model has to beat."),
        )
        st.metric(
            t("Refused files"),
            dataset.num_refused,
            delta=nt("{num} other file", "{num} other files", num=dataset.num_junk)
            if dataset.num_junk
            else None,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )


def draw_split(dataset: Dataset, target: Target, images: Sequence[ImageRecord]) -> None:
    """Draw the numbers of each part over each other, and explain the split."""
    with st.expander(t("The numbers and how they are split"), icon=":material/bar_chart:",
                     key="numbers"):  # fmt: skip
        counts = {split: sum(i.split is split for i in images) for split in Split}
        titles = {
            Split.TRAIN: t("Training"),
            Split.VALIDATION: t("Validation"),
            Split.TEST: t("Test"),
        }
        told = [f"{titles[split]}: {counts[split]}" for split in Split]
        st.caption(" · ".join(told))
        figure = go.Figure()
        width = (target.highest - target.lowest) / BINS or 1.0
        bins = {"start": target.lowest, "end": target.highest + width, "size": width}
        for split in Split:
            values = [image.number for image in images if image.split is split]
            figure.add_histogram(x=values, name=titles[split], xbins=bins)
        style(figure)
        figure.update_layout(barmode="stack", bargap=0.05, hovermode="x unified")
        figure.update_xaxes(title=t(written.titled(target)))
        figure.update_yaxes(title=t("Images"))
        st.plotly_chart(figure, key="number-split", alt=". ".join(told),
                        config={"displaylogo": False, "displayModeBar": False})  # fmt: skip
        groups.draw(dataset, images)
        explained(
            t(
                "Thaw learns from the training images. It looks at the validation images to judge "
                "what it learned. The test images stay closed until the very end. Small and large "
                "numbers are dealt into each part alike."
            ),
            key="what-parts-are",
        )
