"""The exports of a run: made and tried, kept in its folder whole or not at all, listed, deleted."""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from core import files
from core.classroom import slots
from core.classroom.slots import Slot
from core.errors import UserError
from core.exports import environments, kit, room, taking
from core.exports.formats import EXPORT_FORMATS, RULE, format_of
from core.exports.proving import gate, trial
from core.exports.proving.trial import TrialImages
from core.records import Export, ModelCard, Parity
from core.records.choices import ExportFormat
from core.records.requests import ConvertModel
from core.run_results import prototypes
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.words import Message, say
from core.workspace import RunFolder, Workspace

Tell = Callable[[Message], None]
_RECORD = "export.json"
_FOLDER = ".zip"  # instead of the suffix: the same as several files
_ABANDONED = 3600.0  # seconds after which a part that nobody finished is swept


def make(ws: Workspace, run_id: str, format: str, engine: Engine, tell: Tell) -> Export:
    """Convert a finished run's model and try it; give what is kept where it was made before.

    Raises `UserError` where something is not installed, or the gate refuses the model.
    """
    entry = format_of(format)
    taking.check_exported(ws, run_id)
    if (found := find(ws, run_id, entry.name)) is not None:
        return found
    environments.check_installed(entry)
    with placed(ws.run(run_id), entry.name) as part:
        made = _write(ws, ws.run(run_id), entry, part, engine, tell)
    return replace(made, path=str(ws.run(run_id).exports / entry.name / made.path))


@contextmanager
def placed(run: RunFolder, name: str) -> Iterator[Path]:
    """Give a folder to write an export into; it takes its place whole, or nothing does.

    Raises `UserError` where the model has changed meanwhile.
    """
    run.exports.mkdir(exist_ok=True)
    _sweep(run.exports)
    part = run.exports / f".{name}.{secrets.token_hex(4)}.part"
    part.mkdir()
    began = run.model.stat().st_mtime_ns
    try:
        yield part
        if run.model.stat().st_mtime_ns != began:
            raise _trained_on(run.path.name)
        _put(part, run.exports / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(
    ws: Workspace, run: RunFolder, entry: ExportFormat, part: Path, engine: Engine, tell: Tell
) -> Export:
    """Write the file of an export and its record into a folder."""
    card, folder = files.read_record(run.card, ModelCard), part / "kit"
    folder.mkdir()
    chosen = trial.choose_images(ws, card, part / "sample")
    title = say(entry.title)
    tell(say("{format}: the model is converted…", format=title))
    _convert(ws, run, entry, folder, chosen)
    kit.write_kit(run, entry, folder)
    tell(say("{format}: it is tried where neither Thaw nor its libraries are…", format=title))
    parity = gate.try_out(entry, folder, card, chosen, engine)
    out = part / f"thaw-{card.run_id}{entry.suffix}"
    kit.write_model(entry, folder, out)
    if entry.folder:
        kit.write_folder(entry, folder, out.with_suffix(_FOLDER))
    made = note(part, entry, out, parity)
    shutil.rmtree(folder)
    shutil.rmtree(part / "sample", ignore_errors=True)
    return made


def note(
    part: Path, entry: ExportFormat, out: Path, parity: Parity, parts: tuple[Export, ...] = ()
) -> Export:
    """Write the record of an export beside its file."""
    made = Export(
        format=entry.name,
        path=out.name,
        num_bytes=out.stat().st_size,
        sha256=files.sha256(out),
        parity=parity,
        parts=parts,
        rule=RULE,
    )
    files.write_record(part / _RECORD, made)
    return made


def _convert(
    ws: Workspace, run: RunFolder, entry: ExportFormat, folder: Path, chosen: TrialImages
) -> None:
    """Have the model written by a process of its own, which converters may change as they like."""
    needed = [name for name in entry.needs if environments.ENVIRONMENTS[name].is_converter]
    request = ConvertModel(
        run_id=run.path.name,
        format=entry.name,
        folder=str(folder),
        images=tuple(map(str, chosen.images)),
        calibration=tuple(map(str, chosen.calibration)),
        packages=str(environments.folder_of(needed[0])) if needed else "",
        features=prototypes.read(run) is not None,
    )
    with (
        slots.taken(ws, Slot.CONVERSION),
        closing(EngineProcess("export", ws)) as process,
    ):
        try:
            process.ask(request)
        except UserError:
            room.check_left(folder)
            raise
    if entry.file == run.model.name:
        shutil.copyfile(run.model, folder / entry.file)


def _put(part: Path, final: Path) -> None:
    """Put an export in place of an older one; where another process was quicker, theirs stays."""
    shutil.rmtree(final, ignore_errors=True)
    try:
        part.rename(final)
    except OSError:
        if not (final / _RECORD).exists():
            raise


def _trained_on(run_id: str) -> UserError:
    return UserError(
        say("The model of the run '{run}' changed while it was exported.", run=run_id),
        expected=say("What is given away is the model that was tried."),
        mend=say("Make the export again."),
    )


def _sweep(exports: Path) -> None:
    """Remove what processes left that were killed, and files that earlier versions kept here."""
    for left in exports.glob(".*.part"):
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
    for file in exports.glob("thaw-*"):
        file.unlink(missing_ok=True)


def find(ws: Workspace, run_id: str, format: str) -> Export | None:
    """Give an export that was made of the run as it is now, and tried as it would be now.

    None where there is none.
    """
    run, entry = ws.run(run_id), format_of(format)
    record = run.exports / entry.name / _RECORD
    try:
        made = files.read_record(record, Export)
        path = record.parent / Path(made.path).name
        is_new = made.rule == RULE and record.stat().st_mtime_ns >= _changed(run, entry)
    except (OSError, UserError):
        return None
    return replace(made, path=str(path)) if is_new and path.is_file() else None


def _changed(run: RunFolder, entry: ExportFormat) -> int:
    """Tell when last changed what an export says: of a bundle, what was found out since counts."""
    told = (run.name, run.test, run.unknown, run.junk_test, run.evaluation) if entry.gathers else ()
    times = [path.stat().st_mtime_ns for path in told if path.exists()]
    return max([run.model.stat().st_mtime_ns, *times])


def file_of(ws: Workspace, run_id: str, format: str, *, as_folder: bool = False) -> Path:
    """Give the file of an export to send. Raises `UserError` where one must be tried before.

    ``as_folder``: the ZIP of several files, where the format has one.
    """
    entry = format_of(format)
    if not entry.is_proved:
        return taking.kept(ws, run_id, entry.name)
    made = find(ws, run_id, entry.name)
    if made is None:
        raise UserError(
            say("The format '{format}' was not made of this run yet.", format=format),
            expected=say("An exported model is tried before it is given away."),
            mend=say("Press 'Make and try it' beside the format."),
        )
    return zip_of(made) if as_folder and entry.folder else Path(made.path)


def zip_of(made: Export) -> Path:
    """Give the ZIP with the same model as several files."""
    return Path(made.path).with_suffix(_FOLDER)


def listed(ws: Workspace, run_id: str) -> tuple[Export, ...]:
    """Give the exports of a run that were tried, in the order of the formats."""
    found = (find(ws, run_id, name) for name in EXPORT_FORMATS)
    return tuple(one for one in found if one is not None)


def delete(ws: Workspace, run_id: str, format: str) -> None:
    """Delete an export; it can be made again. Raises `UserError` for an unknown format."""
    shutil.rmtree(ws.run(run_id).exports / format_of(format).name, ignore_errors=True)
