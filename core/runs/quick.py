"""The quick way: a run with what the dial gives, begun in one press."""

from core import datasets, runs
from core.models import presets
from core.records import Dataset, Run, TrainConfig
from core.runs import estimates, executors
from core.workspace import Workspace

PRESET = "quick"


def configured(ws: Workspace, dataset: Dataset, *, preset: str = PRESET) -> TrainConfig:
    """Give what a position of the dial makes of a data set."""
    num_train, _ = estimates.num_images(ws, dataset.id, dataset.version, ())
    return presets.configure(
        dataset.id,
        preset=preset,
        num_train=num_train,
        side=datasets.usual_side(ws, dataset.id, dataset.version),
        dataset_version=dataset.version,
        task=dataset.task.name,
    )


def begin(ws: Workspace, dataset: Dataset) -> str:
    """Queue a run of a data set, have it worked on, and give its id.

    Raises `UserError` where the data set cannot be trained on.
    """
    datasets.check_trainable(dataset)
    run_id = runs.create(ws, configured(ws, dataset))
    executors.submit(ws)
    return run_id


def newest(ws: Workspace, dataset_id: str) -> Run | None:
    """Give the newest run of a data set."""
    found = (runs.get(ws, run_id) for run_id in reversed(runs.ids(ws)))
    return next((run for run in found if run.config.dataset_id == dataset_id), None)
