"""How a study stands, read from its runs: rows, and what they come to."""

from core.records.studies import StudyResult
from core.run_results import curve
from core.studies import answers, plain_rules, store
from core.studies.kinds import KINDS
from core.studies.standing import Standing
from core.workspace import Workspace


def read(ws: Workspace, study_id: str) -> StudyResult:
    """Read how a study stands. Raises `UserError` where there is none."""
    study, asked = store.get(ws, study_id), store.asked(ws, study_id)
    kind = KINDS[study.kind]
    found = answers.by_arm(ws, study)
    rows = answers.rows(ws, study, found)
    rules = plain_rules.by_fold(ws, study) if kind.has_rules else {}
    standing = Standing(
        asked=asked,
        rows=rows,
        votes=found | rules,
        baselines=plain_rules.rows_of_rules(study, rules),
        curve=curve.read(ws.run(rows[0].run_ids[0])) if kind.has_curve else None,
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
