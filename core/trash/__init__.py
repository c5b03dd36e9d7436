"""What was deleted, for seven days: `trash.put(ws, trash.TrashKind.RUN, run_id)`."""

from core.trash.room import make_room, with_room
from core.trash.store import (
    KEEP_SECONDS,
    Trashed,
    TrashKind,
    drop,
    drop_oldest,
    empty,
    expire,
    find,
    listing,
    name_of,
    put,
    restore,
    size_of,
    way_back,
)

__all__ = [
    "KEEP_SECONDS",
    "TrashKind",
    "Trashed",
    "drop",
    "drop_oldest",
    "empty",
    "expire",
    "find",
    "listing",
    "make_room",
    "name_of",
    "put",
    "restore",
    "size_of",
    "way_back",
    "with_room",
]
