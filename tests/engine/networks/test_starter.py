"""The starter that ships: one file, these bytes, and features worth having on the sample."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[3]
FILE = ROOT / "core" / "models" / "weights_data" / "thaw_starter_mobilenet_v2_0.35.h5"
SHA256 = "d64552f41fa32d726a9796e3e29b6fc3ee58f12959753af05a0e65ebfa62166c"
SIZE = 128
MARGIN = 0.15
STRIDE = 3

pytestmark = pytest.mark.engine


def backbone():
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    return keras.applications.MobileNetV2(
        alpha=0.35,
        include_top=False,
        pooling="avg",
        weights=None,
        input_shape=(SIZE, SIZE, 3),
    )


def sample(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Every third image of the sample: (number, SIZE, SIZE, 3) in -1..1, and class numbers."""
    pytest.importorskip("core.images.sample").write(folder)
    files = sorted(folder.glob("*/*.webp"))[::STRIDE]
    pixels = [np.asarray(Image.open(f).convert("RGB").resize((SIZE, SIZE))) for f in files]
    names = sorted({file.parent for file in files})
    labels = np.array([names.index(file.parent) for file in files])
    return np.stack(pixels).astype(np.float32) / 127.5 - 1.0, labels


def probe(features: np.ndarray, labels: np.ndarray) -> float:
    """Accuracy of ridge regression, trained on every other image, on the images between."""
    scaled = (features - features[::2].mean(axis=0)) / (features[::2].std(axis=0) + 1e-12)
    goal = np.eye(labels.max() + 1)[labels[::2]]
    kernel = scaled[::2] @ scaled[::2].T / features.shape[1]
    weights = np.linalg.solve(kernel + np.eye(len(kernel)) * 0.01, goal - goal.mean(axis=0))
    scores = scaled[1::2] @ scaled[::2].T / features.shape[1] @ weights + goal.mean(axis=0)
    return float((scores.argmax(axis=1) == labels[1::2]).mean())


def test_one_file_of_less_than_1_7_megabytes_is_the_starter():
    found = list(ROOT.glob("core/**/*starter*.h5"))

    assert found == [FILE]
    assert 0.8e6 <= FILE.stat().st_size <= 1.7e6
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == SHA256


def test_the_starter_loads_and_its_features_are_finite_and_vary():
    model = backbone()

    model.load_weights(FILE)
    noise = np.random.default_rng(0).uniform(-1, 1, (4, SIZE, SIZE, 3)).astype(np.float32)
    features = model.predict(noise, verbose=0)

    assert features.shape == (4, 1280)
    assert np.isfinite(features).all()
    assert (features.std(axis=0) > 0).mean() > 0.5


@pytest.mark.slow
def test_a_linear_probe_on_the_starter_beats_one_on_random_weights(tmp_path):
    images, labels = sample(tmp_path)
    model = backbone()

    random = probe(model.predict(images, verbose=0).astype(np.float64), labels)
    model.load_weights(FILE)
    starter = probe(model.predict(images, verbose=0).astype(np.float64), labels)

    assert starter >= random + MARGIN, f"starter {starter:.3f}, random weights {random:.3f}"
