"""A bundle of a run: its models, each tried before, with all that they are used by, in one ZIP."""

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core import files
from core.errors import UserError
from core.exports import environments, kit, store, taking
from core.exports.bundles import card, readme, run_facts, server_files
from core.exports.formats import BUNDLE, EXPORT_FORMATS, format_of
from core.exports.proving import answered, gate, trial
from core.exports.store import Tell
from core.images import pixels
from core.records import Export, ModelCard, Parity
from core.runs.inference import Engine
from core.words import LANGUAGES, enumeration, say
from core.workspace import RunFolder, Workspace

USUAL = ("keras", "litert", "onnx")  # where what they need is installed
# Of several models the script opens one: that of the smallest runtime that runs on most machines.
_RUNTIMES = ("onnx", "litert", "openvino", "tensorflow")
_PAGE = "browser"  # a format that opens by itself and goes along where it was made
_ENDINGS = {"en": ".md"}  # of what is to be read first; others name their language


def gatherable() -> tuple[str, ...]:
    """Name the formats that can be gathered."""
    runtimes = (*_RUNTIMES, _PAGE)
    return tuple(name for name, entry in EXPORT_FORMATS.items() if entry.runtime in runtimes)


def usual(ws: Workspace, run_id: str) -> tuple[str, ...]:
    """Name the formats that are gathered where nobody chooses: those that can be made now."""
    models = (name for name in USUAL if not environments.missing([EXPORT_FORMATS[name]]))
    pages = (one.format for one in store.listed(ws, run_id) if one.format == _PAGE)
    return (*models, *pages)


def make(ws: Workspace, run_id: str, models: Sequence[str], engine: Engine, tell: Tell) -> Export:
    """Make a bundle of a finished run, or give the one that holds just that.

    ``models``: names of formats; none: `usual`. Raises `UserError` for a format that cannot be
    gathered, or where something is not installed, or the gate refuses a model.
    """
    taking.check_exported(ws, run_id)
    names = _in_order(models or usual(ws, run_id))
    found, run = store.find(ws, run_id, BUNDLE), ws.run(run_id)
    if found is not None and [one.format for one in found.parts] == names:
        return found
    for name in names:
        environments.check_installed(EXPORT_FORMATS[name])
    parts = tuple(store.make(ws, run_id, name, engine, tell) for name in names)
    with store.placed(run, BUNDLE) as part:
        made = _write(ws, run, parts, part, engine, tell)
    return replace(made, path=str(run.exports / BUNDLE / made.path))


def _in_order(models: Sequence[str]) -> list[str]:
    """Put those first that the script should open. Raises `UserError` for what is no model."""
    known, entries = gatherable(), [format_of(name) for name in dict.fromkeys(models)]
    if strange := [entry.name for entry in entries if entry.name not in known]:
        raise UserError(
            say("A bundle holds no '{format}'.", format=strange[0]),
            expected=say("Models that it holds: {known}.", known=enumeration(list(known))),
            mend=say("Leave it out, or choose another of them."),
        )
    pages = [entry for entry in entries if entry.runtime == _PAGE]
    opened = [entry for entry in entries if entry.runtime != _PAGE]
    if not opened:
        raise UserError(
            say("A bundle needs a model that its script can open."),
            expected=say("One of {known}.", known=enumeration(list(USUAL))),
            mend=say("Add one of them."),
        )
    opened.sort(key=lambda one: (one.tolerance is None, _RUNTIMES.index(one.runtime)))
    return [entry.name for entry in (*opened, *pages)]


def _write(
    ws: Workspace,
    run: RunFolder,
    parts: Sequence[Export],
    part: Path,
    engine: Engine,
    tell: Tell,
) -> Export:
    """Write the ZIP and its record into a folder, when the whole of it was tried."""
    facts, folder = run_facts.read(ws, run.path.name), part / "bundle"
    folder.mkdir()
    gathered = tuple(replace(one, path=_put_model(one, folder)) for one in parts)
    first = EXPORT_FORMATS[gathered[0].format]
    kit.write_kit(run, first, folder, model=gathered[0].path)
    tell(say("Trying the bundle as a whole…"))
    parity = _tried(ws, run, gathered[0], part, engine)
    server_files.write(folder, first, facts.card.task)
    files.write_text(folder / "model_card.md", card.card_text(facts, gathered, parity))
    for language in LANGUAGES:
        text = readme.readme(facts, gathered, language)
        ending = _ENDINGS.get(language, f".{language}.md")
        files.write_text(folder / f"README{ending}", text)
    out = part / f"thaw-{run.path.name}{EXPORT_FORMATS[BUNDLE].suffix}"
    _zip(folder, out)
    for left in ("bundle", "trial", "sample"):
        shutil.rmtree(part / left, ignore_errors=True)
    return store.note(part, EXPORT_FORMATS[BUNDLE], out, parity, gathered)


def _put_model(made: Export, folder: Path) -> str:
    """Copy a model into a folder, under a name that tells it from others; give that."""
    entry = EXPORT_FORMATS[made.format]
    if entry.file in kit.ZIPPED:
        with zipfile.ZipFile(made.path) as archive:
            archive.extractall(folder)
        return entry.file
    name = f"model{entry.suffix}"
    shutil.copyfile(made.path, folder / name)
    return name


def _tried(ws: Workspace, run: RunFolder, first: Export, part: Path, engine: Engine) -> Parity:
    """Try a copy of the bundle by the model that its script opens. Raises `UserError`.

    That model was compared with Keras before; the whole is compared with Predict.
    """
    told, tried = files.read_record(run.card, ModelCard), part / "trial"
    shutil.copytree(part / "bundle", tried)
    chosen = trial.choose_images(ws, told, part / "sample")
    size = told.config.image_size
    np.save(tried / "pixels.npy", [pixels.read_copy(path, size) for path in chosen.images])
    said = engine.predict(told.run_id, chosen.images, stored=True)
    kind = answered.of(told)
    known = np.array([kind.said(one, told) for one in said])
    np.savez(tried / "expected.npz", **{kind.output: known})  # type: ignore[arg-type]
    return gate.try_out(EXPORT_FORMATS[first.format], tried, told, chosen, engine)


def _zip(folder: Path, out: Path) -> None:
    """Put a folder into a ZIP whose files everybody may read, as a server in a container must."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo.from_file(path, path.relative_to(folder).as_posix())
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)
