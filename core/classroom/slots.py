"""How many processes of one kind work at a time for a class; one person alone waits for nobody.

Each takes memory, and thirty at once take the machine down. Short imports have places that long
ones do not get, so that nobody waits for another's thousands of images.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum

from filelock import Timeout

from core import locks
from core.classroom import folder
from core.classroom.folder import ClassFolder
from core.workspace import Workspace

LONG_IMPORT = 1_000  # images
_LOOK_SECONDS = 0.2


class Slot(StrEnum):
    """A kind of work that takes a process of its own."""

    IMPORT = "import"
    LONG_IMPORT = "long-import"
    PREDICTIONS = "predictions"
    SEARCH = "search"  # of label issues, or for a map
    CONVERSION = "conversion"  # of a model, with TensorFlow


PLACES = {
    Slot.IMPORT: 3,
    Slot.LONG_IMPORT: 1,
    Slot.PREDICTIONS: 2,
    Slot.SEARCH: 2,
    Slot.CONVERSION: 1,
}


@contextmanager
def taken(ws: Workspace, slot: Slot, *, stop: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Hold a place for the block; wait for one in a class, until ``stop`` ends the wait."""
    room = folder.class_of(ws) or (folder.folder_in(ws.root) if folder.is_open() else None)
    with ExitStack() as stack:
        while room and not _take(stack, room, slot) and not stop():
            time.sleep(_LOOK_SECONDS)
        yield


def of_import(num_images: int) -> Slot:
    """Give the kind of an import."""
    return Slot.IMPORT if num_images <= LONG_IMPORT else Slot.LONG_IMPORT


def _take(stack: ExitStack, room: ClassFolder, slot: Slot) -> bool:
    room.slots.mkdir(parents=True, exist_ok=True)
    for number in range(PLACES[slot]):
        with suppress(Timeout):
            stack.enter_context(locks.hold(room.slots / f"{slot}-{number}.lock"))
            return True
    return False
