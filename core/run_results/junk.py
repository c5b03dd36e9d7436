"""What a run's model refused of pictures that are none of its classes, when last shown them."""

import contextlib

from core import files
from core.records import JunkTest
from core.run_folder import RunFolder


def read(folder: RunFolder) -> JunkTest | None:
    """Read it; None where it was never tried, or the file is damaged."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return files.read_record(folder.junk_test, JunkTest)
    return None
