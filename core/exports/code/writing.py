"""A training as a script, and as a notebook."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.exports.code import assembling, settings
from core.exports.code.assembling import Cell, Steps
from core.exports.code.trained_run import TrainedRun
from core.judging import shares
from core.judging.numbers import written
from core.models import solving

SCRIPT, DATA = "train.py", "data.py"
MOST_LINES = 200  # of one script
SPLIT, LABELS, TEACHER = "split.csv", "labels.txt", "teacher.keras"  # what lies beside it
ABOUT_DATA = "The pictures of train.py, as the network sees them, and their views."
_WIDTH = 96
ABOUT = (
    "{folder} holds your pictures, named as in split.csv. Beside this file: {beside}. "
    "It makes model.keras, from pixels 0 to 255 to {answers}.",
    "Images, views, their order, dropout and the first weights are those of the run. The model is "
    "alike, not equal to the last digit: Thaw keeps frozen features in 16 bits.",
)
INSTALL = "To install: {packages}."
STOPPED = "The run was stopped after {num} epochs; this goes on to the end."
SCORE = "The run itself came to {score} of {images} validation images."
NEARNESS = "The run itself came to an R2 of {r2} on {images} validation images."
TAUGHT = "teacher.keras is the model of run {run}."


def script_text(run: TrainedRun) -> str:
    """Write ``train.py``."""
    return scripts(run)[SCRIPT]


def scripts(run: TrainedRun) -> Mapping[str, str]:
    """Write ``train.py`` and, where it would be too long to read, ``data.py``, which it imports."""
    found = _steps(run, "script")
    whole = _script(_about_script(run), found)
    if whole.count("\n") <= MOST_LINES:
        return {SCRIPT: whole}
    kept = [name for name in settings.parts(run) if name not in settings.APART]
    used = [name for name in settings.parts(run) if name in settings.APART]
    rest, data = _steps(run, "script", kept), _steps(run, "script", ["start", *used], "helper")
    rest = assembling.importing(rest, Path(DATA).stem, data)
    return {
        SCRIPT: _script(_about_script(run, DATA), rest),
        DATA: _script(ABOUT_DATA, data),
    }


def _about_script(run: TrainedRun, *beside: str) -> str:
    title = f"The training of run {run.card.run_id} in plain Keras: python train.py FOLDER"
    about = " ".join(_about(run, "FOLDER", *beside))
    about = textwrap.fill(about, _WIDTH, break_on_hyphens=False)
    return f"{title}\n\n{about}\n"


def _script(about: str, steps: Steps) -> str:
    text = f'"""{about}"""\n\n{steps.imports}'
    for cell in steps.cells:
        text += _section(cell, after=text)
    return text


def notebook_text(run: TrainedRun) -> str:
    """Write ``train.ipynb``, in version 4.5 of its format."""
    found = _steps(run, "notebook")
    title = f"# The training of run {run.card.run_id} in plain Keras"
    about = _about(run, "The folder `pictures`")
    texts = [("markdown", "\n\n".join([title, *about]))]
    texts.append(("code", found.imports))
    for cell in found.cells:
        texts += [("markdown", f"## {cell.title}"), ("code", cell.code)]
    cells = [_notebook_cell(f"step-{number}", *text) for number, text in enumerate(texts)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _steps(run: TrainedRun, kind: str, names: Sequence[str] = (), *more: str) -> Steps:
    return assembling.steps(
        names or settings.parts(run),
        settings.flags(run) | {kind, *more},
        settings.values(run),
        settings.texts(run),
    )


def _about(run: TrainedRun, folder: str, *beside: str) -> Iterator[str]:
    """Say what is needed, what comes of it, and what is not the same."""
    needed = {"tensorflow", "keras", "numpy"}
    packages = [f"{name}=={version}" for name, version in run.card.versions if name in needed]
    packages += ["pillow", *(["pillow-heif"] if "heif" in settings.flags(run) else [])]
    packages += ["scikit-learn"] if solving.solves(run.config) else []
    files = [SPLIT, *([] if run.is_number else [LABELS]), *beside]
    files += ["weights.h5"] if run.comes_with_weights else []
    files += [TEACHER] if run.teacher else []
    answers = "the number" if run.is_number else "probabilities"
    first, *rest = ABOUT
    yield first.format(folder=folder, beside=_listed(files), answers=answers)
    yield from rest
    if run.teacher:
        yield TAUGHT.format(run=run.teacher.run_id)
    if run.was_stopped:
        yield STOPPED.format(num=run.card.num_epochs)
    if score := run.card.validation:
        yield SCORE.format(score=shares.percent(score.accuracy), images=score.images)
    if (found := run.card.numbers) and written.tells_r2(found):
        yield NEARNESS.format(r2=written.r2(found.r2), images=found.images)
    yield INSTALL.format(packages=" ".join(packages))


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _section(cell: Cell, *, after: str) -> str:
    """Head a step with its title, as editors know cells."""
    apart = "\n" if after.rstrip("\n").rpartition("\n")[2].startswith(" ") else ""
    below = "\n\n" if cell.code.startswith(("def ", "class ")) else ""
    return f"{apart}\n# %% {cell.title}\n{below}{cell.code}"


def _notebook_cell(name: str, kind: str, text: str) -> Mapping[str, Any]:
    lines = text.splitlines(keepends=True)
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": lines}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})
