"""A model shown what is none of its classes, on demand: how much of it is refused."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import datasets, files
from core.engine.features import pipeline
from core.engine.prediction import predicting
from core.engine.prediction.compiled import Predictor
from core.errors import UserError
from core.images import pixels, sample
from core.judging.statistics import wilson
from core.records import JunkTest, ModelCard, RefusedShare, Split
from core.run_results import pooled, prototypes
from core.run_results.prototypes import UnknownRule
from core.words import say
from core.workspace import Workspace

NUMBER = 100  # pictures of a kind
_DATASETS = 8  # other data sets, at most

Kind = tuple[str, str, Iterator[NDArray]]  # kind, name, pictures (size, size, 3) uint8


def show(ws: Workspace, run_id: str, predictor: Predictor) -> JunkTest:
    """Show a model noise, flat colours, the sample and other data sets; keep what it refuses.

    Data sets with a class of the same name are left out, and test parts stay closed. Raises
    `UserError` where the run cannot tell what it does not know.
    """
    folder = ws.run(run_id)
    card, rule = files.read_record(folder.card, ModelCard), prototypes.read(folder)
    if rule is None or rule.threshold is None or predictor.outputs is None:
        raise _cannot_tell()
    with tempfile.TemporaryDirectory(prefix="thaw-sample-") as unpacked:
        kinds = _kinds(ws, card, predictor.size, Path(unpacked))
        shares = [_share(predictor, rule, kind) for kind in kinds]
    found = JunkTest(kinds=tuple(share for share in shares if share.images))
    files.write_record(folder.junk_test, found)
    return found


def _share(predictor: Predictor, rule: UnknownRule, kind: Kind) -> RefusedShare:
    word, name, pictures = kind
    rows = [one.features for one in predicting.outputs(predictor, islice(pictures, NUMBER))]
    vectors = [row for row in rows if row is not None]
    unknown = rule.is_unknown(rule.prototypes.similarity(np.stack(vectors))) if vectors else None
    refused = 0 if unknown is None else int(unknown.sum())
    low, high = wilson(refused, len(vectors))
    return RefusedShare(
        kind=word, name=name, refused=refused, images=len(vectors), low=low, high=high
    )


def _kinds(ws: Workspace, card: ModelCard, size: int, folder: Path) -> Iterator[Kind]:
    yield "noise", "", _noise(size)
    yield "flat", "", _flat(size)
    if not {*sample.write(folder)} & {*card.labels}:
        files_of = sorted(path for path in folder.rglob("*") if path.is_file())
        some = files_of[:: max(1, len(files_of) // NUMBER)]
        yield "sample", "", (_read(path, size) for path in some)
    for dataset_id in islice(_others(ws, card), _DATASETS):
        yield "dataset", datasets.latest(ws, dataset_id).name, _pictures(ws, dataset_id, size)


def _read(path: Path, size: int) -> NDArray:
    return pixels.read_copy(pixels.copy_of(path.read_bytes()), size)


def _noise(size: int) -> Iterator[NDArray]:
    rng = np.random.default_rng(0)
    while True:
        yield rng.integers(0, 256, (size, size, 3), dtype=np.uint8)


def _flat(size: int) -> Iterator[NDArray]:
    rng = np.random.default_rng(1)
    while True:
        yield np.broadcast_to(rng.integers(0, 256, 3, dtype=np.uint8), (size, size, 3))


def _others(ws: Workspace, card: ModelCard) -> Iterator[str]:
    for dataset_id in datasets.ids(ws):
        labels = {one.name for one in datasets.latest(ws, dataset_id).classes}
        if dataset_id != card.config.dataset_id and not labels & {*card.labels}:
            yield dataset_id


def _pictures(ws: Workspace, dataset_id: str, size: int) -> Iterator[NDArray]:
    """Read some of a data set, of every class its share."""
    version = datasets.latest(ws, dataset_id).version
    images = [i for i in datasets.images(ws, dataset_id, version) if i.split is not Split.TEST]
    numbers = {label: n for n, label in enumerate(sorted({i.label for i in images}))}
    told = [numbers[i.label] for i in images], [i.content for i in images]
    some = [images[row] for row in pooled.sample(*told, most=NUMBER)]
    paths = [datasets.image_path(ws, dataset_id, image) for image in some]
    return pipeline.parallel(lambda path: pixels.read_copy(path, size), paths)


def _cannot_tell() -> UserError:
    return UserError(
        say("This run cannot tell what it does not know."),
        expected=say("A run that was judged on 20 images or more can."),
        mend=say("Add images, then train again."),
    )
