"""The gate: an exported model is opened elsewhere and must answer what the model here answers."""

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import files
from core.errors import UserError
from core.exports import environments, room
from core.exports.browser import trying
from core.exports.browser.trying import slow
from core.exports.environments import ENVIRONMENTS
from core.exports.proving import check, parity
from core.exports.proving.parity import AnswerPair
from core.exports.proving.trial import TrialImages
from core.judging import shares
from core.records import ModelCard, Parity, Prediction
from core.records.choices import ExportFormat
from core.runs.inference import Engine
from core.words import Message, say

_SIMILARITY = 1e-3  # so near to the threshold of what is known, either answer is right
_SECONDS = 1200  # within which a model must have answered


class RefusedExportError(UserError):
    """An exported model does not answer as the model here does, so it is not given away."""


def try_out(
    entry: ExportFormat, folder: Path, card: ModelCard, trial: TrialImages, engine: Engine
) -> Parity:
    """Try the model in a folder, which holds what `core.exports.kit` wrote.

    Raises `RefusedExportError`, which names the worst image.
    """
    paths, names = trial.files(folder / "files", entry)
    predictions = engine.predict(card.run_id, paths)
    files.write_text(folder / "files.json", json.dumps([str(path) for path in paths]))
    _answer(entry, folder, card.labels)
    with np.load(folder / "expected.npz") as known, np.load(folder / "answers.npz") as found:
        pixels = AnswerPair(
            expected=_columns(known, card), given=_columns(found, card), names=trial.names
        )
        milliseconds = float(found["milliseconds"])
    read = _of_files(folder / "answers.csv", card, predictions, names, entry)
    for pair in (pixels, read):
        if len(wrong := pair.without_numbers):
            raise _broken(entry, say("its answer to '{file}' is no number", file=wrong[0]))
    judged = parity.judge(
        pixels,
        read,
        tolerance=entry.tolerance,
        labels=trial.labels,
        milliseconds=milliseconds,
        file_limits=entry.file_limits,
    )
    if not judged.passed:
        raise _useless(entry, judged) if entry.tolerance is None else _apart(entry, judged)
    return replace(judged, is_of_sample=trial.are_strange)


def _answer(entry: ExportFormat, folder: Path, labels: Sequence[str]) -> None:
    """Have the model answer where it will be used. Raises `RefusedExportError`."""
    if entry.runtime != "browser":
        return _run_check(entry, folder)
    try:
        trying.answer(folder, labels, _SECONDS)
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
    kept = [i for i, one in enumerate(predictions) if one.problem is None]
    for i in kept:
        _check_row(rows[i], predictions[i], names[i], entry)
    return AnswerPair(
        expected=np.array([in_order(predictions[i], card) for i in kept]),
        given=np.array([_given(rows[i], card) for i in kept]),
        names=[names[i] for i in kept],
    )


def _columns(kept: Mapping[str, NDArray], card: ModelCard) -> NDArray:
    """Give a column for each class; a number in shares of how far numbers spread."""
    if card.target is not None:
        return np.asarray(kept["number"], np.float64) / card.target.deviation
    return parity.two_columns(kept["probabilities"])


def in_order(prediction: Prediction, card: ModelCard) -> NDArray[np.float64]:
    """Give the probabilities of an answer in the order of the classes: (classes,).

    A number is given in shares of how far numbers spread: (1,).
    """
    if card.target is not None:
        return np.array([(prediction.number or 0.0) / card.target.deviation])
    found = {score.label: score.probability for score in prediction.scores}
    return np.array([found[label] for label in card.labels])


def _given(row: Sequence[str], card: ModelCard) -> list[float]:
    """Read the same from a row of the script's table."""
    if card.target is not None:
        return [float(row[1]) / card.target.deviation]
    return [float(cell) for cell in row[4:-1]]


def _check_row(row: Sequence[str], said: Prediction, name: str, entry: ExportFormat) -> None:
    """Refuse a file that the script could not read, or takes for known where Predict does not."""
    if row[-1]:
        raise _broken(entry, say("it could not read '{file}': {reason}", file=name, reason=row[-1]))
    if entry.tolerance is None or said.similarity is None or not row[3] or said.number is not None:
        return
    most = entry.file_limits[0] if entry.file_limits else _SIMILARITY
    if abs(float(row[3]) - said.similarity) > most:
        raise _broken(
            entry,
            say(
                "it finds '{file}' like what it learned by {given}, where Predict finds {known}",
                file=name,
                given=row[3],
                known=f"{said.similarity:.6g}",
            ),
        )


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


def _apart(entry: ExportFormat, judged: Parity) -> RefusedExportError:
    return RefusedExportError(
        say(
            "{format}: the exported model answers '{file}' otherwise than Predict; a probability "
            "is off by {difference}.",
            format=say(entry.title),
            file=judged.worst,
            difference=f"{judged.max_difference:.2g}",
        ),
        expected=say(
            "It names the same classes as Predict, and no probability is off by more than "
            "{tolerance}.",
            tolerance=entry.tolerance or 0.0,
        ),
        mend=say("Nothing was kept. Take another format."),
    )


def _useless(entry: ExportFormat, judged: Parity) -> RefusedExportError:
    return RefusedExportError(
        say(
            "{format}: compressed like this, the model is useless: it gives the same class as "
            "Predict in only {share} of {num} answers.",
            format=say(entry.title),
            share=shares.percent(judged.agreement),
            num=judged.images + judged.files,
        ),
        expected=say(
            "It must agree with Predict on more than half of all images, well above chance, and "
            "keep more than half of what was right."
        ),
        mend=say("Nothing was kept. Take a format that is compressed less."),
    )
