"""The depth and all behind "More choices", each with the dial's value until it is changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.models import solving
from core.models.catalog import CLASSIFIERS
from core.records import Dataset
from core.records.choices import Classifier
from core.workspace import Workspace
from pages._shared.widgets import t
from pages._train import backbone, classes, depth, head, images, loop, rates
from pages._train.dial import Dial
from pages._train.fields import Fields
from pages._train.time import guess

Tabs = Sequence[DeltaGenerator]  # backbone, head, images, learning


def choose(
    ws: Workspace, dataset: Dataset, dial: Dial, depth_place: DeltaGenerator
) -> dict[str, Any]:
    """Draw all choices and give them; what they depend on is drawn first."""
    labels = [t("Backbone"), t("Head"), t("Images"), t("Learning")]
    tabs = st.tabs(labels)
    with tabs[0]:
        chosen = backbone.choose(
            ws, dataset, Fields(dial.config(), dial.scope),
            lambda name: guess(ws, dataset, dial.config(backbone=name))[0],
        )  # fmt: skip
    if dataset.task.is_number:
        chosen |= {"classifier": "linear"}
    else:
        chosen |= _classifier(dial, chosen, tabs)
    draw = _of_fitted if CLASSIFIERS[chosen["classifier"]].fits else _of_head
    return draw(ws, dataset, dial, chosen, tabs, depth_place)


def _classifier(dial: Dial, chosen: dict[str, Any], tabs: Tabs) -> dict[str, Any]:
    with tabs[1]:
        fields = Fields(dial.config(**chosen), dial.scope)
        return {"classifier": head.choose_classifier(fields, dial.num_train)}


def _fields(dial: Dial, chosen: dict[str, Any]) -> tuple[Fields, Fields]:
    """Give the fields that hang on the backbone, and the others."""
    base = dial.config(**chosen)
    return Fields(base, f"{dial.scope}-{chosen['backbone']}"), Fields(base, dial.scope)


def _of_fitted(
    ws: Workspace,
    dataset: Dataset,
    dial: Dial,
    chosen: dict[str, Any],
    tabs: Tabs,
    depth_place: DeltaGenerator,
) -> dict[str, Any]:
    """Draw what a classifier that is fitted at once leaves to choose."""
    _, head_tab, images_tab, loop_tab = tabs
    classifier = CLASSIFIERS[chosen["classifier"]]
    sized, fields = _fields(dial, chosen)
    with images_tab:
        size = images.choose_size(sized)
        classes.draw_if_fine(dataset, dial.left_out, dial.origin)
    output = "softmax"
    if classifier.is_linear:
        with head_tab:
            output = head.choose_output(fields, len(dataset.classes) - len(dial.left_out))
    for place in (depth_place, loop_tab):
        place.caption(_nothing_learns(classifier))
    return {**chosen, **size, "output": output}


def _of_head(
    ws: Workspace,
    dataset: Dataset,
    dial: Dial,
    chosen: dict[str, Any],
    tabs: Tabs,
    depth_place: DeltaGenerator,
) -> dict[str, Any]:
    """Draw the choices of a head that learns or is solved, and of fine-tuning."""
    _, head_tab, images_tab, loop_tab = tabs
    sized, fields = _fields(dial, chosen)
    num_classes = len(dataset.classes) - len(dial.left_out)
    with images_tab:
        chosen |= images.choose(ws, dataset, fields, sized, dial)
        classes.draw_if_fine(dataset, dial.left_out, dial.origin)
    with head_tab:
        chosen |= head.choose(fields, num_classes)
    with depth_place:
        depths = Fields(fields.base, f"{sized.scope}-{chosen['weights']}")
        chosen["freeze"] = depth.choose(depths, dial, chosen, num_classes)
    cut = {name: chosen[name] for name in ("backbone", "weights", "classifier", "freeze")}
    tuning = Fields(dial.config(**cut), f"{dial.scope}-{'all' if cut['freeze'] == 'all' else ''}")
    linear = dial.config(
        **cut, pooling=chosen["pooling"], hidden_units=min(1, max(0, chosen["hidden_units"]))
    )
    with loop_tab:
        optimizer = loop.choose_optimizer(linear, dial)
        hidden = solving.ignored(optimizer, thaws=tuning.base.thaws)
        hidden += tuple(name for name, _ in dataset.task.only)
        fields, tuning = (replace(part, hidden=hidden) for part in (fields, tuning))
        chosen |= {"optimizer": optimizer, **loop.choose(fields, tuning)}
    with head_tab:
        chosen["dropout"] = head.choose_dropout(fields)
    if "learning_rate" not in hidden:
        with loop_tab:
            rates.draw(ws, dial, chosen, f"learning_rate@{dial.scope}")
    return chosen


def _nothing_learns(classifier: Classifier) -> str:
    text = t(
        "{classifier}: fitted at once to what the whole backbone, as it is, sees in your images. "
        "Nothing learns in steps, so there is nothing to choose here.",
        classifier=t(classifier.title),
    )
    return f":material/info: {text}"
