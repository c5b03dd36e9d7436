"""The one score that a run leads with wherever it is told of, and which images it stands on."""

import contextlib

from core import files
from core.errors import UserError
from core.records import JudgedOn, ModelCard, RunScore, TestScore
from core.run_folder import RunFolder
from core.run_results import folds


def of(folder: RunFolder, card: ModelCard | None) -> RunScore | None:
    """Choose it; None where nothing has judged the run.

    Five folds, which only runs with few validation images have, tell more than these; a run that
    learned from its validation images is told of by the test part, once that was opened for it.
    """
    if card is None:
        return None
    if card.validation is not None:
        if held_back := folds.read(folder):
            return RunScore(judged_on=JudgedOn.FOLDS, accuracy=held_back.accuracy)
        return RunScore(judged_on=JudgedOn.VALIDATION, accuracy=card.validation)
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):  # never opened, or damaged
        test = files.read_record(folder.test, TestScore).test
        return RunScore(judged_on=JudgedOn.TEST, accuracy=test) if test is not None else None
    return None
