"""How a study stands, read from its runs: rows, and what they come to."""

from core.records.studies import StudyKind, StudyResult
from core.run_results import curve
from core.studies import answers, choosing, store
from core.workspace import Workspace


def read(ws: Workspace, study_id: str) -> StudyResult:
    """Read how a study stands. Raises `UserError` where there is none."""
    study, asked = store.get(ws, study_id), store.asked(ws, study_id)
    found = answers.by_arm(ws, study)
    rows = answers.rows(ws, study, found)
    is_curve = study.kind is StudyKind.CURVE
    return StudyResult(
        study=study,
        asked=asked,
        state=store.state(ws, study),
        rows=rows,
        advice=None if is_curve else choosing.advise(asked, rows, found),
        curve=curve.read(ws.run(rows[0].run_ids[0])) if is_curve else None,
    )
