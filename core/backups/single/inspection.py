"""Look through the ZIP of a run, and write what is sound of it anew: nothing of it is run.

``python -m core.backups.single.inspection FILE FOLDER``, in a process with little memory and time.
"""

import json
import os
import re
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import files, given_names
from core.backbones import archive as model_archive, inspection
from core.backups import checking, refusals
from core.backups.manifest import KeptFile, Manifest
from core.backups.single import arrays, kept, records
from core.errors import UserError
from core.models import limits
from core.records import ModelCard, RunState, State, TrainConfig
from core.run_folder import RunFolder
from core.words import say

MOST_CLASSES = 10_000
RUN, GIVEN = "run", "given"  # folders: what is sound, and what it was taken from
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")  # of a backbone, of a block
_ENDED = (State.DONE, State.STOPPED)
_METADATA = {"keras_version": "3", "date_saved": ""}


def inspect(path: Path, folder: Path) -> None:
    """Take a run apart into a folder and put it together anew. Raises `UserError`."""
    given, made = folder / GIVEN, RunFolder(folder / RUN)
    for one in (given, made.path):
        one.mkdir(parents=True)
    with checking.opened(path) as (archive, manifest):
        for file in _listed(manifest):
            _take_out(archive, file, given)
    card = _records(given, made)
    for name in kept.ARRAYS:
        if (given / name).exists():
            arrays.check(given / name)
            os.rename(given / name, made.path / name)
    arrays.check_folder(made, len(card.labels))
    _model(given, made)


def _listed(manifest: Manifest) -> tuple[KeptFile, ...]:
    """Give the files of one run and nothing else. Raises `UserError`."""
    if not manifest.run:
        raise refusals.whole_workspace()
    names = [file.name.removeprefix(f"runs/{manifest.run}/") for file in manifest.files]
    if odd := [name for name in names if name not in kept.FILES]:
        raise refusals.odd_run(say("'{name}' does not belong into one", name=odd[0][:80]))
    if missing := sorted(kept.NEEDED - set(names)):
        raise refusals.odd_run(say("'{name}' is missing", name=missing[0]))
    for name, file in zip(names, manifest.files, strict=True):
        if file.same_as or file.size > kept.MOST_BYTES[name]:
            raise refusals.odd_run(say("'{name}' is too large", name=name))
    if manifest.folders or not _ID.fullmatch(manifest.run):
        raise refusals.odd_run(say("its list is damaged"))
    return manifest.files


def _take_out(archive: zipfile.ZipFile, file: KeptFile, given: Path) -> None:
    """Copy a file out; its hash is compared. Raises `UserError`."""
    with (given / file.name.rpartition("/")[2]).open("xb") as out:
        for data in checking.read(archive, file):
            out.write(data)


def _records(given: Path, made: RunFolder) -> ModelCard:
    """Write all records and lines anew, of what is known of them alone. Raises `UserError`."""
    found: dict[str, Any] = {}
    for name, kind in kept.RECORDS.items():
        if (given / name).exists():
            found[name] = records.read((given / name).read_bytes(), (kind,), name)
    card = _checked(found[kept.CARD], found[kept.CONFIG])
    found[kept.STATE] = _ended(found[kept.STATE])
    for name, record in found.items():
        files.write_record(made.path / name, record)
    for name, kinds in kept.LINES.items():
        if (given / name).exists():
            lines = (given / name).read_bytes().split(b"\n")[:-1]
            rows = (records.read(line, kinds, name) for line in lines)
            files.write_records(made.path / name, rows)
    if (given / kept.NAME).exists():
        called = (given / kept.NAME).read_text(encoding="utf-8", errors="replace")
        files.write_text(made.name, given_names.shortened(called))
    return card


def _checked(card: ModelCard, config: TrainConfig) -> ModelCard:
    """Give the card of a run that fits what was asked for. Raises `UserError`."""
    ids = (config.dataset_id, *filter(None, (config.cloned_from, config.refit_of)))
    sound = all(map(_ID.fullmatch, ids))
    sound = sound and all(map(_NAME.fullmatch, (config.backbone, config.freeze)))
    if not sound or config.study or not config.keeps_model or config.dataset_version < 0:
        raise refusals.odd_run(say("it does not say what it learned from"))
    labels = card.labels
    if card.config != config or not 2 <= len(labels) <= MOST_CLASSES:
        raise refusals.odd_run(say("its card is that of another run"))
    if len(set(labels)) < len(labels) or not all(labels):
        raise refusals.odd_run(say("two of its classes have one name"))
    return card


def _ended(state: RunState) -> RunState:
    """Give where the run stands, without the sentences of whoever made the file."""
    if state.state not in _ENDED:
        raise refusals.odd_run(say("it has not ended"))
    return replace(state, error=None, attempt=0)


def _model(given: Path, made: RunFolder) -> None:
    """Write the model anew, of what the inspection of a user's model lets through."""
    apart = given / "apart"
    inspection.inspect(given / kept.MODEL, apart)
    with zipfile.ZipFile(made.model, "x", zipfile.ZIP_STORED) as packed:
        packed.writestr(model_archive.METADATA, json.dumps(_METADATA))
        packed.write(apart / model_archive.CONFIG, model_archive.CONFIG)
        packed.write(apart / model_archive.WEIGHTS, model_archive.WEIGHTS)


def main(arguments: list[str]) -> int:
    """Inspect, and print why a file is refused."""
    path, folder = map(Path, arguments)
    limits.memory(inspection.MEMORY)
    limits.processor_time(inspection.SECONDS)
    try:
        inspect(path, folder)
    except UserError as error:
        print(files.encode(error.problem))
        return inspection.REFUSED
    except MemoryError:
        return inspection.TOO_HUNGRY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
