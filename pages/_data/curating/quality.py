"""The Data page's quality report: what is worth knowing before training, with the images."""

import streamlit as st

from core import datasets
from core.datasets import features
from core.insights import quality
from core.insights.image_stats import Finding
from core.records import Dataset, Split
from core.workspace import Workspace
from pages._data.curating import curate, editing
from pages._shared import widgets
from pages._shared.widgets import md, nt, t
from pages.components.gallery import gallery

MOST = 24  # images of a finding


def draw(ws: Workspace, dataset: Dataset) -> None:
    """Draw the findings, the gravest first."""
    curate.draw_changes(ws, dataset)
    with st.spinner(t("Looking at the images…")):
        findings = _findings(
            str(ws.root),
            dataset.id,
            dataset.version,
            dataset.fingerprint,
            features.kept(ws, dataset),
        )
    if not findings:
        st.caption(":material/check_circle: " + t("Nothing odd was found. Good to train with."))
        return
    st.caption(t("None of this stops you from training. It says what could go wrong, and why."))
    for index, finding in enumerate(findings):
        _finding(ws, dataset, finding, index)


@st.cache_resource(max_entries=8, show_spinner=False)
def _findings(
    root: str, dataset_id: str, version: int, fingerprint: str, kept: tuple[int, ...]
) -> tuple[Finding, ...]:
    ws = widgets.workspace()
    return quality.report(ws, datasets.get(ws, dataset_id, version))


def _finding(ws: Workspace, dataset: Dataset, finding: Finding, index: int) -> None:
    with st.container(border=True):
        st.markdown(f":material/lightbulb: **{md(t(finding.what))}**")
        st.caption(md(t(finding.why)))
        shown = [image for image in finding.images if image.split is not Split.TEST]
        if not shown:
            return
        chosen = gallery(
            [editing.tile(dataset, image) for image in shown[:MOST]],
            key=f"finding-{dataset.id}-{dataset.version}-{index}",
            label=t("Images of this finding"),
            selectable=True,
        )
        if chosen:
            names = [row.name for row in dataset.listed]
            curate.act(ws, dataset, chosen, names, key=f"finding-{index}")
        rest = len(finding.images) - len(shown[:MOST])
        if rest:
            st.caption(nt("{num} more image", "{num} more images", num=rest))
