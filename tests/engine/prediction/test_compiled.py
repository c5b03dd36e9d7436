from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from core.engine.features import cache_folder
from core.engine.features.cache_folder import Cache
from core.engine.networks import converting, openvino_network
from core.engine.prediction import checking, compiled, in_keras, predicting
from core.images import pixels
from core.workspace import Workspace
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SIZE = 32


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (7, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache.at(tmp_path / "cache")


def model(seed: int = 1, outputs: int = 3) -> keras.Model:
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(8, 3, activation="relu")(keras.layers.Rescaling(1 / 255)(inputs))
    x = keras.layers.Dropout(0.5)(keras.layers.GlobalAveragePooling2D()(x))
    activation = "softmax" if outputs > 1 else "sigmoid"
    return keras.Model(inputs, keras.layers.Dense(outputs, activation=activation)(x))


def saved(tmp_path: Path, given: keras.Model) -> Path:
    path = tmp_path / "run-1" / "model.keras"
    path.parent.mkdir(exist_ok=True)
    given.save(path)
    return path


def answers(predictor: compiled.Predictor, images: np.ndarray) -> np.ndarray:
    return np.stack(list(predicting.probabilities(predictor, images)))


def test_a_run_is_answered_by_openvino_as_keras_would(
    tmp_path: Path, cache: Cache, images: np.ndarray
):
    given = model()
    path = saved(tmp_path, given)
    ready, reason = in_keras.prepare(given, images[:4], cache, "run-1")

    loaded = compiled.load(path, cache.folder)

    assert (ready.network.engine, ready.network.precision, reason) == ("openvino", "f32", None)
    assert (loaded.network.engine, loaded.size) == ("openvino", SIZE)
    plain = answers(in_keras.load_saved(path), images)
    assert np.abs(answers(loaded, images) - plain).max() < 1e-5
    assert np.array_equal(answers(loaded, images), answers(ready, images))


def test_one_sigmoid_gives_two_probabilities(tmp_path: Path, cache: Cache, images: np.ndarray):
    predictor, _ = in_keras.prepare(model(outputs=1), images[:4], cache, "run-1")

    rows = answers(predictor, images)

    assert rows.shape == (7, 2)
    assert rows.sum(axis=1) == pytest.approx(np.ones(7))


@pytest.mark.parametrize("harm", ["emptied", "torn", "of another version"])
def test_without_the_converted_network_keras_answers(
    tmp_path: Path, cache: Cache, images: np.ndarray, harm: str, monkeypatch: pytest.MonkeyPatch
):
    given = model()
    path = saved(tmp_path, given)
    in_keras.prepare(given, images[:4], cache, "run-1")
    folder = cache.folder / "model-run-1"
    if harm == "emptied":
        (folder / "choice.json").unlink()
    elif harm == "torn":
        (folder / "network.bin").write_bytes((folder / "network.bin").read_bytes()[:-7])
    else:
        monkeypatch.setattr(openvino_network, "installed", lambda: "1.0")

    predictor = compiled.load(path, cache.folder)

    assert predictor.network.engine == "tensorflow"
    assert np.abs(answers(predictor, images) - given.predict(images, verbose=0)).max() < 1e-5


def test_a_run_that_is_finished_again_is_answered_by_its_new_model(
    tmp_path: Path, cache: Cache, images: np.ndarray
):
    in_keras.prepare(model(1), images[:4], cache, "run-1")
    path = saved(tmp_path, model(2))
    in_keras.prepare(model(2), images[:4], cache, "run-1")

    rows = answers(compiled.load(path, cache.folder), images)

    assert np.abs(rows - answers(in_keras.load_saved(path), images)).max() < 1e-5


def test_a_network_that_answers_otherwise_is_not_used(
    cache: Cache, images: np.ndarray, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(openvino_network, "LARGEST_ERROR", {"f32": -1})

    predictor, reason = in_keras.prepare(model(), images[:4], cache, "run-1")

    assert predictor.network.engine == "tensorflow"
    assert reason is not None


def test_while_a_model_is_converted_nobody_takes_its_folder(cache: Cache, images: np.ndarray):
    def convert(given: keras.Model, shape: tuple[int, ...], folder: Path) -> None:
        cache_folder.make_room(Cache(cache.folder, 1), "another", 1)  # as another process would
        converting.to_files(given, shape, folder)

    predictor, reason = in_keras.prepare(model(), images[:4], cache, "run-1", convert=convert)

    assert reason is None
    assert predictor.network.engine == "openvino"


def test_without_room_in_the_cache_keras_answers(tmp_path: Path, images: np.ndarray):
    predictor, _ = in_keras.prepare(model(), images[:4], Cache(tmp_path, 0), "run-1")

    assert predictor.network.engine == "tensorflow"
    assert answers(predictor, images).shape == (7, 3)


def test_a_run_whose_model_does_not_fit_into_the_cache_leaves_its_features_there(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("THAW_CACHE_GB", "0.00022")  # 0.13 MB are the features, 0.19 MB the model

    jobs.run(ws, replace(jobs.TINY, freeze="all", epochs=1, fine_tune_epochs=0))

    assert list(ws.cache.glob("*/*/rows.bin"))
    assert not list(ws.cache.glob("model-*/network.xml"))


def test_the_check_counts_right_answers(tmp_path: Path, cache: Cache, images: np.ndarray):
    copies = []
    for i, image in enumerate(images):
        copies.append(tmp_path / f"{i}.png")
        copies[-1].write_bytes(pixels.encode(image)[0])
    predictor, _ = in_keras.prepare(model(), images[:4], cache, "run-1")
    said = answers(in_keras.of_model(model()), images).argmax(axis=1).astype(np.int32)
    said[0] = (said[0] + 1) % 3

    given = checking.ask(predictor, copies, lambda done, total: None)
    checked = checking.judge(given.probabilities, said)

    assert round(checked.accuracy * checked.images) == 6
