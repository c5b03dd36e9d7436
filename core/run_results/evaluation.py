"""What a run leaves of its validation part beside the answers to its images."""

import contextlib

from core import files
from core.records import RunEvaluation
from core.run_folder import RunFolder


def write(folder: RunFolder, found: RunEvaluation) -> None:
    """Write it, whole or not at all."""
    files.write_record(folder.evaluation, found)


def read(folder: RunFolder) -> RunEvaluation | None:
    """Read it; None where a run left none, or the file is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return files.read_record(folder.evaluation, RunEvaluation)
    return None
