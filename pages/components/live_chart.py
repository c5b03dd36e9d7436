"""Loss and accuracy drawn in the browser while a run trains; zoom and legend stay as they were."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "thaw_live_chart",
    html='<div class="curves">\n</div>',
    css=(_HERE / "live_chart.css").read_text(encoding="utf-8"),
    js=(_HERE / "live_chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # Plotly puts its styles into the document
)


def live_chart(
    run_id: str,
    texts: dict[str, str],
    *,
    metrics: str,
    library: str,
    majority: float | None,
    figure: str = "accuracy",
) -> None:
    """Draw the curves of a run and ask ``metrics`` for new lines once a second until it ends."""
    _COMPONENT(
        key=f"curves_{run_id}",
        data={
            "run": run_id,
            "metrics": metrics,
            "library": library,
            "texts": texts,
            "majority": majority,
            "kinds": ["loss", figure],
        },
    )
