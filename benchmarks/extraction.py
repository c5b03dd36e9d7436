"""The frozen prefix alone: how close its rate comes to what network and decoding allow together."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from benchmarks.bench import BACKBONE, Bench, table
from core import datasets
from core.engine.features import extraction, feature_cache, pipeline, running
from core.engine.features.cache_folder import Cache
from core.engine.features.pipeline import Image
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan
from core.engine.networks import backbones
from core.images import pixels
from core.models.catalog import BACKBONES

REPEATED = 3


@dataclass(frozen=True, slots=True)
class _Material:
    """The prefix of the benchmark, its images, and some of them held in memory."""

    prefix: Prefix
    images: list[Image]
    decoded: list[np.ndarray]


def measure(bench: Bench) -> None:
    """Print the rates, each the best of a few, and the share of the bound."""
    material, cache = _gather(bench), Cache.at(bench.folder / "extraction")
    kept = cache.folder / material.prefix.key
    _extract(material, cache)  # converts the network, once for all
    network, _ = extraction.fastest(material.prefix.model, np.stack(material.decoded[:4]), kept)
    rates = {
        "network": _rate(lambda: sum(map(len, running.run(network, material.decoded)))),
        "decoding": _rate(lambda: _read(material)),
        "both": _rate(lambda: _extract(material, cache)),
        "tf.function": _rate(lambda: _forward(material)),
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


def _gather(bench: Bench) -> _Material:
    backbone = backbones.build_backbone(BACKBONES[BACKBONE], bench.size, bench.weights)
    pooled = keras.layers.GlobalAveragePooling2D()(backbone.output)
    prefix = Prefix(keras.Model(backbone.input, pooled), "b" * 32, bench.size)
    records = datasets.images(bench.ws, bench.dataset.id)
    images = [(r.content, datasets.image_path(bench.ws, bench.dataset.id, r)) for r in records]
    return _Material(
        prefix, images, [pixels.read_copy(copy, bench.size) for _, copy in images[:256]]
    )


def _extract(material: _Material, cache: Cache) -> int:
    """Compute all features anew; the converted network stays."""
    for rows in (cache.folder / material.prefix.key).glob("*-*"):
        shutil.rmtree(rows)
    feature_cache.prepare(
        material.images,
        material.prefix,
        views=ViewPlan(),
        cache=cache,
        report=lambda *seen: None,
        stop=lambda: False,
    )
    return len(material.images)


def _read(material: _Material) -> int:
    size = material.prefix.size
    return len(
        list(pipeline.parallel(lambda i: pixels.read_copy(i[1], size).size, material.images))
    )


def _forward(material: _Material) -> int:
    """Run the held images through what a user would write."""
    return sum(len(_function(material.prefix.model)(batch)) for batch in _batches(material))


@lru_cache(maxsize=1)
def _function(model: keras.Model) -> Callable[[np.ndarray], tf.Tensor]:
    return tf.function(lambda batch: model(batch, training=False))


def _batches(material: _Material) -> list[np.ndarray]:
    decoded = np.stack(material.decoded).astype(np.float32)
    return [decoded[i : i + 32] for i in range(0, len(decoded), 32)]


def _rate(work: Callable[[], int]) -> float:
    """Give the best rate of a few repetitions; other work on the machine only makes it lower."""
    best = 0.0
    for _ in range(REPEATED):
        began = time.monotonic()
        best = max(best, work() / (time.monotonic() - began))
    return best
