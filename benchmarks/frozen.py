"""Features of a frozen backbone, made by the engine as in a run, and what an image costs."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core import datasets
from core.models import weights
from core.models.catalog import BACKBONES
from core.records import Dataset, ImageRecord
from core.workspace import Workspace

if TYPE_CHECKING:
    from core.engine.features.prefixes import Prefix


def look_at(
    ws: Workspace,
    dataset: Dataset,
    records: Sequence[ImageRecord],
    *,
    backbone: str,
    size: int,
    num_views: int = 0,
) -> tuple[np.ndarray, float]:
    """Compute pooled features of all images, and of so many views: (images, 1 + views, dimensions).

    Gives also the milliseconds of one processor that a view took, the network being open.
    """
    from core.engine.features import feature_cache
    from core.engine.features.cache_folder import Cache
    from core.engine.features.views import ViewPlan

    images = [(r.content, datasets.image_path(ws, dataset.id, r)) for r in records]
    plan = ViewPlan(augmentation="light", num_views=num_views) if num_views else ViewPlan()
    cache, prefix = Cache.at(ws.root / "bench"), _pooled(backbone, size)
    feature_cache.open_ahead(images, prefix, views=plan, cache=cache)
    began = time.process_time()
    found = feature_cache.prepare(
        images, prefix, views=plan, cache=cache, report=lambda *told: None, stop=lambda: False
    )
    took = time.process_time() - began
    rows = np.arange(len(records))
    views = [found.batch(rows, np.full(len(rows), view)) for view in range(plan.total)]
    return np.stack(views, axis=1), 1000 * took / (len(records) * plan.total)


def _pooled(name: str, size: int) -> "Prefix":
    import keras

    from core.engine.features.prefixes import Prefix
    from core.engine.networks import backbones

    backbone = BACKBONES[name]
    model = backbones.build_backbone(backbone, size, weights.locate(backbone, size))
    pooled = keras.layers.GlobalAveragePooling2D()(model.output)
    return Prefix(keras.Model(model.input, pooled), f"{size:032d}", size)
