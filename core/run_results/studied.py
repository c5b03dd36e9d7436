"""Which kind of study a run is a part of."""

import contextlib

from core import files
from core.errors import UserError
from core.records import TrainConfig
from core.records.studies import Study, StudyKind
from core.workspace import Workspace


def kind_of(ws: Workspace, config: TrainConfig) -> StudyKind | None:
    """Read it; None for a run of its own, or where the study cannot be read."""
    if not config.study:
        return None
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(ws.study(config.study).record, Study).kind
    return None
