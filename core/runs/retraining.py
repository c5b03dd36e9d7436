"""A run once more, in the same way, on the newest version of its data set."""

from dataclasses import replace

from core import datasets, runs
from core.errors import UserError
from core.models import presets
from core.records import Run, TrainConfig
from core.words import say
from core.workspace import Workspace


def has_changed(ws: Workspace, config: TrainConfig) -> bool:
    """Tell whether the data set of a run was changed since; one that was deleted was not."""
    if config.dataset_id not in datasets.ids(ws):
        return False
    return datasets.version_numbers(ws, config.dataset_id)[-1] > config.dataset_version


def configuration(ws: Workspace, run: Run) -> TrainConfig:
    """Give the configuration of a run with the newest version of its data set.

    Raises `UserError` where there is none, nothing was changed, or it can no longer be trained.
    """
    newest = datasets.latest(ws, run.config.dataset_id)
    if newest.version == run.config.dataset_version:
        raise UserError(
            say("Nothing was changed since the run '{run}'.", run=run.id),
            expected=say("A newer version of its data set."),
            mend=say("Move images, leave some out or add some; then train again."),
        )
    left_out = tuple(c.name for c in newest.listed if c.name in run.config.left_out)
    datasets.check_trainable(newest, left_out)
    if not newest.task.is_number:
        presets.check_output(run.config.output, len(newest.classes) - len(left_out))
    return replace(
        run.config, dataset_version=newest.version, left_out=left_out, cloned_from=run.id
    )


def train_again(ws: Workspace, run_id: str) -> str:
    """Queue a clone of a run on the newest version of its data set; give its id.

    Raises `UserError` where that cannot be trained.
    """
    return runs.create(ws, configuration(ws, runs.get(ws, run_id)))


def earlier(ws: Workspace, config: TrainConfig) -> Run | None:
    """Give the run that was cloned, where the clone learned from a later version; else None."""
    if config.cloned_from not in runs.ids(ws):
        return None
    first = runs.get(ws, config.cloned_from)
    is_later = config.dataset_version > first.config.dataset_version
    return first if is_later and first.config.dataset_id == config.dataset_id else None
