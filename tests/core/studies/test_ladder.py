"""Which depths a ladder compares, and how its runs are set up."""

from dataclasses import replace

import pytest

from core.errors import UserError
from core.models.catalog import BACKBONES
from core.records import TrainConfig
from core.studies import ladder, recipes

BASE = TrainConfig(dataset_id="d", backbone="MobileNetV2", optimizer="solve")


@pytest.mark.parametrize("backbone", BACKBONES)
@pytest.mark.parametrize("rungs", [2, 4, 5, 6])
def test_a_ladder_climbs_from_the_head_to_everything(backbone: str, rungs: int):
    depths = ladder.depths(backbone, rungs)

    frozen = [BACKBONES[backbone].blocks_up_to(freeze) for freeze in depths]
    assert (depths[0], depths[-1]) == ("all", "none")
    assert frozen == sorted(set(frozen), reverse=True)
    assert len(depths) == min(rungs, len(BACKBONES[backbone].blocks) + 1)


def test_each_rung_costs_about_twice_the_one_before():
    blocks = BACKBONES["MobileNetV2"].blocks
    work = [block.multiply_adds for block in blocks]

    depths = ladder.depths("MobileNetV2", 5)[1:-1]

    shares = [sum(work[BACKBONES["MobileNetV2"].blocks_up_to(d) :]) / sum(work) for d in depths]
    assert shares == pytest.approx([1 / 8, 1 / 4, 1 / 2], rel=0.35)


def test_a_network_of_one_block_has_two_rungs():
    assert ladder.depths("NASNetMobile", 5) == ("all", "none")


@pytest.mark.parametrize("rungs", [0, 1, 21])
def test_so_few_or_many_rungs_are_refused(rungs: int):
    with pytest.raises(UserError, match="2 to 20"):
        ladder.plan(BASE, 500, rungs=rungs)


def test_nothing_of_a_rung_is_chosen_by_the_images_that_judge():
    base = replace(BASE, patience=3, schedule="plateau", freeze="block_12", fine_tune_epochs=2)

    configs = [arm.config for arm in ladder.plan(base, 500)]

    assert {config.patience for config in configs} == {0}
    assert {config.schedule for config in configs} == {"cosine"}
    assert {config.protocol for config in configs} == {"fold"}


def test_rungs_differ_in_their_depth_alone():
    head, *deeper = (arm.config for arm in ladder.plan(BASE, 500))

    assert (head.freeze, head.fine_tune_epochs) == ("all", 0)
    assert len({replace(config, freeze="none") for config in deeper}) == 1
    assert all(config.thaws for config in deeper)


def test_what_was_chosen_of_fine_tuning_is_kept():
    base = replace(BASE, freeze="block_12", fine_tune_epochs=2, fine_tune_learning_rate=3e-5)

    config = ladder.plan(base, 500)[2].config

    assert (config.fine_tune_epochs, config.fine_tune_learning_rate) == (2, 3e-5)


def test_a_depth_that_is_kept_trains_on_the_usual_parts():
    config = replace(ladder.plan(BASE, 500)[2].config, study="s", fold=3)

    kept = recipes.kept(config)

    assert (kept.protocol, kept.fold, kept.study) == ("parts", 0, "")
    assert kept.freeze == config.freeze


def test_another_classifier_gives_way_to_a_head_that_can_be_tuned():
    fitted = replace(BASE, classifier="knn")

    assert recipes.at_depth(fitted, "none", 1000) == recipes.at_depth(BASE, "none", 1000)
