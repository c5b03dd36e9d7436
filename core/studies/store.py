"""The study store: one folder per study, with its runs in it; where it stands, these tell."""

import contextlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace

from core import devices, files, given_names, locks, runs, trash
from core.classroom import audit
from core.errors import UserError
from core.records import State
from core.records.classroom import ActKind
from core.records.studies import Arm, Study, StudyAsked, StudyKind
from core.records.training import NUM_FOLDS
from core.runs import making
from core.words import nsay, say
from core.workspace import RunFolder, StudyFolder, Workspace

FIRST_FOLDS = 2  # that run before one is asked for more
ACTIVE = (State.QUEUED, State.RUNNING)


def create(
    ws: Workspace,
    kind: StudyKind,
    arms: Sequence[Arm],
    *,
    folds: int = FIRST_FOLDS,
    cloned_from: str = "",
) -> str:
    """Queue a study and return its id; it is seen whole or not at all, with all its runs.

    With all folds asked for at once there is one look at the result, so a claim is paid for once.
    Raises `UserError` where nobody could tell whether its runs are alive.
    """
    making.check_line(ws)
    ws.staging.mkdir(parents=True, exist_ok=True)
    locks.check(ws.staging)
    devices.locks_folder()  # refused before anything is queued
    study_id = making.new_id(time.time())
    config = arms[0].config
    study = Study(
        id=study_id,
        kind=kind,
        dataset_id=config.dataset_id,
        dataset_version=config.dataset_version,
        arms=tuple(replace(arm, config=replace(arm.config, study=study_id)) for arm in arms),
        created_at=time.time(),
        cloned_from=cloned_from,
    )
    trash.with_room(ws.studies / "new", lambda: _create(ws, study, folds))
    runs.call_worker(ws)
    return study_id


def _create(ws: Workspace, study: Study, folds: int) -> None:
    staged = StudyFolder(ws.staging / "studies" / study.id)
    staged.runs.mkdir(parents=True)
    folds = folds if study.uses_folds else 1
    planned = 1 if folds == NUM_FOLDS or not study.uses_folds else 2
    files.write_record(staged.record, study)
    files.write_record(staged.asked, StudyAsked(folds=folds, planned=planned))
    for run_id, arm, fold in parts(ws, study, folds):
        making.fill(RunFolder(staged.runs / run_id), replace(arm.config, fold=fold))
    ws.studies.mkdir(parents=True, exist_ok=True)
    ws.runs.mkdir(parents=True, exist_ok=True)
    os.rename(staged.path, ws.study(study.id).path)
    files.sync_folder(ws.studies)
    audit.log(ws, ActKind.STUDY, study.id)


def parts(ws: Workspace, study: Study, folds: int) -> list[tuple[str, Arm, int]]:
    """Give the runs of a study in the order in which they train: id, arm and fold of each."""
    folder = ws.study(study.id)
    return [
        (folder.run_id(index, fold), arm, fold)
        for fold in range(folds)
        for index, arm in enumerate(study.arms)
    ]


def ids(ws: Workspace) -> list[str]:
    """Give all study ids, oldest first."""
    return sorted(path.parent.name for path in ws.studies.glob("*/study.json"))


def all_studies(ws: Workspace) -> list[Study]:
    """Read every study, newest first."""
    found = []
    for study_id in reversed(ids(ws)):
        with contextlib.suppress(FileNotFoundError, UserError):  # deleted meanwhile
            found.append(get(ws, study_id))
    return found


def get(ws: Workspace, study_id: str) -> Study:
    """Read a study. Raises `UserError` where there is none."""
    path = ws.study(study_id).record
    if path.exists():
        return files.read_record(path, Study)
    num = len(ids(ws))
    raise UserError(
        say("There is no study called '{study}'.", study=study_id),
        expected=nsay(
            "This workspace has {num} study.", "This workspace has {num} studies.", num=num
        ),
        mend=trash.way_back(ws, trash.TrashKind.STUDY, study_id)
        or say("Choose one from the Runs page."),
    )


def asked(ws: Workspace, study_id: str) -> StudyAsked:
    """Read how many folds of a study were asked for."""
    return files.read_record(ws.study(study_id).asked, StudyAsked)


def name(ws: Workspace, study_id: str) -> str:
    """Read the name that the user gave; empty where none was given."""
    path = ws.study(study_id).name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def rename(ws: Workspace, study_id: str, given: str) -> None:
    """Give a study a name; an empty one takes the name away."""
    get(ws, study_id)
    files.write_text(ws.study(study_id).name, given_names.shortened(given))


def state(ws: Workspace, study: Study) -> State:
    """Tell where a study stands: what its runs say together."""
    there, wanted = existing(ws, study), parts(ws, study, asked(ws, study.id).folds)
    found = {runs.state_of(ws, run_id).state for run_id, _, _ in there}
    found |= {State.FAILED} if len(there) < len(wanted) else set()  # a folder is gone
    if State.RUNNING in found or (State.QUEUED in found and State.DONE in found):
        return State.RUNNING
    order = (State.QUEUED, State.STOPPED, State.FAILED)
    return next((one for one in order if one in found), State.DONE)


