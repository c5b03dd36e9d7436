import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from core.engine.networks import openvino_choice, openvino_network

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[3]
SIZE = 32

WATCHED = """
import socket, sys
tried = []
def refuse(*args, **kwargs):
    tried.append(args)
    raise OSError("no network in this test")
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse

import time
from pathlib import Path
import keras, numpy as np
from core.engine.networks import openvino_choice
inputs = keras.Input((32, 32, 3))
model = keras.Model(inputs, keras.layers.Conv2D(4, 3)(inputs))
samples = np.zeros((1, 32, 32, 3), np.uint8)
network, reason = openvino_choice.open_network(model, samples, Path(sys.argv[1]))
assert network is not None, reason
network.start(samples).result()
time.sleep(1)
print("tried", tried)
"""


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (4, SIZE, SIZE, 3), dtype=np.uint8)


def small_network(*layers: keras.Layer) -> keras.Model:
    keras.utils.set_random_seed(5)
    inputs = x = keras.Input((SIZE, SIZE, 3))
    for layer in (keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(8, 3), *layers):
        x = layer(x)
    return keras.Model(inputs, x)


def features(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return np.asarray(model(images.astype(np.float32), training=False))


def test_openvino_computes_what_tensorflow_computes(samples: np.ndarray, tmp_path: Path):
    model = small_network(keras.layers.ReLU(max_value=6), keras.layers.DepthwiseConv2D(3))

    network, _ = openvino_choice.open_network(model, samples, tmp_path)

    assert network is not None
    ours = np.concatenate(
        [network.start(samples[:3]).result(), network.start(samples[3:]).result()]
    )
    np.testing.assert_allclose(ours, features(model, samples), rtol=5e-2, atol=5e-3)


def test_the_choice_is_kept_and_not_made_again(samples: np.ndarray, tmp_path: Path):
    model = small_network()
    openvino_choice.open_network(model, samples, tmp_path)
    made_at = (tmp_path / "network.bin").stat().st_mtime_ns

    network, _ = openvino_choice.open_network(model, samples, tmp_path)

    assert network is not None
    assert (tmp_path / "network.bin").stat().st_mtime_ns == made_at
    kept = openvino_network.kept(tmp_path)
    assert kept is not None
    assert kept.precision == network.precision


def test_an_image_has_the_same_features_whatever_stands_beside_it(
    samples: np.ndarray, tmp_path: Path
):
    network, _ = openvino_choice.open_network(small_network(), samples, tmp_path)

    assert network is not None
    together = network.start(samples).result()
    alone = np.concatenate([network.start(image[None]).result() for image in samples[::-1]])[::-1]
    assert np.array_equal(together, alone)


@pytest.mark.parametrize("name", ["choice.json", "network.bin", "network.xml"])
def test_a_broken_file_means_that_it_is_made_again(samples: np.ndarray, tmp_path: Path, name: str):
    model = small_network()
    openvino_choice.open_network(model, samples, tmp_path)
    (tmp_path / name).write_bytes(b"broken")

    network, _ = openvino_choice.open_network(model, samples, tmp_path)

    assert network is not None
    np.testing.assert_allclose(
        network.start(samples[:1]).result(), features(model, samples[:1]), rtol=5e-2, atol=5e-3
    )


def test_where_rounding_would_hurt_the_precise_way_is_taken(samples: np.ndarray, tmp_path: Path):
    lifted = keras.layers.Rescaling(1, offset=1000)  # in bfloat16 1000 and 1001 are the same
    model = small_network(lifted, keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization())
    model.layers[-2].kernel.assign(
        model.layers[-2].kernel
        - keras.ops.mean(model.layers[-2].kernel, axis=(0, 1, 2), keepdims=True)
    )

    network, reason = openvino_choice.open_network(model, samples, tmp_path)

    assert network is not None
    assert network.precision == "f32"
    assert reason is None, "nothing to be told: it is as exact as it should be"


def test_a_network_that_disagrees_is_not_used(
    samples: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(openvino_network, "LARGEST_ERROR", {"bf16": -1, "f32": -1})
    model = small_network()

    network, reason = openvino_choice.open_network(model, samples, tmp_path)

    assert network is None
    assert "would be off by" in str(reason)
    assert openvino_choice.open_network(model, samples, tmp_path) == (None, reason)


def test_a_layer_that_cannot_be_converted_leaves_the_work_to_tensorflow(
    samples: np.ndarray, tmp_path: Path
):
    network, reason = openvino_choice.open_network(small_network(_Foreign()), samples, tmp_path)

    assert network is None
    assert "could not take this network over" in str(reason)


def test_nothing_is_sent_and_nothing_is_written_to_the_home_folder(tmp_path: Path):
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    environment = {**os.environ, "HOME": str(home), "KERAS_HOME": str(work / "keras")}
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        environment.pop(name, None)

    said = subprocess.run(
        [sys.executable, "-c", WATCHED, str(work)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == "tried []"
    assert list(home.rglob("*")) == []


class _Foreign(keras.Layer):
    """Runs Python inside the graph, which no converter takes over."""

    def call(self, inputs):
        import tensorflow as tf

        out = tf.numpy_function(lambda x: x, [inputs], tf.float32)
        out.set_shape(inputs.shape)
        return out
