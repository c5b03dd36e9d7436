"""The gate: an exported model is opened elsewhere and must answer what the model here answers."""

import csv
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core import files
from core.errors import UserError
from core.exports import environments, room
from core.exports.browser import trying
from core.exports.browser.trying import slow
from core.exports.environments import ENVIRONMENTS
from core.exports.proving import answered, check, parity
from core.exports.proving.answered import Answered
from core.exports.proving.parity import AnswerPair
from core.exports.proving.trial import TrialImages
from core.records import ModelCard, Parity, Prediction
from core.records.choices import ExportFormat
from core.runs.inference import Engine
from core.words import Message, say

_SECONDS = 1200  # within which a model must have answered


class RefusedExportError(UserError):
    """An exported model does not answer as the model here does, so it is not given away."""


def try_out(
    entry: ExportFormat, folder: Path, card: ModelCard, trial: TrialImages, engine: Engine
) -> Parity:
    """Try the model in a folder, which holds what `core.exports.kit` wrote.

    Raises `RefusedExportError`, which names the worst image.
    """
    kind = answered.of(card)
    paths, names = trial.files(folder / "files", entry)
    predictions = engine.predict(card.run_id, paths)
    files.write_text(folder / "files.json", json.dumps([str(path) for path in paths]))
    _answer(entry, folder, card)
    with np.load(folder / "expected.npz") as known, np.load(folder / "answers.npz") as found:
        pixels = AnswerPair(
            expected=kind.columns(known[kind.output], card),
            given=kind.columns(found[kind.output], card),
            names=trial.names,
            groups=trial.groups,
        )
        milliseconds = float(found["milliseconds"])
    _check_numbers(pixels, entry)
    read = _of_files(folder / "answers.csv", card, predictions, names, entry)
    _check_numbers(read, entry)
    judged = parity.judge(
        pixels,
        read,
        tolerance=entry.tolerance,
        truths=None if trial.truths is None else kind.truths(trial.truths, card),
        milliseconds=milliseconds,
        file_limits=entry.file_limits,
    )
    if not judged.passed:
        raise _refused(entry, kind, judged)
    return replace(judged, is_of_sample=trial.are_strange)


def _check_numbers(pair: AnswerPair, entry: ExportFormat) -> None:
    """Refuse what answers with no number. Raises `RefusedExportError`, which names an image."""
    if len(wrong := pair.without_numbers):
        raise _broken(entry, say("its answer to '{file}' is no number", file=wrong[0]))


def _answer(entry: ExportFormat, folder: Path, card: ModelCard) -> None:
    """Have the model answer where it will be used. Raises `RefusedExportError`."""
    if entry.runtime != "browser":
        return _run_check(entry, folder)
    try:
        trying.answer(folder, card, _SECONDS)
    except trying.BrokenPageError as error:
        raise _broken(entry, error.reason) from None


def _run_check(entry: ExportFormat, folder: Path) -> None:
    """Open the model in a fresh process and have it answer. Raises `RefusedExportError`."""
    shutil.copyfile(check.__file__, folder / "check.py")
    alone = ["alone"] if entry.runtime in ENVIRONMENTS else []
    python = environments.python_of(entry.runtime)
    command = [str(python), "-I", str(folder / "check.py"), str(folder), *alone]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        )
        reason = _last_line(done.stderr)
    except subprocess.TimeoutExpired:
        raise _broken(entry, slow(_SECONDS)) from None
    room.check_room(reason, folder)
    if done.returncode < 0:  # a signal of the system, such as where memory is short
        room.check_left(folder)
        raise _broken(entry, say("the system ended it, perhaps for lack of memory"))
    if done.returncode or not (folder / "answers.csv").exists():
        raise _broken(entry, reason or say("it ended without an answer"))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def _of_files(
    table: Path,
    card: ModelCard,
    predictions: Sequence[Prediction],
    names: Sequence[str],
    entry: ExportFormat,
) -> AnswerPair:
    """Put the script's answers to files beside Predict's; what Predict refuses is left out."""
    with table.open(newline="", encoding="utf-8-sig") as file:
        _, *rows = list(csv.reader(file))
    kind, kept = answered.of(card), [i for i, one in enumerate(predictions) if one.problem is None]
    for i in kept:
        _check_row(rows[i], replace(predictions[i], file=names[i]), card, entry)
    said = np.array([kind.said(predictions[i], card) for i in kept])
    return AnswerPair(
        expected=kind.columns(said, card),
        given=kind.columns(np.array([kind.given(rows[i]) for i in kept]), card),
        names=[names[i] for i in kept],
    )


def _check_row(row: Sequence[str], said: Prediction, card: ModelCard, entry: ExportFormat) -> None:
    """Refuse a file that the script could not read, or of which it says more than Predict does."""
    if row[-1]:
        reason = say("it could not read '{file}': {reason}", file=said.file, reason=row[-1])
        raise _broken(entry, reason)
    if otherwise := answered.of(card).otherwise(row, said, card, entry):
        raise _broken(entry, otherwise)


def _broken(entry: ExportFormat, reason: Message | str) -> RefusedExportError:
    return RefusedExportError(
        say(
            "{format}: the exported model does not work: {reason}.",
            format=say(entry.title),
            reason=reason.rstrip(".") if isinstance(reason, str) else reason,
        ),
        expected=say("It must open in a program of its own and answer what Predict answers."),
        mend=say("Nothing was kept. Close other programs and try again, or take another format."),
    )


def _refused(entry: ExportFormat, kind: Answered, judged: Parity) -> RefusedExportError:
    is_compressed = entry.tolerance is None
    what, expected = (kind.useless if is_compressed else kind.apart)(judged, entry)
    if is_compressed:
        mend = say("Nothing was kept. Take a format that is compressed less.")
    else:
        mend = say("Nothing was kept. Take another format.")
    return RefusedExportError(what, expected=expected, mend=mend)
