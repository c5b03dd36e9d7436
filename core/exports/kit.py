"""What goes with an exported model so that it predicts without Thaw: labels, rule, script.

A model of numbers has no labels: what it answers stands in ``model.json``, under ``target``.
"""

import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from core import files
from core.exports import environments, script
from core.exports.browser import page
from core.judging.numbers import answering, written
from core.records import ModelCard
from core.records.choices import ExportFormat
from core.workspace import RunFolder

ZIPPED: Mapping[str, tuple[str, ...]] = {
    "saved_model": ("saved_model",),
    "model.xml": ("model.xml", "model.bin"),
}


def write_kit(run: RunFolder, entry: ExportFormat, folder: Path, model: str = "") -> None:
    """Write all but the model into a folder: the script reads it from beside itself.

    ``model``: which the script opens; else the one that is there.
    """
    if entry.runtime == "browser":
        return page.write(run, environments.folder_of("browser"), folder)
    card = files.read_record(run.card, ModelCard)
    told = {**asdict(card), "model": model or entry.file}
    if card.target is not None:
        told["target"]["decimals"] = written.digits(card.target.deviation)
        told["target"]["known"] = answering.known_span(card.target)
    texts = {
        "model.json": json.dumps(told, indent=2, ensure_ascii=False),
        "predict.py": script.text(),
        "requirements.txt": "".join(f"{line}\n" for line in environments.requirements(entry)),
    }
    if card.labels:
        texts["labels.txt"] = "".join(f"{label}\n" for label in card.labels)
    for name, text in texts.items():
        files.write_text(folder / name, text)
    if run.unknown.exists():
        shutil.copyfile(run.unknown, folder / "unknown.npz")


def write_model(entry: ExportFormat, folder: Path, out: Path) -> None:
    """Make one file of the model in a folder: itself, or a ZIP where it is several."""
    if entry.file not in ZIPPED:
        shutil.copyfile(folder / entry.file, out)
        return
    _zip([folder / name for name in ZIPPED[entry.file]], folder, out)


def write_folder(entry: ExportFormat, folder: Path, out: Path) -> None:
    """Make a ZIP of the same model as several files."""
    _zip([folder / entry.folder], folder / entry.folder, out)


def _zip(paths: Iterable[Path], top: Path, out: Path) -> None:
    """Put files and folders into a ZIP, by their names below ``top``."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in (one for one in inside if one.is_file()):
                archive.write(file, file.relative_to(top).as_posix())
