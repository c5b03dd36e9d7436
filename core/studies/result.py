"""How a study stands, read from its runs: rows, what they come to, what they still need."""

from dataclasses import replace

from core.records.studies import LearningCurve, Study, StudyAsked, StudyResult, StudyRow
from core.run_results import curve
from core.studies import answers, plain_rules, store
from core.studies.kinds import KINDS
from core.studies.standing import Standing
from core.studies.store import ACTIVE, all_studies, state
from core.words import Message, nsay
from core.workspace import Workspace


def read(ws: Workspace, study_id: str) -> StudyResult:
    """Read how a study stands. Raises `UserError` where there is none."""
    study = store.get(ws, study_id)
    asked = _asked(ws, study)
    kind = KINDS[study.kind]
    found = answers.by_arm(ws, study)
    rows = answers.rows(ws, study, found)
    rules = plain_rules.by_fold(ws, study) if kind.has_rules else {}
    standing = Standing(
        asked=asked,
        rows=rows,
        votes=found | rules,
        baselines=plain_rules.rows_of_rules(study, rules),
        curve=_curve(ws, rows[0]) if kind.has_curve else None,
    )
    return StudyResult(
        study=study,
        asked=asked,
        state=store.state(ws, study),
        rows=rows,
        advice=kind.advise(standing),
        curve=standing.curve,
        baselines=standing.baselines,
    )


def _asked(ws: Workspace, study: Study) -> StudyAsked:
    """Read what was asked for; with one look more, where an arm that failed midway may go on."""
    asked = store.asked(ws, study.id)
    if not store.failed_partly(ws, study):
        return asked
    return replace(asked, planned=max(asked.planned, asked.looks + 1))


def _curve(ws: Workspace, row: StudyRow) -> LearningCurve | None:
    """Read the curve that its one run has drawn; None before that, or where the run is gone."""
    return curve.read(ws.run(row.run_ids[0])) if row.run_ids else None


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
