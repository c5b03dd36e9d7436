"""Arrays of a stranger: plain numbers and short texts, as large as the file says, none pickled."""

import math
import re
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backups import refusals
from core.judging.evaluation.unknowns import Prototypes
from core.records import Split
from core.run_folder import RunFolder
from core.run_results import pooled, predictions, prototypes
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.words import say

MOST_NUMBERS = 256 * 2**20  # bytes of all arrays of a file, unpacked
_KINDS = "biufU"
_CONTENT = re.compile(r"[0-9a-f]{8,64}")
_MOST_TEXT = 2_000  # signs
_BROKEN = (*(zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError), OSError)


def check(path: Path) -> None:
    """Look through a file of arrays without reading one. Raises `UserError`."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names) or len(names) > 20:
                raise _odd(path)
            for entry in archive.infolist():
                total += entry.file_size
                if total > MOST_NUMBERS or not _is_plain(archive, entry):
                    raise _odd(path)
    except _BROKEN:
        raise _odd(path) from None


def _is_plain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Tell whether a member is an array whose head says as many bytes as there are."""
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
        head = file.tell()
    small = dtype.kind in _KINDS and dtype.subdtype is None and dtype.itemsize <= 4 * _MOST_TEXT
    return small and head + math.prod(shape) * dtype.itemsize == entry.file_size


def check_folder(folder: RunFolder, num_classes: int) -> None:
    """See that the arrays of a run fit each other and its classes. Raises `UserError`."""
    for split, path in (
        (Split.VALIDATION, folder.predictions),
        (Split.TEST, folder.test_predictions),
    ):
        if path.exists():
            _check(path, _answers_fit(predictions.read(folder, split), num_classes))
    for is_test in (False, True):
        if (path := pooled.file_of(folder, test=is_test)).exists():
            _check(path, _features_fit(pooled.read(folder, test=is_test), num_classes))
    if folder.unknown.exists():
        rule = prototypes.read(folder)
        fits = rule is not None and len(rule.refused) == num_classes
        _check(folder.unknown, fits and rule is not None and _fit(rule.prototypes, num_classes))


def _answers_fit(found: PartPredictions | None, num_classes: int) -> bool:
    if found is None or not (math.isfinite(found.temperature) and found.temperature > 0):
        return False
    stages = [a for a in (found.logits, found.before, found.last) if a is not None]
    shape = (len(found.contents), num_classes)
    sound = all(a.shape == shape and a.dtype.kind == "f" and np.isfinite(a).all() for a in stages)
    return sound and _are_images(found.contents, found.groups, found.labels, num_classes)


def _features_fit(found: PooledFeatures | None, num_classes: int) -> bool:
    if found is None or found.features.ndim != 2 or found.features.dtype.kind != "f":
        return False
    num = len(found.contents)
    sound = found.features.shape[0] == num and found.learned.shape == (num,)
    sound = sound and found.learned.dtype.kind == "b" and bool(np.isfinite(found.features).all())
    return sound and _are_images(found.contents, found.groups, found.labels, num_classes)


def _fit(found: Prototypes, num_classes: int) -> bool:
    rows = found.directions
    sound = rows.ndim == 2 and rows.dtype.kind == "f" and bool(np.isfinite(rows).all())
    return sound and _are_labels(found.classes, len(rows), num_classes)


def _are_images(
    contents: tuple[str, ...], groups: tuple[str, ...], labels: NDArray, num_classes: int
) -> bool:
    named = all(isinstance(c, str) and _CONTENT.fullmatch(c) for c in contents)
    grouped = len(groups) == len(contents) and all(isinstance(g, str) for g in groups)
    return named and grouped and _are_labels(labels, len(contents), num_classes)


def _are_labels(labels: NDArray, num: int, num_classes: int) -> bool:
    whole = labels.shape == (num,) and labels.dtype.kind in "iu"
    return whole and (num == 0 or (labels.min() >= 0 and labels.max() < num_classes))


def _check(path: Path, fits: bool) -> None:
    if not fits:
        raise _odd(path)


def _odd(path: Path) -> Exception:
    return refusals.odd_run(say("the numbers in '{name}' are not those of a run", name=path.name))
