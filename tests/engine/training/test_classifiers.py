"""Runs of simple classifiers on features: the same files, answers and refusals as others."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from core import datasets, files, runs
from core.engine.features.cache_folder import Cache
from core.engine.networks import classifiers, converting, network, openvino_choice
from core.engine.prediction import in_keras
from core.engine.serving.server import Server
from core.errors import UserError
from core.exports import taking
from core.exports.bundles import making
from core.judging.classifiers import class_means, nearest
from core.models.catalog import CLASSIFIERS
from core.records import ModelCard, Phase, Split, TrainConfig
from core.records.requests import Explain, ExplainClass, Predict
from core.run_results import folds, pooled, predictions, prototypes
from core.run_results.pooled import PooledFeatures
from core.runs.inference import Engine
from core.workspace import RunFolder, Workspace
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
FITTED = tuple(name for name, entry in CLASSIFIERS.items() if entry.fits)
FROZEN = replace(jobs.TINY, freeze="all", fine_tune_epochs=0, optimizer="solve")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Mapping[str, str]]:
    """A workspace with a run of each classifier that is fitted."""
    ws = Workspace(tmp_path_factory.mktemp("classifiers"))
    made = {name: jobs.run(ws, replace(FROZEN, classifier=name)) for name in FITTED}
    assert {ended for _, ended in made.values()} == {"done"}
    return ws, {name: run_id for name, (run_id, _) in made.items()}


def left(ws: Workspace, run_id: str) -> tuple[RunFolder, ModelCard, PooledFeatures]:
    folder = ws.run(run_id)
    found = pooled.read(folder)
    assert found is not None
    return folder, files.read_record(folder.card, ModelCard), found


@pytest.mark.parametrize("name", FITTED)
def test_a_run_leaves_what_every_run_leaves(trained, name: str):
    ws, ids = trained
    folder, card, found = left(ws, ids[name])

    said = predictions.read(folder)
    assert said is not None
    assert card.validation.accuracy == pytest.approx(said.right.mean())
    assert (prototypes.read(folder) is None, folds.read(folder) is None) == (False, False)
    assert len(runs.epochs(ws, ids[name])) == 1
    assert len(found.of(Split.TRAIN).contents) == card.num_train
    assert not [s for s in jobs.sentences(ws, ids[name]) if s.startswith("Error")]


@pytest.mark.parametrize("name", FITTED)
def test_the_saved_model_answers_as_numpy_does(trained, name: str):
    ws, ids = trained
    _, card, found = left(ws, ids[name])
    copies = [p for _, p in _pictures(ws, card)][:8]
    model = jobs.model(ws, ids[name])  # plain Keras, safe mode
    pixels = np.stack([keras.utils.img_to_array(_opened(p)) for p in copies])

    learned = found.of(Split.TRAIN)
    given = np.asarray(keras.Model(model.input, model.get_layer("pool").output)(pixels))
    fit = {"class-mean": class_means.fit, "knn": nearest.remember}[name]
    fitted = fit(np.asarray(learned.features, float), learned.labels, len(card.labels))
    ours = fitted.logits(given).argmax(axis=1)

    assert np.asarray(model(pixels)).argmax(axis=1).tolist() == ours.tolist()


def _pictures(ws: Workspace, card: ModelCard) -> list[tuple[str, Path]]:
    images = datasets.images(ws, card.config.dataset_id, card.config.dataset_version)
    return [(i.label, datasets.image_path(ws, card.config.dataset_id, i)) for i in images]


def _opened(path: Path):
    return keras.utils.load_img(path, target_size=(32, 32))


def test_only_a_dense_layer_is_taken_away(trained, tmp_path: Path):
    ws, ids = trained

    made = taking.export(ws, ids["class-mean"], format="keras", out=tmp_path / "m.keras")
    assert made.num_bytes
    with pytest.raises(UserError, match="'knn' cannot be exported"):
        taking.export(ws, ids["knn"], format="keras", out=tmp_path / "n")
    with pytest.raises(UserError, match="features of every training image"):
        making.make(ws, ids["knn"], (), Engine(ws), lambda message: None)
    assert [path.name for path in tmp_path.iterdir()] == ["m.keras"]


def test_class_means_are_explained_exactly_and_neighbours_by_covering(trained):
    ws, ids = trained
    server = Server(ws)
    label, picture = _pictures(ws, left(ws, ids["knn"])[1])[0]
    ask = {name: Explain(run_id=ids[name], file=str(picture), label=label) for name in FITTED}

    methods = {name: server.handlers[Explain](asked).method for name, asked in ask.items()}

    assert methods == {"class-mean": "cam", "knn": "occlusion"}
    with pytest.raises(UserError, match="cannot be taken apart"):
        server.handlers[ExplainClass](ExplainClass(run_id=ids["knn"], label=label))


def test_votes_keep_their_shares_and_class_means_are_calibrated(trained):
    ws, ids = trained
    cards = {name: left(ws, ids[name])[1] for name in FITTED}

    assert cards["knn"].temperature == 1.0
    assert cards["class-mean"].temperature != 1.0
    assert (cards["knn"].num_trainable, cards["class-mean"].num_trainable > 0) == (0, True)


def test_a_serving_process_names_a_learned_picture_as_it_was_learned(trained):
    ws, ids = trained
    card = left(ws, ids["knn"])[1]
    images = datasets.images(ws, card.config.dataset_id, card.config.dataset_version)
    learned = [i for i in images if i.split is Split.TRAIN][:6]
    paths = tuple(str(datasets.image_path(ws, card.config.dataset_id, i)) for i in learned)

    said = Server(ws).handlers[Predict](Predict(run_id=ids["knn"], files=paths, stored=True))

    assert [p.label for p in said.predictions] == [i.label for i in learned]


RNG = np.random.default_rng(0)
VECTORS, LABELS, ASKED = RNG.normal(size=(40, 12)), np.arange(40) % 4, RNG.normal(size=(9, 12))


@pytest.mark.parametrize("name", FITTED)
def test_layers_give_the_numbers_of_numpy_to_five_digits(name: str, tmp_path: Path):
    config = replace(FROZEN, classifier=name)
    fitted = {"class-mean": class_means.fit, "knn": nearest.remember}[name](VECTORS, LABELS, 4)
    vectors = keras.Input((12,))
    layers = [keras.layers.UnitNormalization(), *classifiers.LAYERS[name](4, 40)]
    given = vectors
    for layer in layers:
        given = layer(given)
    model = keras.Model(vectors, keras.layers.Activation("softmax")(given))
    variables = [v for layer in layers for v in layer.trainable_variables]
    for variable, value in zip(variables, classifiers.values(fitted, config), strict=True):
        variable.assign(value)
    model.save(tmp_path / "m.keras")

    saved = keras.saving.load_model(tmp_path / "m.keras", compile=False, safe_mode=True)

    ours = np.exp(fitted.logits(ASKED))
    ours /= ours.sum(axis=1, keepdims=True)
    assert np.asarray(saved(ASKED.astype(np.float32))) == pytest.approx(ours, abs=1e-5)


@pytest.mark.parametrize("name", FITTED)
def test_it_stands_on_a_converted_network_as_in_keras(name: str, tmp_path: Path):
    config: TrainConfig = replace(FROZEN, classifier=name)
    made = network.build(config, 4, None, num_train=40)
    whole = network.whole(made)
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
    frozen, prefix = network.prefix(made, Phase.HEAD), tmp_path / "prefix"
    prefix.mkdir()
    assert frozen is not None
    width = int(frozen.output_shape[-1])
    vectors = np.abs(np.random.default_rng(1).normal(size=(40, width)))
    fitted = {"class-mean": class_means.fit, "knn": nearest.remember}[name](vectors, LABELS, 4)
    for variable, value in zip(
        made.head.variables, classifiers.values(fitted, config), strict=True
    ):
        variable.assign(value)
    openvino_choice.open_network(frozen, images, prefix)

    predictor, reason = in_keras.prepare(
        whole,
        images,
        Cache.at(tmp_path / "cache"),
        "run",
        convert=lambda _, __, to: converting.graft(prefix, made.head, to, channels=width),
    )

    assert (predictor.network.engine, reason) == ("openvino", None)
