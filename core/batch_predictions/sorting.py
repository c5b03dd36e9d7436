"""A ZIP of the images of a batch, in a folder for each predicted class, written file by file."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from core import files, locks, names, natural
from core.batch_predictions import store
from core.batch_predictions.folder import BatchFolder, folder_of
from core.batch_predictions.source import opened
from core.errors import UserError
from core.ingest import progress
from core.ingest.archives.sources import Source, SourceFile
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.records.choices import REGRESSION, TASKS, check_classes
from core.words import say
from core.workspace import Workspace

UNREADABLE = "_unreadable"  # the folder of what no model could look at
UNKNOWN = "_unknown"  # of what is not like anything it learned, whatever class is nearest
_WRONG = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # in names, on one system or another
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 100  # characters of one part of a path
_EVERY = 50  # files between two words on how far it is


def request(ws: Workspace, batch_id: str) -> None:
    """Have the ZIP of a batch written in a process of its own."""
    folder = folder_of(ws, batch_id)
    if store.get(ws, batch_id).request.target is not None:
        check_classes(TASKS[REGRESSION], say("a ZIP sorted by class"))
    total = store.get(ws, batch_id).state.done
    files.write_record(folder.sorting, BatchState(stage=BatchStage.WAITING, total=total))
    store.start(ws, batch_id, "sort")


def state(ws: Workspace, batch_id: str) -> BatchState | None:
    """Tell how the ZIP of a batch stands; None: it was not asked for, or its process died."""
    folder = folder_of(ws, batch_id)
    if not folder.sorting.exists():
        return None
    found = files.read_record(folder.sorting, BatchState)
    if found.stage in store.ACTIVE and store.is_left(folder, folder.sorting):
        return None
    return found


def write(ws: Workspace, batch_id: str) -> None:
    """Write the ZIP, whole or not at all; how it stands is in its state."""
    folder = folder_of(ws, batch_id)
    asked = files.read_record(folder.request, BatchRequest)
    with locks.hold(folder.lock, patience=progress.LOOKED_AT):
        told = BatchState(stage=BatchStage.RUNNING)
        try:
            with opened(folder, asked) as source:
                told = _write(folder, source, files.read_records(folder.rows, BatchRow))
        except UserError as error:
            told = replace(told, stage=BatchStage.FAILED, error=error.problem)
        except OSError as error:
            told = replace(told, stage=BatchStage.FAILED, error=progress.system(error).problem)
        files.write_record(folder.sorting, told)


def _write(folder: BatchFolder, source: Source, rows: Sequence[BatchRow]) -> BatchState:
    """Write the ZIP beside, and put it in place when it is whole."""
    entries = {entry.file: entry for entry in source.entries}
    told = BatchState(stage=BatchStage.RUNNING, total=len(rows))
    part = folder.sorted.with_suffix(".part")  # one that a kill left is written over
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:  # images hardly shrink
            for done, (name, entry) in enumerate(_placed(rows, entries), start=1):
                data = _read(source, entry)
                if data is None:
                    told = replace(told, num_others=told.num_others + 1)
                else:
                    packed.writestr(name, data)
                if done % _EVERY == 1:
                    files.write_record(folder.sorting, replace(told, done=done))
        part.replace(folder.sorted)
    finally:
        part.unlink(missing_ok=True)
    return replace(told, stage=BatchStage.DONE, done=len(rows))


def _read(source: Source, entry: SourceFile | None) -> bytes | None:
    """Read a file; None where it is gone, or cannot be read."""
    with suppress(UserError):
        return source.read(entry) if entry is not None else None
    return None


def _placed(
    rows: Sequence[BatchRow], entries: Mapping[str, SourceFile]
) -> Iterator[tuple[str, SourceFile | None]]:
    """Give each file its place in the ZIP; none for one that is gone, or may not be read."""
    if rows and not any(row.answer.file in entries for row in rows):
        raise _gone()
    folders = folder_names(sorted({r.answer.label for r in rows}, key=natural.sort_key))
    taken = set[str]()
    for row in rows:
        answer = row.answer
        top = UNKNOWN if answer.unknown else folders[answer.label]
        top = UNREADABLE if answer.problem else top
        name = _untaken("/".join((top, *map(safe_name, answer.file.split("/")))), taken)
        taken.add(name.casefold())
        yield name, entries.get(answer.file)


def folder_names(labels: Sequence[str]) -> dict[str, str]:
    """Give each class the name of a folder that every system takes, all of them different."""
    found, taken = dict[str, str](), {UNREADABLE, UNKNOWN}
    for label in labels:
        name = _untaken(safe_name(label), taken)
        taken.add(name.casefold())
        found[label] = name
    return found


def safe_name(text: str) -> str:
    """Make a name that every system takes, and that leads nowhere else."""
    name = _WRONG.sub("_", names.clean(text)).strip(". ")
    if len(name) > _LONGEST:
        stem, dot, suffix = name.rpartition(".")
        ending = f"{dot}{suffix}" if dot and len(suffix) <= 5 else ""
        name = (stem if ending else name)[: _LONGEST - len(ending)] + ending
    return f"_{name}" if not name or _DEVICES.fullmatch(name) else name


def _untaken(name: str, taken: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    tried, number = name, 1
    while tried.casefold() in taken:
        number += 1
        is_suffix = dot and "/" not in suffix
        tried = f"{stem} ({number}).{suffix}" if is_suffix else f"{name} ({number})"
    return tried


def _gone() -> UserError:
    return UserError(
        say("The images are not where they were any more."),
        expected=say("The folder or archive that was looked through."),
        mend=say("Put it back, then try again."),
    )
