"""How accuracy grows with the number of images: what a run under that protocol came to."""

import contextlib

from core import files
from core.errors import UserError
from core.records.studies import LearningCurve
from core.run_folder import RunFolder


def write(folder: RunFolder, found: LearningCurve) -> None:
    """Write a learning curve, whole or not at all."""
    files.write_record(folder.curve, found)


def read(folder: RunFolder) -> LearningCurve | None:
    """Read it; None where there is none, or the file is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(folder.curve, LearningCurve)
    return None
