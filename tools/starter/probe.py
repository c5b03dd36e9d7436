"""Measure features on images that no training saw: linear probes, or every weight trained.

`python -m tools.starter.probe --data FOLDER --name starter --weights FILE.h5 --out TABLE.tsv`
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from tools.starter.images import is_kept_out, list_images

Array = NDArray[np.float32]
Labels = NDArray[np.int64]
Folds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]

SETS = ("trashnet", "eurosat", "fruit_ms", "mnist_png")
SIZES = (128, 224)
NUM_FOLDS = 5
TRAIN_STEPS, TRAIN_BATCH, TRAIN_RATE = 300, 32, 2e-3


def load(folder: Path, *, size: int) -> tuple[Array, Labels]:
    """Read the kept-out files: images (number, size, size, 3) in -1..1, and class numbers."""
    files = [file for file in list_images(folder) if is_kept_out(file)]
    names = sorted({file.parent.name for file in files})
    pixels = [
        np.asarray(Image.open(file).convert("RGB").resize((size, size), Image.Resampling.BILINEAR))
        for file in files
    ]
    labels = np.array([names.index(file.parent.name) for file in files])
    return np.stack(pixels).astype(np.float32) / 127.5 - 1.0, labels


def split(labels: Labels, *, few: bool) -> Folds:
    """Give five pairs (train on, test on) of like class shares; the same for every network.

    Few means that a network learns from one fifth and is tested on the rest.
    """
    folds = StratifiedKFold(NUM_FOLDS, shuffle=True, random_state=0)
    pairs = folds.split(np.zeros(len(labels)), labels)
    return [(test, train) if few else (train, test) for train, test in pairs]


def build(alpha: float, *, size: int, weights: Path | None) -> keras.Model:
    """Build the network with pooled features; without a file the weights are random."""
    model = keras.applications.MobileNetV2(
        alpha=alpha,
        include_top=False,
        pooling="avg",
        weights=None,
        input_shape=(size, size, 3),
    )
    if weights:
        model.load_weights(weights)
    return model


def probe(features: NDArray[np.float64], labels: Labels, folds: Folds) -> list[float]:
    """Give the accuracy on each fold of logistic regression on standardised features."""
    accuracies = []
    for train, test in folds:
        head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        with threadpool_limits(1):  # several threads are slower at this size
            head.fit(features[train], labels[train])
        accuracies.append(float(head.score(features[test], labels[test])))
    return accuracies


def train_all(
    images: Array, labels: Labels, folds: Folds, *, alpha: float, weights: Path | None
) -> Iterator[float]:
    """Give the accuracy on each fold of the network with every weight trained."""
    for train, test in folds:
        network = classifier(
            int(labels.max()) + 1, alpha=alpha, size=images.shape[1], weights=weights
        )
        random = np.random.default_rng(0)
        for _ in range(TRAIN_STEPS):
            chosen = random.choice(train, TRAIN_BATCH)
            network.train_on_batch(jitter(random, images[chosen]), labels[chosen])
        guesses = network.predict(images[test], verbose=0).argmax(axis=1)
        yield float((guesses == labels[test]).mean())


def classifier(num_classes: int, *, alpha: float, size: int, weights: Path | None) -> keras.Model:
    """Build the network with a softmax head, ready to learn every weight with Adam, cosine."""
    base = build(alpha, size=size, weights=weights)
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9
    network = keras.Sequential([base, keras.layers.Dense(num_classes, activation="softmax")])
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, TRAIN_STEPS - 40, warmup_target=TRAIN_RATE, warmup_steps=40
    )
    network.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return network


def jitter(random: np.random.Generator, images: Array) -> Array:
    """Move each image by up to an eighth and change its brightness; a digit stays a digit."""
    reach = images.shape[1] // 8
    moved = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    starts = random.integers(0, 2 * reach, (len(images), 2))
    size = images.shape[1]
    windows = [
        image[top : top + size, left : left + size]
        for image, (top, left) in zip(moved, starts, strict=True)
    ]
    light = random.uniform(0.8, 1.2, (len(images), 1, 1, 1)).astype(np.float32)
    return np.clip(np.stack(windows) * light, -1, 1)


def measure(options: argparse.Namespace) -> Iterator[tuple[str, int, list[float]]]:
    """Give a set, a size and the accuracies on the folds, one after the other."""
    keras.utils.set_random_seed(options.seed)
    for size in options.sizes:
        model = build(options.alpha, size=size, weights=options.weights)
        for name in options.sets:
            images, labels = load(options.data / name, size=size)
            folds = split(labels, few=options.few)[: options.folds]
            if options.train_all:
                settings = {"alpha": options.alpha, "weights": options.weights}
                yield name, size, list(train_all(images, labels, folds, **settings))
            else:
                features = model.predict(images, batch_size=32, verbose=0)
                yield name, size, probe(features.astype(np.float64), labels, folds)


def main() -> None:
    """Append one line per set and size to the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True, help="what the lines are called")
    parser.add_argument("--weights", type=Path, help="without it, random weights")
    parser.add_argument("--alpha", type=float, default=0.35)
    parser.add_argument("--train-all", action="store_true", help="train every weight, not a probe")
    parser.add_argument("--few", action="store_true", help="learn from one fold, not from four")
    parser.add_argument("--folds", type=int, default=NUM_FOLDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    options = parser.parse_args()
    for name, size, accuracies in measure(options):
        folds = " ".join(f"{accuracy:.3f}" for accuracy in accuracies)
        line = f"{options.name}\t{name}\t{size}\t{np.mean(accuracies):.4f}\t{folds}"
        print(line, flush=True)
        with options.out.open("a") as table:
            table.write(line + "\n")


if __name__ == "__main__":
    main()
