"""What libraries print while a run trains, and the last words of a process that fails."""

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from core.errors import UserError


@contextlib.contextmanager
def sent_to(path: Path) -> Iterator[None]:
    """Send what libraries print to a file; an unforeseen error is written there and is the end."""
    before = os.dup(2)
    with path.open("ab") as file:
        _point_output_at(file.fileno())
        try:
            yield
        except (UserError, OSError):
            raise
        except BaseException:
            with contextlib.suppress(OSError):
                traceback.print_exc()
                sys.stderr.flush()
            os._exit(1)  # no clean-up that could crash and hide the cause
        finally:
            _point_output_at(before)
            os.close(before)


def _point_output_at(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # what cannot be written is let go
        sys.stdout.flush()
        sys.stderr.flush()
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
