"""How much of a backbone learns: a few positions, and behind "exact" each block to cut after."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "thaw_depth_stack",
    html='<div class="depth">\n</div>',
    css=(_HERE / "depth_stack.css").read_text(encoding="utf-8"),
    js=(_HERE / "depth_stack.js").read_text(encoding="utf-8"),
)


def depth_stack(
    blocks: Sequence[dict[str, Any]],
    head: dict[str, Any],
    stops: Sequence[dict[str, Any]],
    texts: dict[str, str],
    *,
    frozen: int,
    key: str,
) -> int:
    """Draw positions and stack, return how many blocks are frozen; ``frozen`` is where it starts.

    blocks: name, parameters and share of the computing of each, from the image upwards.
    stops: label and number of frozen blocks of each position, from all frozen to none.
    """
    kept = st.session_state.get(f"{key}-kept", frozen)
    chosen = st.session_state.get(key, {}).get("frozen", kept)
    result = _COMPONENT(
        key=key,
        data={
            "blocks": list(blocks),
            "head": head,
            "stops": list(stops),
            "texts": texts,
            "frozen": chosen,
        },
        default={"frozen": chosen},
        on_frozen_change=lambda: None,
    )
    moved = min(max(int(result.frozen), 0), len(blocks))
    st.session_state[f"{key}-kept"] = moved  # a component forgets when another page is drawn
    return moved
