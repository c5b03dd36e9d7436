"""What a study is called on the pages, and what it is judged by."""

from core import datasets, studies
from core.errors import UserError
from core.records import State
from core.records.studies import TITLES, Study, StudyResult
from core.records.training import NUM_FOLDS
from core.workspace import Workspace
from pages._shared.widgets import nt, t


def title(ws: Workspace, study: Study) -> str:
    """Give the name of a study, or else what it compares."""
    return studies.name(ws, study.id) or t(TITLES[study.kind])


def dataset_name(ws: Workspace, study: Study) -> str:
    """Name what a study learns from, also when the data set is gone."""
    try:
        return datasets.get(ws, study.dataset_id).name
    except UserError:
        return t("a deleted data set")


def facts(ws: Workspace, found: StudyResult) -> list[str]:
    """Give what tells a study apart, besides its title."""
    study, config = found.study, found.study.arms[0].config
    version = study.dataset_version
    return [
        *([t(TITLES[study.kind])] if studies.name(ws, study.id) else []),
        dataset_name(ws, study),
        *([t("version {number}", number=version)] if version else []),
        *([config.backbone] if len({arm.config.backbone for arm in study.arms}) == 1 else []),
        t("images of {size} × {size} pixels", size=config.image_size),
        *([_judged(_num_folds(found))] if study.uses_folds else []),
    ]


def _num_folds(found: StudyResult) -> int:
    """Count the folds that every arm was judged on; what failed does not keep the others."""
    return min((row.folds for row in found.rows if row.state is not State.FAILED), default=0)


def _judged(folds: int) -> str:
    return nt(
        "judged by {num} of {all} folds", "judged by {num} of {all} folds", num=folds, all=NUM_FOLDS
    )
