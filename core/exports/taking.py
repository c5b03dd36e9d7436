"""Write a file that takes a model away, where the user wants it; or say why it stays."""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from core import files
from core.errors import UserError
from core.exports.formats import format_of
from core.models.catalog import CLASSIFIERS
from core.records import Export, ModelCard
from core.runs import inference
from core.words import say
from core.workspace import RunFolder, Workspace


def export(ws: Workspace, run_id: str, *, format: str, out: Path) -> Export:
    """Write a finished run's model to ``out``, whole or not at all.

    Raises `UserError` for an unknown format, a run without a model or with one that stays here,
    or a place that cannot be written.
    """
    format_of(format)
    check_exported(ws, run_id)
    return _place(format, out, lambda part: WRITERS[format](ws.run(run_id), part))


def copy(made: Export, out: Path) -> Export:
    """Write an export that was made and tried to ``out``, whole or not at all.

    Raises `UserError` where it cannot be written.
    """
    done = _place(made.format, out, lambda part: shutil.copyfile(made.path, part))
    return replace(done, parity=made.parity, parts=made.parts, rule=made.rule)


def check_place(out: Path) -> None:
    """Refuse a place where no file can be written. Raises `UserError`."""
    if not out.parent.is_dir() or out.is_dir():
        raise UserError(
            say("'{path}' cannot be written as a file.", path=str(out)),
            expected=say("A file name in a folder that exists."),
            mend=say("Make the folder first, or choose another name."),
        )


def _place(format: str, out: Path, write: Callable[[Path], object]) -> Export:
    check_place(out)
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        write(part)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return Export(
        format=format, path=str(out), num_bytes=out.stat().st_size, sha256=files.sha256(out)
    )


def why_not(card: ModelCard) -> UserError | None:
    """Say why a model is not taken away; None: it may be."""
    entry = CLASSIFIERS[card.config.classifier]
    if entry.is_exported:
        return None
    return UserError(
        say("A model of the classifier '{name}' cannot be exported.", name=entry.name),
        expected=say("It holds the features of every training image, and works inside Thaw only."),
        mend=say("Train with the classifier 'linear' or 'class-mean' to take a model away."),
    )


def check_exported(ws: Workspace, run_id: str) -> None:
    """Refuse a run without a model, or with one that stays here. Raises `UserError`."""
    inference.check_finished(ws, run_id)
    if refused := why_not(files.read_record(ws.run(run_id).card, ModelCard)):
        raise refused


def kept(ws: Workspace, run_id: str, format: str) -> Path:
    """Give an export that is not tried, made on first use and kept in the run folder."""
    suffix = format_of(format).suffix
    path = ws.run(run_id).exports / format / f"thaw-{run_id}{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        export(ws, run_id, format=format, out=path)
    return path


def _write_keras(folder: RunFolder, out: Path) -> None:
    shutil.copyfile(folder.model, out)


WRITERS: Mapping[str, Callable[[RunFolder, Path], None]] = {  # of each entry that is not tried
    "keras": _write_keras,
}
