"""The frozen prefix, run once for each view of each image on the fastest engine there is."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from filelock import Timeout

from core.engine import device
from core.engine.features import cache_folder, extraction, rows as stores, shards
from core.engine.features.cache_folder import Cache
from core.engine.features.inputs import StoredFeatures, StreamedFeatures, fits_float16
from core.engine.features.pipeline import Features, Image
from core.engine.features.prefixes import Prefix
from core.engine.features.rows import RowLayout, Rows
from core.engine.features.running import CompiledNetwork
from core.engine.features.views import ViewPlan, read_view, row_keys
from core.engine.networks import openvino_network
from core.models import cache_budget
from core.words import Message, nsay, say

Report = Callable[[int, int, float, Message | None], None]  # done, total, images per second
Stop = Callable[[], bool]

NUM_SAMPLES = 4  # images on which OpenVINO must agree with TensorFlow
_BLOCK_BYTES = 16 * 2**20  # written at once; what a crash may lose
_BLOCK_ROWS = 512
_REPORT_SECONDS = 0.25


class Stopped(Exception):  # noqa: N818 - not an error
    """The user asked to stop; what was computed so far is kept."""


class _TooLargeError(Exception):
    """An activation does not fit into float16."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked of `prepare`."""

    images: Sequence[Image]
    prefix: Prefix
    plan: ViewPlan
    cache: Cache
    report: Report
    stop: Stop
    beside: Sequence[Image] = ()

    @property
    def folder(self) -> Path:
        return self.cache.folder / self.prefix.key

    @property
    def keys(self) -> list[str]:
        return row_keys([content for content, _ in self.images], self.plan)

    def log(self, message: Message) -> None:
        self.report(0, len(self.images) * self.plan.total, 0.0, message)


def prepare(
    images: Sequence[Image],
    prefix: Prefix,
    *,
    views: ViewPlan,
    cache: Cache,
    report: Report,
    stop: Stop,
    beside: Sequence[Image] = (),
    patience: float = cache_folder.FOR_EVER,
) -> Features:
    """Have the features of all views of these images, computing only those not kept yet.

    Features that fill the cache go for them, but not those of images ``beside``, in use as well.
    Raises `Stopped` when ``stop`` says so, where what was computed until then is kept, or when
    another run was at the same features for ``patience`` seconds.
    """
    job = _Job(images, prefix, views, cache, report, stop, beside)
    waits = say("Another run is preparing the same features; this one waits for them.")
    try:
        with cache_folder.locked(
            cache.folder,
            prefix.key,
            waiting=partial(job.log, waits),
            stop=stop,
            patience=patience,
        ):
            cache_folder.mark_used(job.folder)
            return _kept_features(job) or _extract(job, _open_network(job))
    except Timeout:
        raise Stopped from None


def kept(
    images: Sequence[Image], prefix: Prefix, *, views: ViewPlan, cache: Cache, patience: float = 0
) -> Features | None:
    """Give features where all are in the cache; None where not, or while somebody is at them."""
    job = _Job(images, prefix, views, cache, lambda *told: None, lambda: not patience)
    try:
        with cache_folder.locked(
            cache.folder, prefix.key, waiting=lambda: None, stop=job.stop, patience=patience
        ):
            return _kept_features(job) if job.folder.exists() else None
    except Timeout:
        return None


def open_ahead(images: Sequence[Image], prefix: Prefix, *, views: ViewPlan, cache: Cache) -> bool:
    """Convert and compile the network that `prepare` will want, unless somebody else is at it."""
    job = _Job(images, prefix, views, cache, lambda *told: None, lambda: True)
    try:
        with cache_folder.locked(cache.folder, prefix.key, waiting=lambda: None, stop=job.stop):
            cache_folder.mark_used(job.folder)
            _open_network(job)
    except Timeout:
        return False
    return True


def _kept_features(job: _Job) -> Features | None:
    """Give the features when all are in the cache; no engine is started for that."""
    choice = openvino_network.kept(job.folder)
    if device.has_gpu() or (choice is not None and choice.precision == "none"):
        engine, precision = extraction.tensorflow_engine(job.prefix.model)
    elif choice is not None:
        engine, precision = openvino_network.OpenVinoNetwork.engine, choice.precision
    else:
        return None
    rows = _open_rows(job, engine, precision)
    if rows.missing(job.keys):
        return None
    job.report(len(job.keys), len(job.keys), 0.0, say("All features were in the cache already."))
    return _stored(job, rows, engine, precision)


