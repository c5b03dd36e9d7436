"""What a run leaves for whoever judges its model: its answers, and how sure it may be of them."""

import contextlib

from core import files
from core.engine.training.answers import Answers
from core.engine.training.finishing import Probabilities
from core.engine.training.setup import Setup
from core.judging.evaluation import calibration
from core.records import ModelCard, Split
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import RunFolder, Workspace


def temperature(ws: Workspace, ready: Setup, answers: Answers | None) -> float:
    """Fit the temperature on the answers; a run that has none takes that of its parent."""
    if answers is not None:
        return calibration.temperature(answers.kept, ready.data.validation.labels)
    if ready.config.refit_of:
        with contextlib.suppress(OSError, ValueError, TypeError):  # deleted, or of an old version
            return files.read_record(ws.run(ready.config.refit_of).card, ModelCard).temperature
    return 1.0


def write(
    folder: RunFolder,
    ready: Setup,
    answers: Answers | None,
    rows: Probabilities | None,
    temperature: float,
) -> None:
    """Write what the saved model answers, and what it was chosen from answered.

    ``rows``: (images, classes), of the saved model. Without them, or without validation images,
    nothing is written.
    """
    if answers is None or rows is None:
        return
    kept, validation = calibration.logits(rows, temperature), ready.data.validation
    found = PartPredictions(
        contents=tuple(content for content, _ in validation.images),
        labels=validation.labels,
        groups=validation.groups,
        logits=kept,
        temperature=temperature,
        before=kept if answers.before is answers.kept else answers.before,
        last=kept if answers.last is answers.kept else answers.last,
    )
    predictions.write(folder, Split.VALIDATION, found)
