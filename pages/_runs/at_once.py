"""A first model in one press: each step as it is taken, until the run has ended."""

import time
from collections.abc import Iterator

import streamlit as st

from core import datasets, runs
from core.errors import UserError
from core.ingest import progress, requests
from core.judging.numbers import written
from core.records import IngestStage, IngestState, Run, Stage, State
from core.runs import executors, quick
from core.runs.sharing import clusters
from core.workspace import Workspace
from pages._runs.watching import standing
from pages._shared import run_words as words
from pages._shared.engine import engine
from pages._shared.frame.fragments import fragment_every
from pages._shared.widgets import mendable, nt, t

FIRST = "first-run"  # of this session: the run whose model is asked without a press
READING = 0.3  # share of the bar that stands for reading the images
_NOTHING = (IngestStage.FAILED, IngestStage.STOPPED)  # no data set comes of it
_STAGES = (Stage.FEATURES, Stage.TRAINING, Stage.SAVING, Stage.CHECKING)


def reading(ws: Workspace, dataset_id: str) -> IngestState | None:
    """Tell how the images are being read; None where the data set is there.

    Raises `UserError` where there is neither.
    """
    return None if ws.dataset(dataset_id).record.exists() else requests.state(ws, dataset_id)


def ended(ws: Workspace, dataset_id: str) -> Run | None:
    """Give the newest run of a data set once it has ended.

    Raises `UserError` where there is no such data set, nor will be.
    """
    state = reading(ws, dataset_id)
    if state is not None and state.stage in _NOTHING:
        raise UserError.of(state.error) if state.error else progress.stopped()
    run = quick.newest(ws, dataset_id) if state is None else None
    return run if run is not None and run.state.state not in words.ACTIVE else None


def draw(ws: Workspace, dataset_id: str) -> None:
    """Draw how far the newest run of a data set is; it begins as soon as the images are read."""
    if f"began-{dataset_id}" not in st.session_state:  # after a reload
        start_clock(dataset_id)
    _steps(ws, dataset_id)


def start_clock(dataset_id: str) -> None:
    """Count the seconds of the first model of a data set from now on."""
    st.session_state[f"began-{dataset_id}"] = time.time()


@fragment_every("500ms")
@mendable()  # it runs alone, outside the page's own
def _steps(ws: Workspace, dataset_id: str) -> None:
    state = reading(ws, dataset_id)
    run = None if state else _run(ws, dataset_id)
    over = state is not None and state.stage in _NOTHING
    if over or (run is not None and run.state.state not in words.ACTIVE):
        st.rerun()
    *done, now = _so_far(ws, dataset_id, state, run)
    seconds = time.time() - st.session_state[f"began-{dataset_id}"]
    box = st.status(f"{now} · {words.exact_duration(seconds)}", expanded=True)
    for line in done:
        box.markdown(f":material/check: {line}")
    box.progress(_share(state, run))


def _run(ws: Workspace, dataset_id: str) -> Run:
    """Give the run of the data set; it begins here once the images are read."""
    run = quick.newest(ws, dataset_id)
    run = run or runs.get(ws, quick.begin(ws, datasets.latest(ws, dataset_id)))
    executors.revive(ws, run.id)
    engine(ws.root).warm()  # so that the first answer is quick
    return run


def _so_far(
    ws: Workspace, dataset_id: str, state: IngestState | None, run: Run | None
) -> Iterator[str]:
    """Say what is done, and last what is being done."""
    if state is not None or run is None:
        yield _read_so_far(state)
        return
    dataset = datasets.latest(ws, dataset_id)
    classes = nt("{num} class", "{num} classes", num=len(dataset.classes))
    if dataset.target is not None:
        classes = t(written.called(dataset.target))
    images = nt("{num} image", "{num} images", num=dataset.num_images)
    if dataset.target is not None:
        yield t("{images}, each with a number: {name}", images=images, name=classes)
    else:
        yield t("{images} in {classes}", images=images, classes=classes)
    if clusters.shown_state(run) is State.QUEUED or run.progress is None:
        yield standing.waiting(ws, run)
        return
    yield t("TensorFlow is loaded")
    stage = run.progress.stage
    if stage is Stage.STARTING:
        yield t(words.STAGES[stage])
    else:
        yield from (t(words.STAGES[s]) for s in _STAGES[: _STAGES.index(stage) + 1])


def _read_so_far(state: IngestState | None) -> str:
    if state is None or not state.total:
        return t("Looking at the files…")
    return nt(
        "{done} of {num} image read", "{done} of {num} images read",
        num=state.total, done=state.done,
    )  # fmt: skip


def _share(state: IngestState | None, run: Run | None) -> float:
    if run is None:
        return READING * (state.done / state.total if state and state.total else 0.0)
    done = run.progress.done if run.progress else 0.0
    return READING + (1 - READING) * min(max(done, 0.0), 1.0)
