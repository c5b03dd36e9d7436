"""Which studies still need what somebody is about to delete."""

from core.records.studies import Study
from core.studies.store import ACTIVE, all_studies, state
from core.words import Message, nsay
from core.workspace import Workspace


def learning_from(ws: Workspace, name: str) -> Message | None:
    """Tell of studies that need a data set, or a backbone, and have not ended, if there are any."""
    of_these = (study for study in all_studies(ws) if name in _needed(study))
    busy = sum(state(ws, study) in ACTIVE for study in of_these)
    if not busy:
        return None
    return nsay(
        "{num} study still needs it and will fail.",
        "{num} studies still need it and will fail.",
        num=busy,
    )


def _needed(study: Study) -> set[str]:
    return {study.dataset_id, *(arm.config.backbone for arm in study.arms)}
