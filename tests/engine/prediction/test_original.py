"""The original network names what Keras' own model and `decode_predictions` name."""

import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import h5py
import keras
import numpy as np
import pytest
from keras.src.applications import imagenet_utils
from keras.src.legacy.saving import legacy_h5_format
from keras.src.utils import file_utils

from core.engine.serving.server import Server
from core.errors import UserError
from core.images import pixels
from core.models import original
from core.models.catalog import BACKBONES, Backbone
from core.records import TrainConfig
from core.records.requests import PredictOriginal
from core.workspace import Workspace
from tests.builders import make_run, write_image

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]
SLOW = ("ResNet50", "DenseNet121", "EfficientNetB0", "VGG16")  # caffe, torch, inside, no pooling


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have names of a thousand classes where Keras keeps them."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    folder = tmp_path / "keras" / "models"
    folder.mkdir(parents=True)
    index = {str(number): [f"n{number:08}", f"name_{number}"] for number in range(1000)}
    (folder / original.CLASS_INDEX.file).write_text(json.dumps(index))
    return folder


def constructed(backbone: Backbone, weights: str | None) -> keras.Model:
    """Build the whole network as a user of Keras would."""
    network: Any = getattr(keras.applications, backbone.constructor)
    shape = (backbone.default_size, backbone.default_size, 3)
    model: keras.Model = network(weights=weights, input_shape=shape, **dict(backbone.arguments))
    return model


def write_weights(backbone: Backbone, folder: Path) -> None:
    """Write lively weights in the format and under the name of the official file."""
    assert backbone.top is not None
    keras.utils.set_random_seed(1)
    model = constructed(backbone, None)
    rng = np.random.default_rng(1)
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(0.01, 0.2, weight.shape))
    with h5py.File(folder / backbone.top.file, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


@pytest.mark.parametrize(
    "name",
    [
        "MobileNet-0.25",
        "MobileNetV3Small",
        *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW),
    ],
)
def test_it_names_what_keras_names(name: str, ws: Workspace, home: Path, tmp_path: Path):
    backbone = BACKBONES[name]
    write_weights(backbone, home)
    photos = [write_image(tmp_path / f"{i}.png", colour=i, seed=i, size=80) for i in range(2)]
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")

    run_id = make_run(ws, config=TrainConfig(dataset_id="photos", backbone=name))
    files = tuple(map(str, (photos[0], broken, photos[1])))

    asked = PredictOriginal(run_id=run_id, files=files)
    said = Server(ws).handlers[PredictOriginal](asked).predictions

    asked_for = dict[str, tuple[str, str]]()

    def get_file(fname: str, origin: str, file_hash: str = "", **_: object) -> str:
        asked_for[fname] = (origin, file_hash)
        return str(home / fname)

    size = backbone.default_size
    given = [pixels.read_copy(pixels.copy_of(p.read_bytes()), size) for p in photos]
    module = sys.modules[getattr(keras.applications, backbone.constructor).__module__]
    with (
        mock.patch.object(file_utils, "get_file", get_file),
        mock.patch.object(imagenet_utils, "CLASS_INDEX", None),
    ):
        theirs = constructed(backbone, "imagenet")
        raw = np.stack(given).astype("float32")
        rows = np.concatenate([theirs(module.preprocess_input(raw[i : i + 1])) for i in range(2)])
        wanted = module.decode_predictions(rows, top=5)
    for answer, expected in zip((said[0], said[2]), wanted, strict=True):
        assert [score.label for score in answer.scores] == [name for _, name, _ in expected]
        probabilities = [score.probability for score in answer.scores]
        assert probabilities == pytest.approx([float(p) for *_, p in expected], rel=1e-3)
        assert answer.label == answer.scores[0].label
    assert said[1].problem is not None
    known = [backbone.top, original.CLASS_INDEX]
    assert asked_for == {file.file: (file.url, file.hash) for file in known if file}
    assert np.ptp(rows) > 1e-4, "the weights tell pictures apart"


def test_without_its_files_it_says_which_is_missing(ws: Workspace, home: Path):
    run_id = make_run(ws, config=TrainConfig(dataset_id="photos", backbone="MobileNet-0.25"))

    with pytest.raises(UserError, match=r"mobilenet_2_5_224_tf\.h5 is missing"):
        Server(ws).handlers[PredictOriginal](PredictOriginal(run_id=run_id, files=()))
