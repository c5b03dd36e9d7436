"""A shard of the features that a run needs, computed before it by one process of several."""

import contextlib

from core.engine.device import Device
from core.engine.features import feature_cache, shards
from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Stopped
from core.engine.training import setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.records import Phase
from core.records.requests import PrepareRun
from core.workspace import Workspace

PATIENCE = 600.0  # seconds that a run may be at the same features


def compute(ws: Workspace, request: PrepareRun, device: Device) -> bool:
    """Compute the features of every so-manieth image, as the head phase of a run wants them.

    Those that the cache has are left alone; tell whether there is anything to compute at all.
    """
    config = request.config
    data = training_data.read(ws, config)
    ready = setup.prepare(ws, config, data, device=device, report=Silent())
    prefix = setup.prefix_of(ready, Phase.HEAD)
    if prefix is None:
        return False
    views = ready.views if config.judges_apart else ORIGINALS
    whole = Cache.at(ready.cache)
    own = Cache.at(shards.place(ready.cache, request.shard, request.shards))
    for images, seen in ((data.train.images, views), (data.validation.images, ORIGINALS)):
        mine = images[request.shard - 1 :: request.shards]
        there = mine and feature_cache.kept(
            mine, prefix, views=seen, cache=whole, patience=PATIENCE
        )
        if mine and there is None:
            with contextlib.suppress(Stopped):
                feature_cache.prepare(
                    mine, prefix, views=seen, cache=own, report=_unheard, stop=lambda: False
                )
    return True


def _unheard(*told: object) -> None:
    """Tell nobody how far it is."""
