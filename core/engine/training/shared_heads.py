"""The head of a fold, trained once for all depths of a study: it does not depend on the depth."""

import contextlib
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from core import files
from core.engine.loop import checkpoint
from core.engine.loop.checkpoint import Checkpoint
from core.engine.training.job import Job
from core.records import TrainConfig

_USUAL = TrainConfig(dataset_id="")


def take(job: Job) -> Checkpoint | None:
    """Give the end of the head phase that another run of the study left; None: it left none."""
    path = _path(job)
    return checkpoint.latest(path) if path.exists() else None


def leave(job: Job) -> None:
    """Leave the end of the head phase for other runs; nothing is lost where that fails."""
    newest = max(job.folder.checkpoints.glob("*.npz"), default=None)
    with contextlib.suppress(OSError):
        if newest is not None and not _path(job).exists():
            _path(job).parent.mkdir(exist_ok=True)
            part = _path(job).with_name(f".{job.run_id}")
            part.mkdir(exist_ok=True)
            shutil.copyfile(newest, part / newest.name)
            part.rename(_path(job))


def _path(job: Job) -> Path:
    """Name all that the head depends on: the configuration without what only fine-tuning reads."""
    about = replace(
        job.config,
        freeze="all",
        fine_tune_epochs=0,
        fine_tune_learning_rate=_USUAL.fine_tune_learning_rate,
        layer_decay=_USUAL.layer_decay,
    )
    name = hashlib.sha256(files.encode(about).encode()).hexdigest()[:24]
    return job.ws.study(job.config.study).heads / name
