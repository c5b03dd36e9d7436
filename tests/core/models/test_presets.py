"""Presets are complete, keep what the user chose, and never choose what is not there."""

import pytest

from core.errors import UserError
from core.models import presets, solving, tuning
from core.models.catalog import BACKBONES, STARTER
from core.records.training import PRESETS


def all_here(backbone, image_size):
    return True


def none_here(backbone, image_size):
    return False


def configure(has_weights=all_here, **overrides):
    return presets.configure("pets", has_weights=has_weights, **overrides)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_complete_config_of_known_names(preset):
    config = configure(preset=preset)

    assert config.preset == preset
    assert config.backbone == presets.PRESETS[preset].backbones[0]
    assert config.image_size >= BACKBONES[config.backbone].smallest_size


@pytest.mark.parametrize("preset", PRESETS)
def test_every_backbone_of_a_preset_is_in_the_catalog(preset):
    assert set(presets.PRESETS[preset].backbones) <= set(BACKBONES)


def test_the_dial_goes_up_in_epochs_and_only_thorough_fine_tunes():
    quick, balanced, thorough = (configure(preset=name) for name in PRESETS)

    assert quick.epochs < balanced.epochs < thorough.epochs
    assert (quick.freeze, balanced.freeze) == ("all", "all")
    assert thorough.fine_tune_epochs > 0
    assert balanced.augmentation == "none"


def test_the_first_backbone_whose_weights_are_here_is_taken():
    config = configure(has_weights=lambda name, size: name == "MobileNetV2-0.35")

    assert config.backbone == "MobileNetV2-0.35"


def test_with_no_weights_here_the_one_that_comes_with_thaw_is_taken():
    config = configure(has_weights=none_here)

    assert config.backbone == (STARTER if STARTER in BACKBONES else "MobileNetV2")


def test_a_backbone_that_the_user_named_is_never_replaced():
    config = configure(has_weights=none_here, backbone="ResNet50")

    assert (config.backbone, config.weights) == ("ResNet50", "imagenet")


def test_random_weights_do_not_ask_what_is_here():
    config = configure(has_weights=none_here, weights="none")

    assert (config.backbone, config.weights) == ("MobileNetV2", "none")


def test_what_the_user_chose_overrides_the_preset_and_none_stands_for_not_chosen():
    config = configure(epochs=3, batch_size=8, seed=1, image_size=None)

    assert (config.epochs, config.batch_size, config.seed) == (3, 8, 1)
    assert config.image_size == presets.PRESETS["balanced"].image_size


@pytest.mark.parametrize("preset", PRESETS)
def test_fine_tuning_without_a_depth_freezes_three_fifths_of_the_blocks(preset):
    config = configure(preset=preset, backbone="MobileNetV2", fine_tune_epochs=4)

    frozen = BACKBONES["MobileNetV2"].blocks_up_to(config.freeze)
    assert frozen == round(0.6 * 19)
    assert config.fine_tune_epochs == 4


def test_thorough_fine_tunes_where_there_are_images_enough_and_says_where_not():
    few, enough = tuning.PAYS_FROM - 1, tuning.PAYS_FROM
    alone, tuned = (configure(preset="thorough", num_train=num) for num in (few, enough))
    chosen = configure(preset="thorough", num_train=few, freeze="none")

    assert (alone.freeze, alone.fine_tune_epochs, alone.num_views) == ("all", 0, 4)
    assert tuned.thaws
    assert chosen.thaws
    assert "so few images only the head" in str(presets.advice(alone, few)[0])
    assert presets.advice(tuned, enough) == presets.advice(chosen, few) == ()
    assert presets.advice(configure(num_train=few), few) == ()


def test_the_rate_falls_with_depth_unless_the_values_are_random():
    tuned, head, alike = (
        configure(**chosen)
        for chosen in ({"freeze": "none"}, {}, {"freeze": "none", "weights": "none"})
    )

    assert (tuned.fine_tune_learning_rate, tuned.layer_decay) == (1e-3, 0.8)
    assert (head.fine_tune_learning_rate, head.layer_decay) == (1e-4, 1.0)
    assert (alike.fine_tune_learning_rate, alike.layer_decay) == (1e-4, 1.0)
    assert configure(freeze="none", layer_decay=0.5, fine_tune_learning_rate=0.1).layer_decay == 0.5


@pytest.mark.parametrize(
    ("num_train", "batch_size", "epochs"),
    [(20, 32, 50), (176, 32, 34), (176, 16, 19), (600, 32, 11), (30_000, 32, 5)],
)
def test_fine_tuning_has_200_steps_and_no_more_than_a_few_epochs(num_train, batch_size, epochs):
    config = configure(preset="thorough", freeze="none", num_train=num_train, batch_size=batch_size)

    assert config.fine_tune_epochs == epochs


def test_a_depth_without_epochs_is_fine_tuned_all_the_same():
    assert configure(backbone="MobileNetV2", freeze="block_13").fine_tune_epochs > 0


@pytest.mark.parametrize("depth", ["all", "top"])  # top: the last block
def test_epochs_of_fine_tuning_with_everything_frozen_are_refused(depth):
    with pytest.raises(UserError, match="9 epochs of fine-tuning with all blocks frozen"):
        configure(backbone="MobileNetV2", freeze=depth, fine_tune_epochs=9)


@pytest.mark.parametrize("depth", ["none", "block_11"])
@pytest.mark.parametrize("preset", PRESETS)
def test_a_depth_without_epochs_to_learn_in_is_refused(preset, depth):
    with pytest.raises(UserError, match="no epochs of fine-tuning"):
        configure(preset=preset, backbone="MobileNetV2", freeze=depth, fine_tune_epochs=0)


