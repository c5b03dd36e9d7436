"""Steps with BatchNorm in the convolution and without: ``python -m benchmarks folding``.

Both in turn on the same images, the whole network learning, as `core.engine.loop.steps` does it:
processor seconds for 1,024 images, and how far apart the weights are after the same steps.
"""

import argparse
import time
from collections.abc import Sequence

import keras
import numpy as np

from core.engine.loop.steps import Learner
from core.engine.networks import backbones, from_scratch
from core.models import catalog

TURNS, BATCHES, BATCH = 3, 32, 32


def main(arguments: Sequence[str]) -> None:
    """Measure one backbone from random values."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks folding", description=__doc__)
    parser.add_argument("--backbone", default="MobileNetV2-0.35")
    parser.add_argument("--image-size", type=int, default=96)
    options = parser.parse_args(arguments)
    learners = {
        fold: _learner(options.backbone, options.image_size, fold) for fold in (True, False)
    }
    spent: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(TURNS + 1):
        for fold, learner in learners.items():
            seconds = _seconds(learner, options.image_size)
            if turn:  # the first compiles
                spent[fold].append(seconds)
    folded, plain = (float(np.median(spent[fold])) for fold in (True, False))
    apart = max(
        float(np.abs(one - other).max())
        for one, other in zip(learners[True].values, learners[False].values, strict=True)
    )
    print(f"{options.backbone}, {options.image_size} px: {plain:.1f} s, folded {folded:.1f} s")
    print(f"plain / folded: {plain / folded:.2f}; largest difference of a weight: {apart:.1e}")


def _learner(name: str, side: int, fold: bool) -> Learner:
    keras.utils.set_random_seed(1)
    backbone = backbones.build_backbone(catalog.backbone(name), side, None)
    from_scratch.measure(backbone, seed=1)
    pooled = keras.layers.GlobalAveragePooling2D()(backbone.output)
    model = keras.Model(backbone.input, keras.layers.Dense(10)(pooled))
    learner = Learner(model, model.trainable_variables, optimizer="adamw")
    if not fold:
        learner._folds = []
    return learner


def _seconds(learner: Learner, side: int) -> float:
    rng = np.random.default_rng(0)
    images = rng.uniform(0, 255, (BATCHES, BATCH, side, side, 3)).astype("float32")
    labels = rng.integers(0, 10, (BATCHES, BATCH)).astype("int32")
    batches, rates = (images, labels, np.ones_like(labels, "float32")), np.full(BATCHES, 1e-5)
    start = time.process_time()
    learner.train(batches, rates.astype("float32"))
    return time.process_time() - start
