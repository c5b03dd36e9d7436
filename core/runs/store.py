"""The run store: one folder per run, one writer per file."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import replace

from core import files, given_names, locks, run_folder, trash
from core.classroom import audit
from core.errors import Problem, UserError
from core.records import (
    EpochMetrics,
    ModelCard,
    Progress,
    Run,
    RunState,
    State,
    TestScore,
    TrainConfig,
)
from core.records.classroom import ActKind
from core.run_results import headline
from core.words import Message, nsay, say
from core.workspace import RunFolder, Workspace

RESERVE = 64 * 1024  # bytes
STATE_WORDS: Mapping[State, Message] = {
    State.QUEUED: say("queued"),
    State.RUNNING: say("running"),
    State.DONE: say("done"),
    State.STOPPED: say("stopped"),
    State.FAILED: say("failed"),
}


def get(ws: Workspace, run_id: str) -> Run:
    """Read a run back from its folder, or say that there is none."""
    folder = _existing(ws, run_id)
    card = files.read_record(folder.card, ModelCard) if folder.card.exists() else None
    return Run(
        id=run_id,
        config=files.read_record(folder.config, TrainConfig),
        state=state_of(ws, run_id),
        name=folder.name.read_text(encoding="utf-8") if folder.name.exists() else "",
        progress=files.read_record(folder.progress, Progress) if folder.progress.exists() else None,
        epochs=epochs(ws, run_id),
        card=card,
        score=headline.of(folder, card),
    )


def _existing(ws: Workspace, run_id: str) -> RunFolder:
    folder = ws.run(run_id)
    if not folder.state.exists():
        raise UserError(
            say("There is no run called '{run}'.", run=run_id),
            expected=nsay(
                "This workspace has {num} run.",
                "This workspace has {num} runs.",
                num=len(ids(ws)),
            ),
            mend=trash.way_back(ws, trash.TrashKind.RUN, run_id)
            or say("Choose one from the Runs page."),
        )
    return folder


def rename(ws: Workspace, run_id: str, name: str) -> None:
    """Give a run a name; an empty one takes the name away."""
    get(ws, run_id)
    files.write_text(ws.run(run_id).name, given_names.shortened(name))


def star(ws: Workspace, run_id: str, starred: bool) -> None:
    """Mark a run with a star, or take the star away."""
    mark = _existing(ws, run_id).star
    mark.touch() if starred else mark.unlink(missing_ok=True)


def epochs(ws: Workspace, run_id: str) -> tuple[EpochMetrics, ...]:
    """Read the lines of whole epochs; the many of batches are not even parsed."""
    path = ws.run(run_id).metrics
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    rows = (files.parse_row(line) for line in lines if b'"val_loss"' in line)
    return tuple(files.build(EpochMetrics, row) for row in rows if row and "val_loss" in row)


def log(ws: Workspace, run_id: str) -> tuple[Message, ...]:
    """Read what a run said as it went, oldest first."""
    return files.read_records(ws.run(run_id).log, Message)


def test_score(ws: Workspace, run_id: str) -> TestScore | None:
    """Read what the run's model scored on the test part, if that was opened for it."""
    path = ws.run(run_id).test
    return files.read_record(path, TestScore) if path.exists() else None


def ids(ws: Workspace) -> list[str]:
    """Give all run ids, oldest first."""
    return sorted(path.parent.name for path in ws.runs.glob("*/state.json"))


def all_runs(ws: Workspace) -> list[Run]:
    """Read every run, newest first."""
    found = []
    for run_id in reversed(ids(ws)):
        with contextlib.suppress(FileNotFoundError, UserError):  # deleted meanwhile
            found.append(get(ws, run_id))
    return found


def state_of(ws: Workspace, run_id: str) -> RunState:
    """Read only where a run stands; where that is damaged, its model tells, and others go on."""
    folder = ws.run(run_id)
    try:
        return files.read_record(folder.state, RunState)
    except UserError as damage:
        changed_at = folder.state.stat().st_mtime
        if folder.card.exists():
            return RunState(state=State.DONE, changed_at=changed_at)
        return RunState(state=State.FAILED, changed_at=changed_at, error=damage.problem)


def states(ws: Workspace) -> dict[str, RunState]:
    """Read where each run stands, oldest first and those of studies last; deleted ones are left."""
    found = {}
    for run_id in [*ids(ws), *ids_in_studies(ws)]:
        with contextlib.suppress(FileNotFoundError):
            found[run_id] = state_of(ws, run_id)
    return found


def ids_in_studies(ws: Workspace) -> list[str]:
    """Give the ids of all runs that are parts of studies; no list has them.

    The oldest study comes first, and in it fold after fold.
    """
    found = [path.parent.name for path in ws.studies.glob("*/runs/*/state.json")]
    return sorted(found, key=run_folder.place)


def set_state(
    ws: Workspace, run_id: str, state: State, *, error: Problem | None = None, **changes: object
) -> None:
    """Write where a run stands, also on a full disk; ``changes`` are more fields of `RunState`."""
    folder, old = ws.run(run_id), state_of(ws, run_id)
    new = replace(old, state=state, changed_at=time.time(), error=error, **changes)  # type: ignore[arg-type]
    try:
        files.write_record(folder.state, new)
    except OSError as full:
        if full.errno not in files.FULL:
            raise
        folder.reserve.unlink(missing_ok=True)
        files.write_record(folder.state, new)


def has_checkpoint(ws: Workspace, run_id: str) -> bool:
    """Tell whether a run that is not over has finished an epoch."""
    return num_kept(ws, run_id) > 0


def num_kept(ws: Workspace, run_id: str) -> int:
    """Count the whole epochs in the last checkpoint of a run."""
    return max((int(p.stem) for p in ws.run(run_id).checkpoints.glob("*.npz")), default=0)


def delete(ws: Workspace, run_id: str, *, at: float | None = None) -> None:
    """Put a run into the trash, as of now or ``at``. Raises `UserError` where it trains."""
    folder = _existing(ws, run_id)
    if run_folder.OF_STUDY in run_id:
        raise _is_part(run_id)
    if state_of(ws, run_id).state is State.RUNNING or locks.is_held(folder.lock):
        raise UserError(
            say("The run '{run}' is still training.", run=run_id),
            expected=say("Only a run that has ended can be deleted."),
            mend=say("Stop it first."),
        )
    trash.put(ws, trash.TrashKind.RUN, run_id, at=at)
    audit.log(ws, ActKind.DELETE, run_id)


def _is_part(run_id: str) -> UserError:
    study = run_id.partition(run_folder.OF_STUDY)[0]
    return UserError(
        say("The run '{run}' is a part of a study.", run=run_id),
        expected=say("A study is deleted whole, so that what it says stays true."),
        mend=say("Delete the study: 'python -m core study delete {study}'.", study=study),
    )
