"""The depth and all behind "More choices", each with the dial's value until it is changed."""

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models import solving
from core.records import Dataset
from core.workspace import Workspace
from pages._shared.widgets import t
from pages._train import backbone, classes, depth, head, images, loop, rates
from pages._train.dial import Dial
from pages._train.fields import Fields
from pages._train.time import guess


def choose(
    ws: Workspace, dataset: Dataset, dial: Dial, depth_place: DeltaGenerator
) -> dict[str, Any]:
    """Draw all choices and give them; what they depend on is drawn first."""
    labels = [t("Backbone"), t("Head"), t("Images"), t("Learning")]
    backbone_tab, head_tab, images_tab, loop_tab = st.tabs(labels)
    with backbone_tab:
        chosen = backbone.choose(
            ws, dataset, Fields(dial.config(), dial.scope),
            lambda name: guess(ws, dataset, dial.config(backbone=name))[0],
        )  # fmt: skip
    scope = f"{dial.scope}-{chosen['backbone']}"
    sized = Fields(dial.config(**chosen), scope)  # what hangs on the backbone
    fields = Fields(sized.base, dial.scope)
    with images_tab:
        chosen |= images.choose(ws, dataset, fields, sized, dial)
        classes.draw_if_fine(dataset, dial.left_out, dial.origin)
    num_classes = len(dataset.classes) - len(dial.left_out)
    with head_tab:
        chosen |= head.choose(fields, num_classes)
    with depth_place:
        depths = Fields(fields.base, f"{scope}-{chosen['weights']}")
        chosen["freeze"] = depth.choose(depths, dial, chosen, num_classes)
    cut = {name: chosen[name] for name in ("backbone", "weights", "freeze")}
    tuning = Fields(dial.config(**cut), f"{dial.scope}-{'all' if cut['freeze'] == 'all' else ''}")
    linear = dial.config(
        **cut, pooling=chosen["pooling"], hidden_units=min(1, max(0, chosen["hidden_units"]))
    )
    with loop_tab:
        optimizer = loop.choose_optimizer(linear, dial)
        hidden = solving.ignored(optimizer, thaws=tuning.base.thaws)
        fields, tuning = (replace(part, hidden=hidden) for part in (fields, tuning))
        chosen |= {"optimizer": optimizer, **loop.choose(fields, tuning)}
    with head_tab:
        chosen["dropout"] = head.choose_dropout(fields)
    if "learning_rate" not in hidden:
        with loop_tab:
            rates.draw(ws, dial, chosen, f"learning_rate@{dial.scope}")
    return chosen
