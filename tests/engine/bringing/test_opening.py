"""The model of a run that was brought in: it answers as its run says, or is refused."""

from pathlib import Path

import keras
import numpy as np
import pytest

from core.backups.single import inspection as run_inspection
from core.engine.bringing import opening
from core.engine.networks import heads, network
from core.engine.networks.network import Network
from core.errors import UserError
from core.judging.evaluation.unknowns import Prototypes
from core.records import TrainConfig
from core.records.choices import CLASSIFIERS
from core.run_folder import RunFolder
from core.run_results import prototypes
from core.run_results.prototypes import UnknownRule

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pixels = keras.Input((32, 32, 3))
    last_map = keras.layers.Conv2D(4, 3, name="conv")(pixels)
    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(last_map)
    path = tmp_path_factory.mktemp("run") / "model.keras"
    keras.Model(pixels, keras.layers.Dense(3, "softmax")(pooled)).save(path)
    return path


def test_it_opens_and_names_as_many_classes_as_its_run(saved: Path):
    assert opening.open_model(saved, 3).ready

    with pytest.raises(UserError, match="other classes than its run"):
        opening.open_model(saved, 2)


def test_what_tells_the_unknown_fits_its_features(saved: Path):
    found = Prototypes(directions=np.eye(4, 7, dtype=np.float32), classes=np.zeros(4, np.int64))
    folder = RunFolder(saved.parent)
    prototypes.write(folder, UnknownRule(prototypes=found, threshold=None, refused=((0, 1),)))

    with pytest.raises(UserError, match="other features than its run"):
        opening.open_model(saved, 3)
    folder.unknown.unlink()


def test_what_is_no_model_is_refused_in_three_sentences(tmp_path: Path):
    (tmp_path / "model.keras").write_bytes(b"not a model")

    with pytest.raises(UserError, match="Keras cannot load the model"):
        opening.open_model(tmp_path / "model.keras", 2)


HEADS = {
    "hidden": {"hidden_units": 8, "pooling": "flatten", "optimizer": "adam"},
    **{name: {"classifier": name} for name, entry in CLASSIFIERS.items() if entry.fits},
}


@pytest.mark.parametrize("name", HEADS)
def test_the_model_of_every_head_is_let_through_and_opens(tmp_path: Path, name: str):
    fitted = {"dropout": 0.0, "optimizer": "solve"} if name in CLASSIFIERS else {}
    config = TrainConfig(dataset_id="d", **{**fitted, **HEADS[name]})
    pixels = keras.Input((32, 32, 3))
    backbone = keras.Model(pixels, keras.layers.Conv2D(4, 3, name="conv")(pixels))
    made = Network(backbone, heads.build_head(config, 2, 9), "all")
    (tmp_path / "given").mkdir()
    (tmp_path / "run").mkdir()
    model = network.whole(made)
    model.set_weights([values + 0.1 for values in model.get_weights()])  # nobody votes with zeros
    model.save(tmp_path / "given" / "model.keras")

    run_inspection._model(tmp_path / "given", RunFolder(tmp_path / "run"))

    assert opening.open_model(tmp_path / "run" / "model.keras", 2).ready
