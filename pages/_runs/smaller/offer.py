"""A smaller network that learns from this run's model, offered."""

import streamlit as st

from core import datasets, durations
from core.distilling import teachers
from core.models import catalog, weights
from core.models.catalog import Backbone
from core.records import Run, TrainConfig
from core.runs import estimates, executors
from core.workspace import Workspace
from pages._runs.smaller.beside import megabytes
from pages._shared import widgets
from pages._shared.frame.fragments import dialog
from pages._shared.widgets import close_popover, mendable, t


def draw_button(ws: Workspace, run: Run) -> None:
    """Draw the button, where the run can teach and there is anything smaller."""
    if teachers.why_not(ws, run) is not None or not teachers.smaller(run):
        return
    press = t("Make it smaller")
    if st.button(press, icon=":material/compress:", key="smaller", on_click=close_popover):
        dialog(t("Make it smaller"), width="medium")(_offer)(ws, run)
    st.caption(t("A smaller network learns from this one: distillation."))


def _offer(ws: Workspace, run: Run) -> None:
    with mendable():
        _draw(ws, run)


def _draw(ws: Workspace, run: Run) -> None:
    """Draw what would be trained, how long it takes, and its Start."""
    st.markdown(
        t("A smaller network learns from the same images, and from how sure this one is of every "
          "class: what looks alike, and how much. The same network is trained without this "
          "teacher, too, since only that shows whether the teacher helped.")
    )  # fmt: skip
    there = {one.name: one for one in teachers.smaller(run)}
    name = st.selectbox(
        t("Smaller backbone"),
        list(there),
        format_func=lambda one: _named(there[one], run.config.image_size),
        key="smaller-backbone",
    )
    assert name is not None
    config = teachers.configure(ws, run, name)
    own = catalog.backbone(run.config.backbone)
    st.caption(
        t("{small} instead of {large}.",
          small=megabytes(there[name].megabytes), large=megabytes(own.megabytes))
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        start = st.button(t("Train both"), type="primary", icon=":material/play_arrow:",
                          key="start-smaller")  # fmt: skip
        st.caption(f":material/schedule: **{_time(ws, config)}**", width="content")
    if start:
        queued = teachers.queue(ws, config)
        executors.submit(ws)
        widgets.go("runs.py", run=queued.student)


def _named(backbone: Backbone, image_size: int) -> str:
    here = weights.on_disk(backbone, image_size)
    where = t("on this machine") if here else t("to be downloaded")
    return f"{t(backbone.title)} · {where}"


def _time(ws: Workspace, config: TrainConfig) -> str:
    """Say how long both trainings take; one that is there already takes no time."""
    num = estimates.count(
        datasets.images(ws, config.dataset_id, config.dataset_version), config.left_out
    )
    wanted = [config]
    if teachers.find_alone(ws, config) is None:
        wanted.append(teachers.alone(config))
    found = [estimates.estimate(ws, one, *num) for one in wanted]
    low, high = sum(f.low_seconds for f in found), sum(f.high_seconds for f in found)
    return t(durations.between(low, high))
