"""What a head scores on held-back images, found before a run asks: where its features lie ready."""

import contextlib
from collections.abc import Callable
from functools import partial

from core.datasets import head_scores
from core.engine.device import Device
from core.engine.features import feature_cache
from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Stopped
from core.engine.loop import solving as loop
from core.engine.training import phases, setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.errors import UserError
from core.models import solving
from core.records import HeadScore, Phase, TrainConfig
from core.records.choices import TASKS
from core.workspace import Workspace

MOST_IMAGES = 20_000  # whose features are read for it


class _Keeping(Silent):
    """Hears of a search for the strength alone, and keeps what it scores."""

    def __init__(self, keep: Callable[[HeadScore], None], stop: Callable[[], bool]) -> None:
        self._keep, self._is_to_stop = keep, stop

    def score(self, held_back: HeadScore) -> None:
        """Keep a score."""
        self._keep(held_back)

    def stop(self) -> bool:
        """Tell whether somebody waits."""
        return self._is_to_stop()


def score_kept(
    ws: Workspace, config: TrainConfig, device: Device, stop: Callable[[], bool]
) -> bool:
    """Score the head of a run that may come and tell whether it is known; no backbone is run.

    Asked to ``stop``, it lets go between two strengths.
    """
    if TASKS[config.task].is_number:
        return False
    is_solved = solving.solves(config) and not config.is_fitted
    if not is_solved or head_scores.read(ws, config):
        return is_solved
    data = training_data.read(ws, config)
    if len(data.train.images) > MOST_IMAGES:
        return False
    ready = setup.prepare(ws, config, data, device=device, report=Silent())
    prefix = setup.prefix_of(ready, Phase.HEAD)
    features = prefix and feature_cache.kept(
        data.train.images, prefix, views=ORIGINALS, cache=Cache.at(ready.cache)
    )
    if not features:
        return False
    part = phases.make_part(features, data.train, balanced=config.class_weights)
    report = _Keeping(partial(head_scores.write, ws, config), stop)
    with contextlib.suppress(Stopped, UserError):  # a run will say what is wrong with them
        loop.search(phases.task_of(ready, part, part), report)
    return head_scores.read(ws, config) is not None
