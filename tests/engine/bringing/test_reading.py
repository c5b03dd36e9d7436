"""What becomes of models that users save with Keras, from the file to a backbone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core import files
from core.backbones import inspection
from core.engine.bringing import reading
from core.engine.networks import backbones, blocks, network
from core.errors import UserError
from core.models.catalog import Backbone
from core.records import TrainConfig
from core.records.backbones import FoundModel
from core.workspace import BackboneFolder

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
    pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer:UserWarning"),
]
layers = keras.layers
DOCS = Path(__file__).parents[3] / "docs" / "your_own_backbone.md"


def bring(path: Path) -> tuple[FoundModel, Backbone]:
    folder = BackboneFolder(path.with_suffix(".brought"))
    inspection.inspect(path, folder.given)
    found = reading.read(folder)
    facts = files.read_record(folder.facts, Backbone)
    return found, replace(facts, name="own-x", folder=str(folder.path), preprocessing="inside")


def saved(model: keras.Model, tmp_path: Path) -> Path:
    model.save(tmp_path / "given.keras")
    return tmp_path / "given.keras"


def built(own: Backbone, size: int = 0) -> keras.Model:
    file = Path(own.folder) / own.weights[0].file
    return backbones.build_backbone(own, size or own.default_size, file)


def classifier(size: int | None = 48) -> keras.Model:
    pixels = keras.Input((size, size, 3))
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="conv_1")(pixels)
    for filters in (5, 6, 7):
        x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(pixels, layers.Dense(3, activation="softmax")(x))


def features_of(model: keras.Model, layer: Any, images: np.ndarray) -> np.ndarray:
    return np.asarray(keras.Model(model.input, layer.input)(images, training=False))


def test_a_classifier_loses_its_top_and_computes_what_it_did(tmp_path: Path):
    model = classifier()
    images = np.random.default_rng(0).random((2, 48, 48, 3), np.float32)

    found, own = bring(saved(model, tmp_path))

    assert found == FoundModel(cut_off=3, pixels="")
    assert [b.name for b in own.blocks] == ["block_1", "block_2", "block_3", "block_4"]
    assert own.parameters == sum(b.parameters for b in own.blocks)
    assert (own.default_size, own.only_size, own.smallest_size) == (48, False, 32)
    expected = features_of(model, model.layers[-2], images)
    np.testing.assert_allclose(built(own)(images), expected, atol=1e-6)


@pytest.mark.parametrize("size", [32, 97, 224])
def test_the_side_of_the_feature_map_is_known_at_every_size(size: int, tmp_path: Path):
    _, own = bring(saved(classifier(None), tmp_path))

    assert own.default_size == 224
    assert built(own, size).output_shape[1] == own.side(size)


def test_it_can_be_cut_after_every_block(tmp_path: Path):
    _, own = bring(saved(classifier(), tmp_path))
    images = np.random.default_rng(0).random((2, 48, 48, 3), np.float32)
    model = built(own)

    for block in own.blocks[:-1]:
        first, rest = blocks.split(model, block.name)
        assert first is not None
        assert rest is not None
        np.testing.assert_allclose(rest(first(images)), model(images), atol=1e-6)


def test_models_inside_a_model_are_dissolved(tmp_path: Path):
    inner = classifier(None)
    inner = keras.Model(inner.input, inner.layers[-3].output)
    pixels = keras.Input((64, 64, 3))
    x = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)])(pixels)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = layers.Flatten()(inner(x, training=False))
    model = keras.Model(pixels, layers.Dense(2)(x))
    images = np.random.default_rng(0).random((1, 64, 64, 3), np.float32) * 255

    found, own = bring(saved(model, tmp_path))

    assert found == FoundModel(cut_off=2, pixels="0-255")
    expected = inner(images / 127.5 - 1, training=False)
    np.testing.assert_allclose(built(own)(images), expected, atol=1e-5)


def test_what_was_compiled_with_a_class_of_its_own_is_read(tmp_path: Path):
    @keras.saving.register_keras_serializable("mine")
    class MyLoss(keras.losses.Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return y_pred

    model = classifier()
    model.compile("adam", loss=MyLoss())

    found, _ = bring(saved(model, tmp_path))

    assert found.cut_off == 3


@pytest.mark.parametrize(
    ("first", "pixels"),
    [
        (layers.Rescaling(1 / 255), "0-255"),
        (layers.Rescaling(2.0, offset=-1.0), "0-1"),
        (layers.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.05, 0.05, 0.05]), "0-1"),
        (layers.Normalization(mean=[123.0, 116.0, 103.0], variance=[3000.0] * 3), "0-255"),
        (lambda x: x / 127.5 - 1.0, "0-255"),
        (keras.applications.resnet.preprocess_input, "0-255"),
        (lambda x: x, ""),
    ],
)
def test_its_own_rescaling_tells_the_range(
    first: Callable[[Any], Any], pixels: str, tmp_path: Path
):
    given = keras.Input((32, 32, 3))
    model = keras.Model(given, layers.Conv2D(2, 3)(first(given)))

    found, _ = bring(saved(model, tmp_path))

    assert found.pixels == pixels


def _grey() -> keras.Model:
    pixels = keras.Input((28, 28, 1))
    return keras.Model(pixels, layers.Conv2D(2, 3)(pixels))


def _table() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), layers.Dense(3)])


def _two_inputs() -> keras.Model:
    first, second = keras.Input((32, 32, 3)), keras.Input((32, 32, 3))
    return keras.Model([first, second], layers.Conv2D(2, 3)(layers.Add()([first, second])))


def _two_outputs() -> keras.Model:
    pixels = keras.Input((32, 32, 3))
    return keras.Model(pixels, [layers.Conv2D(2, 3)(pixels), layers.Conv2D(3, 3)(pixels)])


def _no_places() -> keras.Model:
    return keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(2)])


def _oblong() -> keras.Model:
    pixels = keras.Input((32, 48, 3))
    x = layers.Conv2D(2, 3)(layers.Reshape((32, 48, 3))(pixels))
    return keras.Model(pixels, x)


def _not_finite() -> keras.Model:
    model = classifier()
    model.set_weights([np.full_like(w, np.nan) for w in model.get_weights()])
    return model


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_grey, "grey pictures"),
        (_table, "4 numbers"),
        (_two_inputs, "2 inputs"),
        (_two_outputs, "2 different things"),
        (_no_places, "no feature map"),
        (_oblong, "32 × 48 pixels only"),
        (_not_finite, "not finite"),
    ],
)
def test_what_is_no_backbone_is_refused_in_a_sentence(
    make: Callable[[], keras.Model], reason: str, tmp_path: Path
):
    with pytest.raises(UserError) as raised:
        bring(saved(make(), tmp_path))

    assert reason in str(raised.value.problem.what)


def test_alexnet_of_the_docs_is_brought_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    code = DOCS.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]

    exec(compile(code, str(DOCS), "exec"), {})  # exactly what stands there
    found, own = bring(tmp_path / "alexnet.keras")

    assert len(code.splitlines()) <= 34
    assert found == FoundModel(cut_off=10, pixels="0-255")
    assert [b.name for b in own.blocks] == [f"block_{n}" for n in range(1, 6)]
    assert own.parameters == 3_747_200
    assert (own.default_size, own.only_size) == (227, False)
    assert own.blocks[-1].output_shape == (6, 6, 256)


OURS = ["Tiny"]
SLOW = [
    "MobileNet-0.25",
    "MobileNetV2-0.35",
    "MobileNetV3Small",
    "EfficientNetV2B0",
    "DenseNet121",
    "ResNet50",
]


@pytest.mark.parametrize("name", [*OURS, *(pytest.param(n, marks=pytest.mark.slow) for n in SLOW)])
def test_every_model_of_ours_passes_and_gives_the_same_features(name: str, tmp_path: Path):
    config = TrainConfig(
        dataset_id="x", backbone=name, weights="none", image_size=64, optimizer="solve"
    )
    made = network.build(config, 3, None)
    images = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.float32)

    found, own = bring(saved(network.whole(made), tmp_path))

    assert found == FoundModel(cut_off=3, pixels="0-255")
    expected = np.asarray(made.backbone(images, training=False))
    np.testing.assert_allclose(built(own)(images), expected, rtol=1e-3, atol=1e-4)


APPLICATIONS: list[tuple[str, dict[str, Any]]] = [
    ("MobileNet", {"alpha": 0.25}),
    ("MobileNetV2", {"alpha": 0.35}),
    ("MobileNetV3Small", {}),
    ("EfficientNetB0", {}),
    ("EfficientNetV2B0", {}),
    ("DenseNet121", {}),
    ("NASNetMobile", {}),
    ("ConvNeXtTiny", {}),
    ("ResNet50", {}),
    ("ResNet50V2", {}),
    ("Xception", {}),
    ("InceptionV3", {}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments"), APPLICATIONS)
def test_twelve_applications_saved_by_keras_pass(
    name: str, arguments: dict[str, Any], tmp_path: Path
):
    model = getattr(keras.applications, name)(weights=None, **arguments)

    found, own = bring(saved(model, tmp_path))

    assert found.cut_off == 1000
    assert built(own, own.default_size + 32).output_shape[1] == own.side(own.default_size + 32)
