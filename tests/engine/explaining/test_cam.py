"""The arithmetic of class activation maps, by hand and against Keras."""

import keras
import numpy as np
import pytest

from core.engine.explaining import cam, in_keras
from core.engine.explaining.cam import DenseLayer, HeadLayers

pytestmark = pytest.mark.engine
FEATURES = np.array([[[1.0, 0.0], [3.0, 2.0]], [[0.0, 0.0], [0.0, 2.0]]])  # mean: 1, 1


def head(*layers: tuple[list, list, bool], **how: bool) -> HeadLayers:
    dense = (DenseLayer(np.array(k, float), np.array(b, float), relu) for k, b, relu in layers)
    return HeadLayers(tuple(dense), **how)


def maps(made: HeadLayers, features: np.ndarray = FEATURES) -> tuple[cam.LinearParts, np.ndarray]:
    found = cam.parts(made, features)
    return found, np.stack([cam.contributions(made, features, s) for s in found.slopes.T], axis=-1)


def test_an_averaging_head_adds_at_each_place_its_part_of_the_logit():
    found, added = maps(head(([[4, 0], [0, 8]], [0.5, -1], False)))

    np.testing.assert_allclose(found.logits, [4.5, 7])
    np.testing.assert_allclose(added[..., 0], [[1, 3], [0, 0]])
    np.testing.assert_allclose(added[..., 1], [[0, 4], [0, 4]])
    np.testing.assert_allclose(added.sum((0, 1)) + found.rest, found.logits)


def test_features_of_length_one_are_measured_by_the_length_they_had():
    found, added = maps(head(([[4, 0], [0, 8]], [0, 0], False), is_unit_length=True))

    np.testing.assert_allclose(found.logits, np.array([4, 8]) / np.sqrt(2))
    np.testing.assert_allclose(added.sum((0, 1)), found.logits)


def test_a_hidden_unit_that_is_not_active_adds_nothing():
    made = head(([[1, -1], [1, -1]], [0, 1], True), ([[2, 1], [7, 7]], [0, 3], False))

    found, added = maps(made)

    np.testing.assert_allclose(found.logits, [4, 5])  # the hidden units are 2 and none
    np.testing.assert_allclose(added[..., 0], FEATURES.sum(-1) / 4 * 2)
    np.testing.assert_allclose(added.sum((0, 1)) + found.rest, found.logits)


def test_a_head_that_keeps_places_has_a_weight_for_each():
    kernel = np.zeros((8, 2))
    kernel[3, 0], kernel[4, 1] = 5, 1  # the second channel of the second place; an empty place
    found, added = maps(head((kernel.tolist(), [0, 1], False), keeps_places=True))

    np.testing.assert_allclose(found.logits, [10, 1])
    np.testing.assert_allclose(added[..., 0], [[0, 10], [0, 0]])
    np.testing.assert_allclose(added[..., 1], 0)


def test_a_sigmoid_speaks_for_the_second_class_and_as_much_against_the_first():
    found, added = maps(head(([[4], [0]], [1], False)))

    np.testing.assert_allclose(found.logits, [-5, 5])
    np.testing.assert_allclose(added[..., 0], -added[..., 1])
    shares = cam.probabilities(found.logits, is_sigmoid=True)
    np.testing.assert_allclose(shares, [1 / (1 + np.exp(5)), 1 / (1 + np.exp(-5))])


def test_what_speaks_for_all_classes_alike_is_no_heat():
    alike = head(([[4, 4, 4], [0, 0, 6]], [0, 0, 0], False))

    found = cam.parts(alike, FEATURES)

    heat = cam.contributions(alike, FEATURES, cam.for_class(found, 2))
    np.testing.assert_allclose(heat, FEATURES[..., 1] * (6 - 2) / 4)
    np.testing.assert_allclose(cam.probabilities(found.logits, is_sigmoid=False).sum(), 1)


def test_a_map_of_twice_the_size_is_of_the_same_weights():
    larger = FEATURES.repeat(2, axis=0).repeat(2, axis=1)
    made = head(([[4, 0], [0, 8]], [0, 0], False))
    found = cam.parts(made, FEATURES)

    added = cam.contributions(made, larger, found.slopes[:, 0])

    assert added.shape == (4, 4)
    np.testing.assert_allclose(added.sum(), found.logits[0])


def quadrants() -> keras.Model:
    """Make a network whose feature map is the mean colour of each of 8 x 8 patches."""
    pixels = keras.Input((32, 32, 3))
    backbone = keras.Model(pixels, keras.layers.AveragePooling2D(4)(pixels))
    image = keras.Input((32, 32, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(backbone(image))
    logits = keras.layers.Dense(3, name="logits")
    answer = keras.layers.Activation("softmax")(logits(pooled))
    logits.set_weights([np.eye(3) / 10, np.zeros(3)])  # red, green, blue
    return keras.Model(image, answer)


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("column", [0, 1])
def test_heat_lies_in_the_quadrant_that_decides(row: int, column: int):
    explainer = in_keras.of_model(quadrants())
    image = np.full((32, 32, 3), 60, np.uint8)
    image[16 * row : 16 * row + 16, 16 * column : 16 * column + 16] = (220, 60, 60)
    assert explainer is not None
    assert explainer.see_larger is not None

    found = cam.parts(explainer.head, explainer.see(image))
    larger = explainer.see_larger(image.repeat(2, axis=0).repeat(2, axis=1))
    heat = cam.contributions(explainer.head, larger, cam.for_class(found, 0))

    assert heat.shape == (16, 16)
    inside = heat[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
    assert inside.sum() == pytest.approx(heat.sum())
    assert int(np.argmax(explainer.probabilities(image))) == 0
