"""One run that has ended, written to a ZIP that can be brought in anywhere."""

from pathlib import Path

from core import runs
from core.backups import refusals, writing
from core.backups.manifest import Manifest
from core.backups.single import kept
from core.run_folder import OF_STUDY
from core.runs import inference
from core.workspace import Workspace


def pack(ws: Workspace, run_id: str, out: Path) -> tuple[Path, Manifest]:
    """Write a run with its model and all that judges it, whole or not at all.

    ``out``: a ZIP, or a folder that gets one named by the moment. Its images are not in it.
    Raises `UserError` for a run that has no model, and a path that cannot be.
    """
    runs.get(ws, run_id)
    if OF_STUDY in run_id:
        raise refusals.part_of_study(run_id)
    inference.check_finished(ws, run_id)
    return writing.write_run(ws, run_id, out, kept.FILES)
