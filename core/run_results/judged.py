"""What a run of a study came to: it keeps no model, and this is written last, when all is whole."""

import contextlib

from core import files
from core.errors import UserError
from core.records.studies import JudgedRun
from core.run_folder import RunFolder


def write(folder: RunFolder, found: JudgedRun) -> None:
    """Write what a run came to, when its rows are there."""
    files.write_record(folder.judged, found)


def read(folder: RunFolder) -> JudgedRun | None:
    """Read it; None where the run has not come to its end, or the file is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError, UserError):
        return files.read_record(folder.judged, JudgedRun)
    return None
