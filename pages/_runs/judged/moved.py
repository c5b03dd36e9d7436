"""What fine-tuning moved, on the stack of blocks, and the alarm where it destroyed them."""

import plotly.graph_objects as go
import streamlit as st

from core.models import catalog
from core.records import BlockMovement, Movement, Run
from core.run_results import movement
from core.workspace import Workspace
from pages._glossary.drawer import explained
from pages._shared import run_words as words
from pages._shared.charts import style, whole
from pages._shared.widgets import nt, t

_ROW, _EDGES = 22, 90  # pixels: of a block, and of what is around them


def draw(ws: Workspace, run: Run) -> None:
    """Draw it for a run that was fine-tuned, and noted it."""
    found = movement.read(ws.run(run.id))
    if found is None or not found.blocks:
        return
    if run.config.weights != "none" and movement.is_destroyed(found):
        st.warning(
            t("Fine-tuning destroyed what the backbone knew: in the last epoch it saw images "
              "about as a network of random values does. Fine-tune at a lower learning rate, or "
              "freeze more blocks."),
            icon=":material/warning:",
        )  # fmt: skip
    with st.expander(t("What moved in fine-tuning"), icon=":material/stacks:", key="moved"):
        _draw_stack(run, found)
        explained(
            nt(
                "How differently a block sees {num} image than before fine-tuning: one minus "
                "linear CKA, of its pooled features. The image comes in at the bottom.",
                "How differently a block sees {num} images than before fine-tuning: one minus "
                "linear CKA, of its pooled features. The image comes in at the bottom.",
                num=found.images,
            ),
            key="what-moved-means",
        )
        _draw_table(found)


def _draw_stack(run: Run, found: Movement) -> None:
    """Draw a bar for each block, those that were frozen as well."""
    moved = {one.name: one for one in found.blocks}
    known = catalog.known().get(run.config.backbone)
    names = [block.name for block in known.blocks] if known else []
    names = names if moved.keys() <= set(names) else list(moved)
    figure = go.Figure()
    kept = [1 - moved[name].features if name in moved else 0.0 for name in names]
    last = [1 - one.features_last for one in found.blocks]
    text = ["" if name in moved else t("frozen") for name in names]
    figure.add_bar(
        x=kept, y=names, text=text, textposition="outside", orientation="h", name=t("as it is kept")
    )
    if any(one.features != one.features_last for one in found.blocks):
        figure.add_scatter(
            x=last, y=list(moved), mode="markers", marker={"symbol": "diamond", "size": 8},
            name=t("in the last epoch"),
        )  # fmt: skip
    style(figure)
    figure.update_layout(
        height=_ROW * len(names) + _EDGES,
        hovermode="closest",
        bargap=0.2,
        legend={"y": 0, "yanchor": "top"},
    )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.05], side="top")
    figure.update_yaxes(type="category", automargin=True)
    st.plotly_chart(
        figure,
        key="moved-chart",
        config={"displaylogo": False, "displayModeBar": False},
        alt="; ".join(f"{one.name}: {words.percent(1 - one.features)}" for one in found.blocks),
    )


def _draw_table(found: Movement) -> None:
    """Say the same in numbers, with how far the weights moved."""
    share = st.column_config.NumberColumn(format="percent")
    rows = [_row(one) for one in reversed(found.blocks)]
    st.dataframe(
        rows,
        hide_index=True,
        column_config=dict.fromkeys(list(rows[0])[1:], share),
        alt=t("How far each block moved"),
        key="moved-table",
    )


def _row(one: BlockMovement) -> dict[str, str | float]:
    return {
        t("Block"): one.name,
        t("Sees differently"): whole(1 - one.features),
        t("In the last epoch"): whole(1 - one.features_last),
        t("Weights moved"): round(one.weights, 2),
        t("Weights moved, last epoch"): round(one.weights_last, 2),
    }
