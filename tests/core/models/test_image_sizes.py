"""Small images are made no larger than gains anything, where that costs nothing else."""

import pytest

from core.models import presets
from core.models.catalog import STARTER

TILE, PHOTOGRAPH = 64, 500


def all_here(backbone, image_size):
    return True


def configure(side, preset="balanced", has_weights=all_here, **overrides):
    return presets.configure("d", preset=preset, has_weights=has_weights, side=side, **overrides)


@pytest.mark.parametrize(
    ("preset", "side", "size"),
    [
        ("balanced", 28, 224),  # at 160 pixels digits are read worse
        ("balanced", 48, 224),
        ("balanced", TILE, 160),
        ("balanced", 96, 224),
        ("balanced", PHOTOGRAPH, 224),
        ("balanced", None, 224),
        ("thorough", TILE, 160),
        ("quick", TILE, 128),
        ("quick", PHOTOGRAPH, 128),
    ],
)
def test_a_preset_chooses_the_size_by_that_of_the_images(preset, side, size):
    assert configure(side, preset).image_size == size


def test_a_size_that_was_chosen_is_obeyed():
    assert configure(TILE, image_size=224).image_size == 224
    assert configure(PHOTOGRAPH, image_size=160).image_size == 160


def test_a_backbone_that_needs_more_gets_it():
    assert configure(TILE, backbone="InceptionV3").image_size == 160
    assert configure(TILE, preset="quick", backbone="InceptionV3").image_size == 128


def test_no_other_backbone_and_no_download_comes_of_a_smaller_size():
    def has_large(name, size):
        return name == "MobileNetV2-0.35" and size == 224

    def has_small(name, size):
        return name == "MobileNetV2-0.35" and size == 160

    large, small = (configure(TILE, has_weights=here) for here in (has_large, has_small))

    assert (large.backbone, large.image_size) == ("MobileNetV2-0.35", 224)
    assert (small.backbone, small.image_size) == ("MobileNetV2-0.35", 160)


def test_where_weights_must_be_fetched_in_any_case_they_are_those_of_the_smaller_size():
    config = configure(TILE, backbone="MobileNetV2", has_weights=lambda name, size: False)

    assert config.image_size == 160


def test_the_backbone_that_comes_with_thaw_serves_at_every_size():
    config = configure(TILE, has_weights=lambda name, size: name == STARTER)

    assert config.image_size == 160


def test_why_images_are_made_smaller_is_said_once():
    small = configure(TILE)

    assert [str(said) for said in presets.advice(small, 1000, TILE)] == [
        "160 pixels instead of 224: your images are 64 pixels large, and a larger size takes "
        "longer without being more accurate."
    ]
    assert presets.advice(small, 1000, PHOTOGRAPH) == ()
    assert presets.advice(configure(TILE, image_size=224), 1000, TILE) == ()
    assert presets.advice(configure(TILE, preset="quick"), 1000, TILE) == ()
