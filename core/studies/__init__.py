"""Studies: what freezing, pretraining, backbones and more photos do on the user's own images.

One record and one function over ordinary runs: `studies.create(ws, kind, arms)`.
"""

from core.studies.result import learning_from, read
from core.studies.store import (
    FIRST_FOLDS,
    all_studies,
    asked,
    create,
    delete,
    get,
    go_on,
    ids,
    name,
    rename,
    restore,
    resume,
    state,
    stop,
)

__all__ = [
    "FIRST_FOLDS",
    "all_studies",
    "asked",
    "create",
    "delete",
    "get",
    "go_on",
    "ids",
    "learning_from",
    "name",
    "read",
    "rename",
    "restore",
    "resume",
    "state",
    "stop",
]
