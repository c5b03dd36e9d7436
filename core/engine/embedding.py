"""Pooled features of a data set's images for curation: written where the shell reads them."""

from dataclasses import replace
from io import BytesIO

import numpy as np

from core import files
from core.engine import materials, recipes
from core.engine.device import Device
from core.engine.recipes import PLAIN, Listener
from core.records import Phase, TrainConfig
from core.workspace import Workspace

BATCH = 256


def embed(ws: Workspace, config: TrainConfig, device: Device, listener: Listener) -> int:
    """Run the whole frozen backbone once over all images but the test part; tell how many.

    See `core.embeddings` for what is done with them.
    """
    pooled = replace(config, freeze="all", pooling="average", augmentation="none")
    material = materials.gather(ws, pooled)
    recipe = recipes.prepare(ws, pooled, material, device=device, listener=listener)
    images = (*material.train.images, *material.validation.images)
    features = recipes.features_of(recipe, Phase.HEAD, images, PLAIN, listener)
    starts = range(0, len(images), BATCH)
    rows = [np.arange(start, min(start + BATCH, len(images))) for start in starts]
    vectors = [features.batch(part, np.zeros_like(part)) for part in rows]
    stored = BytesIO()
    contents = np.array([content for content, _ in images])
    np.savez(stored, contents=contents, vectors=np.concatenate(vectors).astype(np.float16))
    path = ws.embedding(config.dataset_id, config.dataset_version)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(path, stored.getvalue())
    return len(images)
