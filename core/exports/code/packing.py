"""The code of a finished run with what it needs beside it: one ZIP, or files in a folder."""

import os
import secrets
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from core import files, spreadsheets
from core.errors import UserError
from core.exports import taking
from core.exports.code import reading, writing
from core.exports.code.trained_run import TrainedRun
from core.models import weights
from core.records import Export
from core.records.choices import Entry
from core.words import mark, say
from core.workspace import Workspace

FORMATS: Mapping[str, Entry] = {
    "code": Entry(
        name="code",
        title=mark("Code of this run"),
        sentence=mark("The training of this run as a script in plain Keras, with its split."),
    ),
    "notebook": Entry(
        name="notebook",
        title=mark("Notebook"),
        sentence=mark("The same as a Jupyter notebook."),
    ),
}
NAMES: Mapping[str, str] = {"code": "train.py", "notebook": "train.ipynb"}


def text(run: TrainedRun, format: str) -> str:
    """Write the script or the notebook."""
    return writing.script_text(run) if format == "code" else writing.notebook_text(run)


def zipped(ws: Workspace, run_id: str) -> bytes:
    """Give one ZIP with the script, the notebook and what they need."""
    run, made = reading.trained_run(ws, run_id), BytesIO()
    texts = {name: text(run, format).encode() for format, name in NAMES.items()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**texts, **beside(run)}.items():
            archive.writestr(name, data)
    return made.getvalue()


def export(ws: Workspace, run_id: str, *, format: str, out: Path) -> Export:
    """Write the code of a run: a ``.zip`` with all of it, or one text with its files beside it.

    Raises `UserError` where it cannot be written, or where other files of these names lie.
    """
    taking.check_place(out)
    if out.suffix.lower() == ".zip":
        data = zipped(ws, run_id)
    else:
        run = reading.trained_run(ws, run_id)
        _write_beside(out.parent, beside(run))
        data = text(run, format).encode()
    _write(out, data)
    return Export(
        format=format, path=str(out), num_bytes=out.stat().st_size, sha256=files.sha256(out)
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _write_beside(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write what the code reads, over nothing that is another's. Raises `UserError`."""
    for name, data in contents.items():
        if (folder / name).exists() and (folder / name).read_bytes() != data:
            raise UserError(
                say("There is another {name} in '{folder}'.", name=name, folder=str(folder)),
                expected=say("The code reads the file of its own run under that name."),
                mend=say("Choose a folder of its own, or a name that ends in .zip."),
            )
        _write(folder / name, data)


def beside(run: TrainedRun) -> Mapping[str, bytes]:
    """Give the files that the code reads. Raises `UserError` where the weights are missing."""
    helpers = {k: v.encode() for k, v in writing.scripts(run).items() if k != writing.SCRIPT}
    found = helpers | {"split.csv": _split(run).encode("utf-8", "replace")}
    if not run.is_number:
        found["labels.txt"] = "".join(f"{label}\n" for label in run.card.labels).encode()
    if run.teacher is not None:
        found[writing.TEACHER] = run.teacher.model.read_bytes()
    if run.comes_with_weights:
        path = weights.locate(run.backbone, run.config.image_size)
        if path is None or run.card.weights_file not in ("", path.name):
            raise weights.missing(run.backbone, run.config.image_size)
        found["weights.h5"] = path.read_bytes()
    return found


def _split(run: TrainedRun) -> str:
    """List the images under the names they came with: those that learned, judged, and the test."""
    grouped = any(image.group for image in run.images)
    told = "number" if run.is_number else "label"
    head = ["file", told, "part", *(["group"] if grouped else [])]
    rows = (
        [
            _path(image.file),
            image.number if run.is_number else image.label,
            image.split.value,
            *([image.group] if grouped else []),
        ]
        for image in run.images
    )
    return spreadsheets.csv_text([head, *rows])


def _path(name: str) -> str:
    """Give a name that no spreadsheet takes for a formula and that is still a path."""
    return f"./{name}" if spreadsheets.is_formula(name) else name
