"""Runs put on the queue: each folder is made somewhere else and renamed when it is whole."""

import os
import secrets
import time

from core import devices, files, locks, trash
from core.classroom import audit, quotas
from core.records import RunState, State, TrainConfig
from core.records.classroom import ActKind
from core.run_folder import OF_STUDY
from core.runs import store
from core.runs.sharing import clusters
from core.workspace import RunFolder, Workspace


def create(ws: Workspace, config: TrainConfig) -> str:
    """Put a run on the queue and return its id. Ids sort by age; a half-made run is never seen.

    Raises `UserError` where nobody could tell whether it is alive, as the folder cannot lock, and
    where a pupil has no room for it, or ``THAW_EXECUTOR`` names no place to train.
    """
    check_line(ws)
    ws.staged_runs.mkdir(parents=True, exist_ok=True)
    locks.check(ws.staged_runs)
    devices.locks_folder()  # refused before anything is queued
    clusters.kind_of()
    return trash.with_room(ws.runs / "new", lambda: _create(ws, config))


def check_line(ws: Workspace, but: str = "") -> None:
    """Refuse a run, or a study, that a pupil has no room for; ``but`` counts for nothing.

    A study counts once. Raises `UserError`.
    """
    if quotas.quota_of(ws) is None:
        return
    active = (i for i, s in store.states(ws).items() if s.state in (State.QUEUED, State.RUNNING))
    quotas.check_line(ws, len({i.partition(OF_STUDY)[0] for i in active} - {but}))
    quotas.check_room(ws)


def _create(ws: Workspace, config: TrainConfig) -> str:
    run_id = new_id(time.time())
    staged = ws.staged_runs / run_id
    fill(RunFolder(staged), config)
    ws.runs.mkdir(parents=True, exist_ok=True)
    os.rename(staged, ws.run(run_id).path)
    files.sync_folder(ws.runs)
    audit.log(ws, ActKind.TRAIN, run_id)
    return run_id


def fill(folder: RunFolder, config: TrainConfig) -> None:
    """Make the folder of a queued run, somewhere where it is not listed yet."""
    folder.path.mkdir(parents=True)
    files.write_record(folder.config, config)
    files.write_record(folder.state, RunState(state=State.QUEUED, changed_at=time.time()))
    files.write_bytes(folder.reserve, os.urandom(store.RESERVE))


def new_id(now: float) -> str:
    """Make an id of the second, the millisecond and four random digits."""
    second = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    return f"{second}-{int(now * 1000) % 1000:03d}{secrets.token_hex(2)}"