def _open_network(job: _Job) -> CompiledNetwork:
    """Start the fastest engine that computes this prefix rightly, and say which."""
    sample = job.images[:: max(1, len(job.images) // NUM_SAMPLES)][:NUM_SAMPLES]
    size = job.prefix.size
    views = [read_view(copy, size, content=name, view=0, plan=job.plan) for name, copy in sample]
    network, notes = extraction.fastest(job.prefix.model, np.stack(views), job.folder)
    for note in notes:
        job.log(note)
    return network


def _extract(job: _Job, network: CompiledNetwork) -> Features:
    """Compute what is missing and keep it; stream where it cannot be kept."""
    found = _open_rows(job, network.engine, network.precision)
    rows = _with_room(job, found)
    if rows is None:
        need = len(set(job.keys)) * found.layout.row_bytes
        job.log(cache_budget.too_little(need, job.cache.budget_bytes))
        return StreamedFeatures(job.images, network, job.prefix.size, _shape(job.prefix), job.plan)
    shards.adopt(job.cache.folder, job.prefix.key, rows)
    try:
        _fill(job, rows, network, rows.missing(job.keys))
    except _TooLargeError:
        job.log(say("Some features are too large for 16 bits; they are kept in 32 bits."))
        stores.begin_rows(rows.folder, RowLayout(shape=rows.layout.shape, dtype="float32"))
        return _extract(job, network)
    except OSError as error:
        job.log(
            say(
                "The features could not be written to disk ({reason}). The frozen part runs "
                "again whenever they are needed, as in every epoch.",
                reason=error.strerror or str(error),
            )
        )
        return StreamedFeatures(job.images, network, job.prefix.size, _shape(job.prefix), job.plan)
    return _stored(job, rows, network.engine, network.precision)


def _open_rows(job: _Job, engine: str, precision: str) -> Rows:
    folder = job.folder / f"{engine}-{precision}"
    layout = stores.read_layout(folder)
    if layout is None or layout.shape != _shape(job.prefix):
        return stores.begin_rows(folder, RowLayout(shape=_shape(job.prefix), dtype="float16"))
    rows = stores.open_rows(folder, layout, wanted=set(job.keys))
    if rows.num_damaged:
        job.log(
            nsay(
                "The cache held {num} damaged row; it is computed again.",
                "The cache held {num} damaged rows; they are computed again.",
                num=rows.num_damaged,
            )
        )
    return rows


def _with_room(job: _Job, rows: Rows) -> Rows | None:
    """Make room for what is to be computed; where that does not do, rows of other images go."""
    if _make_room(job, rows):
        return rows
    used = row_keys([content for content, _ in job.beside], ViewPlan())
    bare = cache_budget.size_of(job.folder) - rows.num_rows * rows.layout.row_bytes
    whole = bare + len(set(job.keys)) * rows.layout.row_bytes
    if whole > job.cache.budget_bytes or len(rows.missing(used)) < len(set(used)):
        return None
    fresh = stores.begin_rows(rows.folder, rows.layout)
    return fresh if _make_room(job, fresh) else None


def _make_room(job: _Job, rows: Rows) -> bool:
    need = len(rows.missing(job.keys)) * rows.layout.row_bytes
    return cache_folder.make_room(job.cache, job.prefix.key, need)


def _fill(job: _Job, rows: Rows, network: CompiledNetwork, indices: Sequence[int]) -> None:
    keys, total = job.keys, job.plan.total
    wanted = [(job.images[index // total], index % total) for index in indices]
    outputs = extraction.compute(network, wanted, job.prefix.size, job.plan)
    done, per_block = 0, max(1, min(_BLOCK_ROWS, _BLOCK_BYTES // rows.layout.row_bytes))
    for block in extraction.blocks(_watched(job, outputs, len(wanted)), per_block):
        if rows.layout.dtype == "float16" and not fits_float16(block):
            raise _TooLargeError
        rows.append([keys[index] for index in indices[done : done + len(block)]], block)
        done += len(block)
    if done < len(wanted):
        raise Stopped


def _watched(job: _Job, outputs: Iterable[np.ndarray], total: int) -> Iterator[np.ndarray]:
    """Pass features on, report a few times a second, end early when asked to stop."""
    began = reported = time.monotonic()
    done = 0
    for features in outputs:
        if job.stop():
            return
        yield features
        done += len(features)
        now = time.monotonic()
        if now - reported >= _REPORT_SECONDS or done == total:
            reported = now
            job.report(done, total, done / max(now - began, 1e-9), None)


def _stored(job: _Job, rows: Rows, engine: str, precision: str) -> StoredFeatures:
    indices = [rows.positions[key] for key in job.keys]
    shaped = np.array(indices, np.int64).reshape(len(job.images), job.plan.total)
    return StoredFeatures(rows.array(), shaped, engine, precision)


def _shape(prefix: Prefix) -> tuple[int, ...]:
    return tuple(prefix.model.output_shape[1:])
