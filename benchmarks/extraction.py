"""The frozen prefix alone: how close its rate comes to what network and decoding allow together."""

import shutil
import time

import numpy as np

from benchmarks.bench import BACKBONE, Bench, table
from core import datasets, pixels
from core.catalog import BACKBONES

REPEATED = 3


def measure(bench: Bench) -> None:
    """Print the rates, each the best of a few, and the share of the bound."""
    import keras
    import tensorflow as tf

    from core.engine import backbones, extraction, features, pipeline
    from core.engine.cache import Cache
    from core.engine.features import Prefix
    from core.engine.views import ViewPlan

    backbone = backbones.build(BACKBONES[BACKBONE], bench.size, bench.weights)
    pooled = keras.layers.GlobalAveragePooling2D()(backbone.output)
    prefix = Prefix(keras.Model(backbone.input, pooled), "b" * 32, bench.size)
    records = datasets.images(bench.ws, bench.dataset.id)
    images = [(r.content, datasets.image_path(bench.ws, bench.dataset.id, r)) for r in records]
    held = [pixels.read(copy, bench.size) for _, copy in images[:256]]
    cache = Cache.at(bench.folder / "extraction")
    kept = cache.folder / prefix.key

    def extract() -> int:
        for rows in kept.glob("*-*"):
            shutil.rmtree(rows)
        features.prepare(
            images,
            prefix,
            views=ViewPlan(),
            cache=cache,
            report=lambda *seen: None,
            stop=lambda: False,
        )
        return len(images)

    def read() -> int:
        return len(list(pipeline.parallel(lambda i: pixels.read(i[1], bench.size).size, images)))

    extract()  # converts the network, once for all
    network, _ = extraction.fastest(prefix.model, np.stack(held[:4]), kept)
    forward = tf.function(lambda batch: prefix.model(batch, training=False))
    batch = np.stack(held[:32]).astype(np.float32)
    rates = {
        "network": _rate(lambda: len(list(extraction.run(network, held)))),
        "decoding": _rate(read),
        "both": _rate(extract),
        "tf.function": _rate(lambda: sum(len(forward(batch)) for _ in range(8))),
    }
    bound = 1 / (1 / rates["network"] + 1 / rates["decoding"])
    table(
        ("frozen prefix", "images a second", ""),
        ("tf.function, batches of 32", f"{rates['tf.function']:.0f}", ""),
        (
            f"{network.engine} {network.precision}",
            f"{rates['network']:.0f}",
            f"x{rates['network'] / rates['tf.function']:.1f}",
        ),
        ("decoding of the stored copies", f"{rates['decoding']:.0f}", ""),
        ("bound of both together", f"{bound:.0f}", ""),
        ("extraction into the cache", f"{rates['both']:.0f}", f"{rates['both'] / bound:.0%}"),
    )


def _rate(work) -> float:
    """Give the best rate of a few repetitions; other work on the machine only makes it lower."""
    best = 0.0
    for _ in range(REPEATED):
        began = time.monotonic()
        best = max(best, work() / (time.monotonic() - began))
    return best
