"""Bring the ZIP of a run in: looked through, opened once, then a run of the workspace.

It gets an id of its own: what is kept by the id of a run is never that of another.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from core import datasets, files, runs, trash
from core.backbones import bringing as models, inspection
from core.backups import refusals
from core.backups.single.inspection import RUN
from core.classroom import audit, quotas, slots
from core.classroom.slots import Slot
from core.errors import Problem, UserError
from core.models import cache_budget
from core.models.own.refusals import too_hungry
from core.records import ModelCard
from core.records.classroom import ActKind
from core.records.requests import OpenModel
from core.run_folder import RunFolder
from core.runs import making
from core.runs.engine_process import ROOT
from core.words import say
from core.workspace import Workspace

WITHOUT_IMAGES = say(
    "Its data set is not here: it predicts as before, and its pictures cannot be shown."
)


def bring(ws: Workspace, path: Path) -> str:
    """Make a run of the workspace of a ZIP and give its id. Raises `UserError` with the reason."""
    if not path.is_file():
        raise refusals.odd_run(say("there is no file '{path}'", path=path.name))
    size = path.stat().st_size
    quotas.check_room(ws, size)
    folder = ws.staged_runs / f"brought-{secrets.token_hex(6)}"
    folder.mkdir(parents=True)
    try:
        trash.make_room(folder, 4 * size)  # out of the ZIP, apart, and together again
        with slots.taken(ws, Slot.CONVERSION):
            _inspect(path, folder)
        made = RunFolder(folder / RUN)
        card = files.read_record(made.card, ModelCard)
        models.ask_alone(ws, OpenModel(path=str(made.model), classes=len(card.labels)))
        return _keep(ws, made, card)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def has_images(ws: Workspace, run_id: str) -> bool:
    """Tell whether the data set that a run learned from is here, the same one."""
    run = runs.get(ws, run_id)
    try:
        found = datasets.get(ws, run.config.dataset_id, run.config.dataset_version)
    except (OSError, UserError):
        return False
    return run.card is not None and found.fingerprint == run.card.dataset_fingerprint


def _keep(ws: Workspace, made: RunFolder, card: ModelCard) -> str:
    """Put a run that is sound in its place, under an id of its own."""
    quotas.check_room(ws, cache_budget.size_of(made.path))
    run_id = making.new_id(time.time())
    files.write_record(made.card, replace(card, run_id=run_id))
    ws.runs.mkdir(parents=True, exist_ok=True)
    os.rename(made.path, ws.run(run_id).path)
    files.sync_folder(ws.runs)
    audit.log(ws, ActKind.IMPORT_RUN, run_id)
    return run_id


def _inspect(path: Path, folder: Path) -> None:
    """Have a process of its own look through the file. Raises `UserError` where it refuses."""
    command = [sys.executable, "-m", "core.backups.single.inspection"]
    try:
        done = subprocess.run(
            [*command, str(path.absolute()), str(folder)],
            capture_output=True,
            cwd=ROOT,
            timeout=2 * inspection.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_hungry() from None
    if done.returncode == inspection.REFUSED:
        raise UserError.of(files.decode(Problem, done.stdout.decode()))
    if done.returncode:
        raise too_hungry()
