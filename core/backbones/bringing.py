"""Bring a model file of a user in, step by step: begin, try ranges of pixels, keep or drop."""

import hashlib
import re
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from core import files, given_names, trash
from core.backbones import archive, inspection, store
from core.classroom import slots
from core.classroom.slots import Slot
from core.errors import Problem, UserError
from core.models import catalog
from core.models.catalog import Backbone
from core.models.own import refusals
from core.records.backbones import PIXEL_RANGES, BroughtModel, RangeTrial
from core.records.choices import choose
from core.records.requests import A, EngineRequest, ReadModel, TryRanges
from core.runs.engine_process import ROOT, EngineProcess
from core.words import mark, say
from core.workspace import BackboneFolder, Workspace

WAIT_SECONDS = 900.0  # for Keras to read a model, or to run it on 200 pictures
SENTENCE = mark("A model that you brought.")
GOOD_AT = mark("What it was trained for; how good on yours, a training tells")
_KEEP_SECONDS = 86_400  # after which what was begun and never kept is swept away


def begin(ws: Workspace, path: Path, file: str = "") -> str:
    """Inspect a model file and make a backbone of it, which waits for its range of pixels.

    ``file``: as the user's machine calls it. Gives the key under which it waits. Raises
    `UserError` with the reason where it is refused.
    """
    _sweep(ws)
    key = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    folder = waiting(ws, key)
    try:
        _inspect(path, folder)
        found = ask_alone(ws, ReadModel(folder=str(folder.path)))
        shutil.rmtree(folder.given)
        made = BroughtModel(
            file=given_names.shortened(file or path.name),
            sha256=files.sha256(path),
            found=found,
            pixels=found.pixels,
        )
        files.write_record(folder.brought, made)
    except BaseException:
        drop(ws, key)
        raise
    return key


def waiting(ws: Workspace, key: str) -> BackboneFolder:
    """Give the folder of what waits under a key."""
    return BackboneFolder(ws.staged_backbones / ws.backbone(key).path.name)


def facts(ws: Workspace, key: str) -> tuple[BroughtModel, Backbone]:
    """Say what was found in what waits under a key. Raises `UserError` where it is gone."""
    folder = waiting(ws, key)
    try:
        brought = files.read_record(folder.brought, BroughtModel)
        return brought, files.read_record(folder.facts, Backbone)
    except FileNotFoundError:
        raise _gone() from None


def try_ranges(ws: Workspace, key: str, dataset_id: str, version: int) -> RangeTrial:
    """Try every range of pixels on images to train on, and note what each comes to.

    The best one is chosen where none was. Raises `UserError`.
    """
    brought, _ = facts(ws, key)
    folder = waiting(ws, key)
    request = TryRanges(folder=str(folder.path), dataset_id=dataset_id, dataset_version=version)
    trial = ask_alone(ws, request)
    made = replace(brought, trial=trial, pixels=brought.pixels or trial.best)
    files.write_record(folder.brought, made)
    return trial


def keep(ws: Workspace, key: str, *, title: str = "", pixels: str = "") -> str:
    """Make a backbone of the workspace of what waits, with its range of pixels; gives its name.

    The same file with the same range is there once. Raises `UserError`.
    """
    brought, found = facts(ws, key)
    kind = choose(PIXEL_RANGES, pixels or brought.pixels, say("range of pixels"))
    shown = given_names.shortened(title) or given_names.shortened(Path(brought.file).stem)
    name = _name(shown, brought.sha256, kind.name)
    if (there := _there(ws, name)) is not None:
        drop(ws, key)
        return there
    folder = waiting(ws, key)
    named = replace(
        found,
        name=name,
        title=given_names.unused(shown or name, store.titles(ws)),
        sentence=SENTENCE,
        good_at=GOOD_AT,
        preprocessing=kind.preprocessing,
    )
    files.write_record(folder.facts, named)
    files.write_record(folder.brought, replace(brought, pixels=kind.name))
    ws.backbones.mkdir(parents=True, exist_ok=True)
    folder.path.rename(ws.backbone(name).path)
    files.sync_folder(ws.backbones)
    return name


def drop(ws: Workspace, key: str) -> None:
    """Let go of what waits under a key."""
    shutil.rmtree(waiting(ws, key).path, ignore_errors=True)


def _there(ws: Workspace, name: str) -> str | None:
    """Find the backbone that has the same file and range already, whatever it was called."""
    end = name.rpartition("-")[2]
    return next((other for other in store.names(ws) if other.endswith(f"-{end}")), None)


def _name(title: str, sha256: str, pixels: str) -> str:
    words = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower()[:32] or "model"
    digest = hashlib.sha256(f"{sha256} {pixels}".encode()).hexdigest()[:8]
    return f"{catalog.OWN}{words}-{digest}"


def _inspect(path: Path, folder: BackboneFolder) -> None:
    """Have a process of its own look through the file. Raises `UserError` where it refuses."""
    if not path.is_file():
        raise refusals.no_model(reason=say("there is no such file"))
    folder.path.mkdir(parents=True)
    trash.make_room(folder.path, 3 * min(path.stat().st_size, archive.MAX_BYTES))
    command = [sys.executable, "-m", "core.backbones.inspection", str(path.absolute())]
    try:
        done = subprocess.run(
            [*command, str(folder.given)],
            capture_output=True,
            cwd=ROOT,
            timeout=2 * inspection.SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusals.too_hungry() from None
    if done.returncode == inspection.REFUSED:
        raise UserError.of(files.decode(Problem, done.stdout.decode()))
    if done.returncode:
        raise refusals.too_hungry()


def ask_alone(ws: Workspace, request: EngineRequest[A]) -> A:
    """Ask a process with little memory and time, and no network. Raises `UserError`."""
    with slots.taken(ws, Slot.CONVERSION):
        return _answer(EngineProcess("bring", ws), request)


def _answer(process: EngineProcess, request: EngineRequest[A]) -> A:
    end = time.monotonic() + WAIT_SECONDS
    try:
        process.tell(request)
        while (answer := process.answer(request, timeout=0.2)) is None:
            if not process.alive or time.monotonic() > end:
                answer = process.answer(request, timeout=0.5)  # written just before it died
                break
        if answer is None:
            raise refusals.too_hungry()
        return answer
    finally:
        process.kill()


def _sweep(ws: Workspace) -> None:
    """Remove what was begun and left."""
    for left in ws.staged_backbones.glob("*"):
        if left.stat().st_mtime < time.time() - _KEEP_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _gone() -> UserError:
    return UserError(
        say("The model file that was begun is not here any more."),
        expected=say("It waits for a day."),
        mend=say("Bring the file once more."),
    )
