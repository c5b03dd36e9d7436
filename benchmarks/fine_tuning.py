"""Fine-tuning the last quarter of the blocks, beside `fit` with the same layers trainable."""

import time
from statistics import mean

import numpy as np

from benchmarks import guide
from benchmarks.bench import BACKBONE, Bench, table
from benchmarks.ours import WarmEngine
from core import datasets
from core.models.catalog import BACKBONES
from core.records import Split

HEAD_EPOCHS = 1


def measure(bench: Bench) -> None:
    """Print seconds of the fine-tuning epochs, the ratio, and the bound of the suffix itself."""
    blocks = BACKBONES[BACKBONE].blocks
    cut = blocks[round(0.75 * len(blocks)) - 1].name
    layer, bound = _suffix_bound(bench, cut)
    theirs, whole, tuned, right = [], [], [], []
    for seed in bench.seeds:
        theirs.append(
            guide.run(
                bench.photographs,
                bench.weights,
                size=bench.size,
                epochs=bench.epochs,
                seed=seed,
                thaw=layer,
            )
        )
        engine = WarmEngine(bench.ws)
        config = bench.config(
            seed=seed, epochs=HEAD_EPOCHS, freeze=cut, fine_tune_epochs=bench.epochs
        )
        result = engine.train(config)
        engine.close()
        whole.append(result.seconds)
        right.append(result.accuracy)
        tuned.append(result.tuning_seconds)
    fitted = mean(sum(t.epoch_seconds) for t in theirs)
    table(
        (f"fine-tuning after '{cut}', {bench.epochs} epochs", "seconds", "faster", "accuracy"),
        ("`fit`, the same layers", f"{fitted:.1f}", "", f"{mean(t.accuracy for t in theirs):.3f}"),
        ("Thaw, its epochs", f"{mean(tuned):.1f}", f"x{fitted / mean(tuned):.1f}", ""),
        (
            "Thaw, the whole run",
            f"{mean(whole):.1f}",
            f"x{fitted / mean(whole):.1f}",
            f"{mean(right):.3f}",
        ),
        ("bound: the suffix alone", f"{bound:.1f}", f"x{fitted / bound:.1f}", ""),
    )


def _suffix_bound(bench: Bench, cut: str) -> tuple[str, float]:
    """Time what no cache can spare: the suffix forward and backward, on numbers in memory.

    Gives the name of the last frozen layer, too.
    """
    import tensorflow as tf

    from core.engine.networks import backbones, blocks

    backbone = backbones.build_backbone(BACKBONES[BACKBONE], bench.size, bench.weights)
    layer = dict(blocks.block_ends(backbone))[cut]
    suffix = blocks.split(backbone, cut)[1]
    assert suffix is not None
    inputs = tf.random.uniform((32, *suffix.input_shape[1:]))

    @tf.function
    def learn() -> list:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(suffix(inputs, training=False))
        return tape.gradient(loss, [v.value for v in suffix.trainable_variables])

    @tf.function
    def judge():
        return suffix(inputs, training=False)

    records = datasets.images(bench.ws, bench.dataset.id)
    batches = [sum(r.split is s for r in records) / 32 for s in (Split.TRAIN, Split.VALIDATION)]
    seconds = [_seconds(step) for step in (learn, judge)]
    return layer.name, bench.epochs * float(np.dot(batches, seconds))


def _seconds(step) -> float:
    """Give the median time of a call."""
    step()
    times = []
    for _ in range(15):
        began = time.monotonic()
        step()
        times.append(time.monotonic() - began)
    return float(np.median(times))
