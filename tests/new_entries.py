"""An entry called ``new`` for each registry: the one record that somebody adds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.exports.formats import EXPORT_FORMATS
from core.models.catalog import (
    AUGMENTATIONS,
    BACKBONES,
    CLASSIFIERS,
    HEADS,
    OPTIMIZERS,
    SCHEDULES,
)
from core.records.choices import Classifier, ExportFormat, Optimizer, Pooling, Schedule

WORDS: Mapping[str, Any] = {"name": "new", "title": "Brand new", "sentence": "Nobody knows it."}
ENTRIES: tuple[tuple[Mapping[str, Any], Any], ...] = (
    (HEADS, Pooling(**WORDS)),
    (CLASSIFIERS, Classifier(**WORDS, fits=True, ignores=CLASSIFIERS["knn"].ignores)),
    (OPTIMIZERS, Optimizer(**WORDS)),
    (SCHEDULES, Schedule(**WORDS)),
    (AUGMENTATIONS, replace(AUGMENTATIONS["light"], brightness=0.9, flips=False, **WORDS)),
    (EXPORT_FORMATS, ExportFormat(**WORDS, suffix=".new")),
)
REGISTRIES = (BACKBONES, *(registry for registry, _ in ENTRIES))


def add(patch: pytest.MonkeyPatch) -> None:
    """Add the entry to each registry, as long as the patch lasts."""
    for registry, entry in ENTRIES:
        patch.setitem(registry, "new", entry)  # type: ignore[arg-type]
