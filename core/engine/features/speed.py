"""How long the frozen part of a network takes for an image here, on the engine that it runs on."""

import time
from collections.abc import Sequence

import numpy as np

from core.engine.features import extraction
from core.engine.features.cache_folder import Cache
from core.engine.features.pipeline import Image
from core.engine.features.prefixes import Prefix
from core.engine.features.running import run
from core.engine.features.views import ViewPlan, read_view

NUM_SAMPLES = 4
_BATCHES = 4  # that are timed, each


def milliseconds(images: Sequence[Image], prefix: Prefix, cache: Cache) -> float:
    """Measure it on a few of these images, in the batches in which many are computed.

    The quickest batch counts: whatever else the machine does only makes it slower. Reading the
    images is not in it.
    """
    sample = images[:: max(1, len(images) // NUM_SAMPLES)][:NUM_SAMPLES]
    pixels = np.stack(
        [read_view(copy, prefix.size, content=c, view=0, plan=ViewPlan()) for c, copy in sample]
    )
    network, _ = extraction.fastest(prefix.model, pixels, cache.folder / prefix.key)
    size = network.batch_size * (network.num_ahead + 1)  # as many as are under way at once
    batch = [pixels[i % len(pixels)] for i in range(size)]
    seconds = []
    for _ in range(_BATCHES):
        began = time.perf_counter()
        for _ in run(network, batch):
            pass
        seconds.append(time.perf_counter() - began)
    return 1000 * min(seconds) / size