def existing(ws: Workspace, study: Study) -> list[tuple[str, Arm, int]]:
    """Give the runs of the folds that were asked for."""
    wanted = parts(ws, study, asked(ws, study.id).folds)
    return [part for part in wanted if ws.run(part[0]).state.exists()]


def go_on(ws: Workspace, study_id: str, folds: int = NUM_FOLDS) -> None:
    """Ask for more folds after a look at those that are there: a second look, and paid for so."""
    study, before = get(ws, study_id), asked(ws, study_id)
    if not study.uses_folds or folds <= before.folds:
        return
    making.check_line(ws, study_id)
    _make_missing(ws, study, folds)
    _count_look(ws, study_id, folds, before)
    resume(ws, study_id)


def _make_missing(ws: Workspace, study: Study, folds: int) -> None:
    """Queue the runs of so many folds that are not there: not yet, or no more."""
    for run_id, arm, fold in parts(ws, study, folds):
        if not ws.run(run_id).state.exists():
            staged = ws.staged_runs / run_id
            making.fill(RunFolder(staged), replace(arm.config, fold=fold))
            shutil.rmtree(ws.run(run_id).path, ignore_errors=True)  # what is left of it
            os.rename(staged, ws.run(run_id).path)


def _count_look(ws: Workspace, study_id: str, folds: int, before: StudyAsked) -> None:
    """Write down that one goes on, to so many folds, after a look at what is there."""
    looks = before.looks + 1
    planned = max(before.planned, looks + (folds < NUM_FOLDS))
    asked_now = StudyAsked(folds=folds, looks=looks, planned=planned)
    files.write_record(ws.study(study_id).asked, asked_now)


def stop(ws: Workspace, study_id: str) -> None:
    """Ask the runs of a study to end, the last one first; what was judged stays.

    It may be looked at then, and go on: a claim is paid for one look more.
    """
    study, before = get(ws, study_id), asked(ws, study_id)
    if state(ws, study) in ACTIVE and _tells(ws, study, State.DONE, State.RUNNING):
        planned = max(before.planned, before.looks + 1)
        files.write_record(ws.study(study_id).asked, replace(before, planned=planned))
    for run_id, _, _ in reversed(existing(ws, study)):
        runs.request_stop(ws, run_id)


def _tells(ws: Workspace, study: Study, *those: State) -> bool:
    """Tell whether runs of two arms or more stand so: then there is something to compare."""
    arms = {p[1].name for p in existing(ws, study) if runs.state_of(ws, p[0]).state in those}
    return len(arms) > 1


def failed_partly(ws: Workspace, study: Study) -> bool:
    """Tell whether an arm failed on some folds and was judged on others: a look, if it goes on."""
    found: dict[str, set[State]] = {}
    for run_id, arm, _ in existing(ws, study):
        found.setdefault(arm.name, set()).add(runs.state_of(ws, run_id).state)
    return any({State.DONE, State.FAILED} <= states for states in found.values())


def resume(ws: Workspace, study_id: str) -> None:
    """Put the runs that were stopped or have failed on the queue again."""
    making.check_line(ws, study_id)
    study, before = get(ws, study_id), asked(ws, study_id)
    can_tell = state(ws, study) is State.STOPPED or failed_partly(ws, study)
    if can_tell and _tells(ws, study, State.DONE):
        _count_look(ws, study_id, before.folds, before)
    _make_missing(ws, study, before.folds)
    for run_id, _, _ in existing(ws, study):
        if runs.state_of(ws, run_id).state in (State.STOPPED, State.FAILED):
            ws.run(run_id).stop.unlink(missing_ok=True)
            runs.set_state(ws, run_id, State.QUEUED, attempt=0, halved=False, given_up=False)
    runs.call_worker(ws)


def delete(ws: Workspace, study_id: str) -> None:
    """Put a study with its runs into the trash. Raises `UserError` where one of them trains."""
    study = get(ws, study_id)
    for run_id, _, _ in existing(ws, study):
        running = runs.state_of(ws, run_id).state is State.RUNNING
        if running or locks.is_held(ws.run(run_id).lock):
            raise UserError(
                say("The study '{study}' is still at work.", study=study_id),
                expected=say("Only a study that has ended can be deleted."),
                mend=say("Stop it first."),
            )
    trash.put(ws, trash.TrashKind.STUDY, study_id)
    audit.log(ws, ActKind.DELETE, study_id)


def restore(ws: Workspace, study_id: str) -> None:
    """Take a study out of the trash, as it was; runs that waited in the queue wait again."""
    trash.restore(ws, trash.find(ws, study_id))
    audit.log(ws, ActKind.RESTORE, study_id)
    runs.call_worker(ws)