@pytest.mark.parametrize("preset", PRESETS)
def test_what_a_preset_says_of_fine_tuning_gives_way_to_what_was_chosen(preset):
    start = presets.PRESETS[preset]

    frozen = configure(preset=preset, freeze="all")
    thawed = configure(preset=preset, freeze="none")
    unasked = configure(preset=preset, fine_tune_epochs=0)

    assert (frozen.freeze, frozen.fine_tune_epochs) == ("all", 0)
    assert (thawed.freeze, thawed.fine_tune_epochs) == ("none", start.fine_tune_epochs)
    assert (unasked.freeze, unasked.fine_tune_epochs) == ("all", 0)


def test_all_frozen_and_no_fine_tuning_may_be_said_in_one_breath():
    config = configure(preset="thorough", freeze="all", fine_tune_epochs=0)

    assert (config.freeze, config.fine_tune_epochs) == ("all", 0)


def test_freezing_up_to_the_last_block_is_freezing_all():
    assert configure(backbone="MobileNetV2", freeze="top").freeze == "all"


def test_no_fine_tuning_makes_thorough_train_the_head_only():
    assert configure(preset="thorough", fine_tune_epochs=0).freeze == "all"


def test_a_network_that_cannot_be_cut_is_fine_tuned_whole():
    assert configure(backbone="NASNetMobile", fine_tune_epochs=1).freeze == "none"


def test_random_weights_are_not_frozen_when_there_is_fine_tuning():
    assert configure(preset="thorough", weights="none").freeze == "none"


def test_several_views_go_with_augmentation_and_one_without():
    assert configure(augmentation="light").num_views > 1
    assert configure(augmentation="none", num_views=9).num_views == 1
    assert configure(augmentation="light", num_views=2).num_views == 2


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ({"backbone": "mobilenetv2"}, "MobileNetV2"),
        ({"backbone": "ResNet-50"}, "ResNet50"),
        ({"backbone": "MobileNetV2", "freeze": "block13"}, "block_13"),
        ({"augmentation": "lite"}, "light"),
        ({"preset": "balance"}, "balanced"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(wrong, nearest):
    with pytest.raises(UserError, match=f"Did you mean '{nearest}'"):
        configure(**wrong)


def test_an_image_too_small_for_the_backbone_is_refused_with_the_smallest_size():
    with pytest.raises(UserError, match="Xception needs at least 71 pixels"):
        configure(backbone="Xception", image_size=64)


@pytest.mark.parametrize("name", BACKBONES)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_backbone_can_be_trained_with_every_preset(preset, name):
    config = configure(preset=preset, backbone=name)

    assert config.freeze in ("all", "none", *(block.name for block in BACKBONES[name].blocks))


def test_frozen_random_values_are_advised_against():
    config = configure(weights="none")

    assert "random values" in str(presets.advice(config, 100)[0])
    assert presets.advice(configure(weights="none", freeze="none"), 1000) == ()


def test_weights_of_another_size_are_said():
    config = configure(backbone="MobileNetV2", image_size=100)

    assert "those for 224 pixels are used" in str(presets.advice(config, 100)[0])


@pytest.mark.parametrize("preset", PRESETS)
def test_the_head_of_every_preset_is_solved(preset):
    assert configure(preset=preset).optimizer == "solve"


@pytest.mark.parametrize(
    "chosen",
    [
        {"epochs": 10},
        {"learning_rate": 0.01},
        {"batch_size": 8},
        {"schedule": "constant"},
        {"dropout": 0.5},
        {"patience": 3},
        {"hidden_units": 16},
        {"pooling": "flatten"},
        {"weights": "none", "freeze": "none"},
    ],
)
def test_what_a_solved_head_cannot_have_makes_it_learn_in_steps(chosen):
    config = configure(**chosen)
    names = {name: f"--{name}" for name in chosen}

    assert config.optimizer == "adam"
    assert "in steps, with Adam" in str(solving.why_in_steps(config, names, None))


def test_what_fine_tuning_uses_does_not_switch_the_head():
    chosen = {"batch_size": 8, "schedule": "constant", "dropout": 0.5, "patience": 3}

    assert configure(preset="thorough", **chosen).optimizer == "solve"
    assert configure(preset="thorough", epochs=3).optimizer == "adam"


def test_an_optimizer_that_was_chosen_is_obeyed_with_all_else():
    assert configure(optimizer="solve", epochs=10).optimizer == "solve"
    assert configure(optimizer="sgd").optimizer == "sgd"


def test_by_default_a_head_has_its_600_steps_and_a_number_that_is_short_is_told():
    by_default = configure(optimizer="adam", num_train=176)
    chosen = configure(epochs=10, num_train=176)

    assert (by_default.epochs, by_default.patience) == (100, 0)  # 6 batches each
    assert configure(optimizer="adam", num_train=3000).epochs == 40
    assert presets.advice(by_default, 176) == ()
    assert "in 60 steps only; with 100 epochs there would be 600" in str(
        presets.advice(chosen, 176)[0]
    )


def test_a_solve_has_as_many_views_as_fit_into_memory():
    config = configure(preset="thorough", backbone="MobileNetV2")  # 1280 features, 5 views
    flat = configure(optimizer="solve", pooling="flatten", backbone="MobileNetV2", image_size=224)

    assert [solving.solved_views(config, num) for num in (200, 3000, 30_000)] == [5, 5, 3]
    assert solving.solved_views(config, 300_000) == 0
    assert [solving.solved_views(flat, num) for num in (200, 3000)] == [1, 0]
    with pytest.raises(UserError, match="3000 images with 62720 features each"):
        solving.check(flat, 3000)


def test_a_head_with_a_hidden_layer_cannot_be_solved():
    with pytest.raises(UserError, match="'solve' was chosen with 8 hidden units"):
        configure(optimizer="solve", hidden_units=8)
