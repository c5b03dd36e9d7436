"""Finished models cut after their feature map, converted and in Keras, in every kind of head."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from core.engine.explaining import cam, converted, in_keras, opening
from core.engine.explaining.explainer import Explainer
from core.engine.features.cache_folder import Cache
from core.engine.networks import network
from core.engine.prediction import compiled, in_keras as predicting
from core.engine.serving.server import Server
from core.errors import UserError
from core.images import pixels
from core.models.catalog import BACKBONES, STARTER
from core.records import Explanation, PicturePart, TrainConfig
from core.records.requests import Explain, Predict
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
FROZEN = replace(jobs.TINY, freeze="all", fine_tune_epochs=0)
IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
FAST = ("MobileNet-0.25",)
SIZES = re.compile(r"(?<!V)\d+$|B\d$|[SML]$|(Tiny|Small|Base|X?Large|Mobile)$|\d+(?=V2$)")
FAMILIES = {  # the smallest of each comes last, and stays
    SIZES.sub("", BACKBONES[name].constructor): name
    for name in sorted(BACKBONES, key=lambda name: -BACKBONES[name].parameters)
    if name != STARTER
}


def made(config: TrainConfig, classes: int = 2) -> network.Network:
    """Build a network as if its head had learned: no bias is zero."""
    found, rng = network.build(config, classes, None), np.random.default_rng(0)
    for variable in found.head.variables:
        variable.assign(rng.normal(0, 0.3, variable.shape))
    return found


@pytest.mark.parametrize(
    ("config", "fine"),
    [
        (replace(FROZEN, hidden_units=8, dropout=0.5), True),
        (replace(FROZEN, output="sigmoid"), True),
        (replace(FROZEN, optimizer="solve"), True),
        (replace(FROZEN, pooling="flatten"), False),
    ],
)
def test_a_model_is_cut_alike_in_openvino_and_in_keras(
    tmp_path: Path, config: TrainConfig, fine: bool
):
    model = network.whole(made(config))
    cache = Cache.at(tmp_path)
    predictor, _ = predicting.prepare(model, IMAGE[None], cache, "run")
    ours = converted.reopen(compiled.folder_of(cache.folder, "run"))
    theirs = in_keras.of_model(model)

    assert ours is not None
    assert theirs is not None
    for explainer in (ours, theirs):
        assert opening.agrees(explainer, predictor)
        assert (explainer.see_larger is not None) == fine
        assert explainer.is_sigmoid == (config.output == "sigmoid")
    np.testing.assert_allclose(ours.probabilities(IMAGE), theirs.probabilities(IMAGE), atol=1e-5)
    if ours.see_larger and theirs.see_larger:
        larger = IMAGE.repeat(2, axis=0).repeat(2, axis=1)
        np.testing.assert_allclose(ours.see_larger(larger), theirs.see_larger(larger), atol=1e-4)


def test_a_head_of_another_kind_is_not_taken_apart():
    pixels = keras.Input((8, 8, 3))
    backbone = keras.Model(pixels, keras.layers.AveragePooling2D(2)(pixels))
    image = keras.Input((8, 8, 3))
    strongest = keras.layers.GlobalMaxPooling2D()(backbone(image))
    answer = keras.layers.Activation("softmax")(keras.layers.Dense(2)(strongest))

    assert in_keras.of_model(keras.Model(image, answer)) is None


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builders.write_image(tmp_path_factory.mktemp("picture") / "red.png")


def ask(ws: Workspace, run_id: str, picture: Path, **what: object) -> Explanation:
    request = Explain(run_id=run_id, file=str(picture), **what)
    return Server(ws).handlers[Explain](request)


def test_a_run_is_explained_as_it_predicts(trained: tuple[Workspace, str], picture: Path):
    ws, run_id = trained

    found = ask(ws, run_id, picture)
    other = ask(ws, run_id, picture, label=found.scores[1].label)

    assert (found.method, found.label) == ("cam", found.scores[0].label)
    model = jobs.model(ws, run_id)
    pixels = builders.Image.open(picture).resize((32, 32), builders.Image.Resampling.BILINEAR)
    said = np.asarray(model(np.asarray(pixels, np.float32)[None], training=False))[0]
    assert found.probability() == pytest.approx(said.max(), abs=1e-4)
    assert [len(row) for row in found.heat] == [2, 2]  # one place as the network sees it
    np.testing.assert_allclose(found.heat, -np.array(other.heat), atol=2e-6)  # of two classes


def test_a_copy_is_explained_as_it_was_named(trained: tuple[Workspace, str], tmp_path: Path):
    ws, run_id = trained
    noisy = builders.write_image(tmp_path / "noisy.png", size=200).read_bytes()
    copy = tmp_path / "copy.jpg"  # once more through JPEG it is not the same picture
    copy.write_bytes(pixels.copy_of(noisy))
    asked = Predict(run_id=run_id, files=(str(copy),), stored=True)

    [named] = Server(ws).handlers[Predict](asked).predictions

    found = ask(ws, run_id, copy, stored=True)
    assert found.probability() == pytest.approx(named.confidence, abs=1e-6)


def test_a_run_whose_converted_model_is_gone_is_explained_as_before(
    trained: tuple[Workspace, str], picture: Path, tmp_path: Path
):
    ws, run_id = trained
    old = Workspace(tmp_path / "old")
    shutil.copytree(ws.run(run_id).path, old.run(run_id).path)

    found, before = ask(old, run_id, picture), ask(ws, run_id, picture)

    np.testing.assert_allclose(found.heat, before.heat, atol=1e-4)


def test_a_part_that_is_covered_is_predicted_without_it(
    trained: tuple[Workspace, str], picture: Path
):
    ws, run_id = trained

    found = ask(ws, run_id, picture, cover=PicturePart())
    by_parts = ask(ws, run_id, picture, occlude=True)

    assert found.covered
    assert found.covered != found.scores
    assert by_parts.method == "occlusion"
    assert len(by_parts.heat) == 8


def test_a_class_that_is_not_known_and_a_file_that_is_not_there_are_refused(
    trained: tuple[Workspace, str], picture: Path
):
    ws, run_id = trained

    with pytest.raises(UserError, match="Did you mean 'green'"):
        ask(ws, run_id, picture, label="gren")
    with pytest.raises(UserError, match=r"'gone\.png' could not be opened"):
        ask(ws, run_id, picture.with_name("gone.png"))


def test_a_converted_model_that_answers_otherwise_is_not_believed(
    trained: tuple[Workspace, str], tmp_path: Path
):
    ws, run_id = trained
    predictor = compiled.load(ws.run(run_id).model, ws.cache)
    explainer = opening.load(ws.run(run_id).model, ws.cache, predictor)
    assert explainer is not None
    first = explainer.head.layers[-1]
    wrong = cam.DenseLayer(first.kernel, first.bias + np.array([1, 0]))
    head = replace(explainer.head, layers=(*explainer.head.layers[:-1], wrong))

    assert opening.agrees(explainer, predictor)
    assert not opening.agrees(replace(explainer, head=head), predictor)


def tries() -> list:
    slow = [name for family, name in sorted(FAMILIES.items()) if name not in FAST]
    return [*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in slow)]


@pytest.mark.parametrize("name", tries())
def test_random_weights_give_another_map(name: str):
    """As in Adebayo et al. (NeurIPS 2018): a map that they do not change says nothing."""
    size = max(96, BACKBONES[name].smallest_size)
    net = made(replace(FROZEN, backbone=name, image_size=size, optimizer="adam"), classes=10)
    explainer, rng = in_keras.of_model(network.whole(net)), np.random.default_rng(0)
    assert explainer is not None
    noise = 127 + 50 * rng.normal(size=(2 * size, 2 * size, 3))
    picture = np.uint8(np.clip(noise, 0, 255))

    seen = heats(explainer, picture)
    weights = net.backbone.get_weights()
    net.backbone.set_weights([rng.permutation(w.ravel()).reshape(w.shape) for w in weights])
    random = heats(explainer, picture)

    assert seen[0].size > 8
    assert abs(np.mean([correlation(a, b) for a, b in zip(seen, random, strict=True)])) < 0.3
    assert correlation(seen[0], seen[0]) == pytest.approx(1)


def heats(explainer: Explainer, picture: np.ndarray) -> list[np.ndarray]:
    found = cam.parts(explainer.head, explainer.see(picture[::2, ::2]))
    seen = (explainer.see_larger or explainer.see)(picture)
    slopes = (cam.for_class(found, index) for index in range(len(found.logits)))
    return [cam.contributions(explainer.head, seen, slope) for slope in slopes]


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Give Spearman's correlation of ranks."""
    ranks = [np.argsort(np.argsort(values.ravel())) for values in (first, second)]
    return float(np.corrcoef(ranks)[0, 1])
