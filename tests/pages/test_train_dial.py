"""The dial as cards, each with what it buys; and how much learns, in a few positions."""

import json
from dataclasses import replace
from typing import Any

import pytest

from core import datasets, files, locks, runs
from core.datasets import curation, head_scores, versions
from core.models import presets
from core.models.catalog import BACKBONES, Backbone
from core.records import TrainConfig
from core.records.training import PRESETS
from pages._train.depth import positions
from tests.builders import make_dataset, make_run
from tests.core.datasets.test_head_scores import scored

pytestmark = pytest.mark.usefixtures("train_nowhere")


def told(app, part: str) -> dict[str, Any]:
    """Give what the component that draws this part was told."""
    every = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    [found] = [data for data in every if part in data]
    return found


def cards(app) -> dict[str, dict[str, Any]]:
    return {card["id"]: card for card in told(app, "cards")["cards"]}


def trained(dataset_id: str, preset: str) -> TrainConfig:
    """Give what a position of the dial trains on this page."""
    return presets.configure(dataset_id, preset=preset, num_train=12)


def test_each_card_has_its_time_and_says_what_it_buys_in_general(open_page, ws):
    make_dataset(ws)

    found = cards(open_page("train"))

    assert tuple(found) == PRESETS
    assert [card["title"] for card in found.values()] == ["Quick", "Balanced", "Thorough"]
    assert all(" s" in card["note"] for card in found.values())
    assert all(card["sentence"].startswith("In general ") for card in found.values())
    assert "points over Balanced" in found["thorough"]["sentence"]
    assert all(card["span"] is None for card in found.values())


def test_a_card_says_what_its_head_scored_on_these_images(open_page, ws):
    dataset = make_dataset(ws)
    head_scores.write(ws, trained(dataset.id, "quick"), scored("1" * 8 + "0" * 2))

    found = cards(open_page("train"))

    sentence = "49% to 94% right on 10 of your images, held back in turn."  # Wilson, 8 of 10
    assert found["quick"]["sentence"] == sentence
    assert found["quick"]["span"] == pytest.approx((0.490, 0.943), abs=1e-3)
    assert found["balanced"]["sentence"].startswith("In general ")


def test_after_an_edit_the_card_names_the_version_it_speaks_of(open_page, ws):
    dataset = make_dataset(ws)
    head_scores.write(ws, trained(dataset.id, "quick"), scored("1" * 10))
    curation.exclude(ws, dataset.id, [versions.key(datasets.images(ws, dataset.id)[0])])

    sentence = cards(open_page("train"))["quick"]["sentence"]

    assert sentence.endswith("held back in turn. That was version 0 of your images.")


def test_a_difference_is_claimed_after_a_paired_test_only(open_page, ws):
    dataset = make_dataset(ws)
    head_scores.write(ws, trained(dataset.id, "quick"), scored("0" * 10))
    head_scores.write(ws, trained(dataset.id, "balanced"), scored("1" * 10))

    better = "Right more often than Quick, by more than chance."
    assert better in cards(open_page("train"))["balanced"]["sentence"]

    head_scores.write(ws, trained(dataset.id, "balanced"), scored("1" * 5 + "0" * 5))
    assert better not in cards(open_page("train"))["balanced"]["sentence"]


def test_a_run_that_fine_tuned_the_same_images_is_named_with_its_score(open_page, ws):
    dataset = make_dataset(ws, num=360)  # so many that it pays
    with locks.hold(ws.app_lock):
        open_page("train", preset="thorough")
    config = files.read_record(ws.chosen, TrainConfig)
    assert "Fine-tuning then added +1.4 points" in cards(open_page("train"))["thorough"]["sentence"]
    run_id = make_run(ws, config=replace(config, dataset_id=dataset.id))
    runs.rename(ws, run_id, "by *night*")

    sentence = cards(open_page("train"))["thorough"]["sentence"]

    assert "Your run by *night*: 53% to 98% of the validation images." in sentence  # 7 of 8


def test_the_address_says_which_card_is_chosen(open_page, ws):
    make_dataset(ws)

    assert told(open_page("train", preset="quick"), "cards")["chosen"] == "quick"
    assert told(open_page("train"), "cards")["chosen"] == "balanced"


def test_a_clone_has_no_dial(open_page, ws):
    dataset = make_dataset(ws)
    run_id = make_run(ws, config=TrainConfig(dataset_id=dataset.id))

    app = open_page("train", clone=run_id)

    assert not [e for e in app.get("bidi_component") if "cards" in json.loads(e.proto.json)]


@pytest.mark.parametrize("backbone", BACKBONES.values(), ids=lambda backbone: backbone.name)
def test_the_positions_are_blocks_that_are_there_each_once(backbone: Backbone):
    found = positions(backbone)

    total = len(backbone.blocks)
    assert list(found) == sorted(found, reverse=True)
    assert (found[total], found[0]) == ("Only the head", "Everything")
    assert len(found) == (2 if total == 1 else 5)
    assert len(set(found.values())) == len(found)


def test_positions_share_the_blocks_evenly():
    assert list(positions(BACKBONES["MobileNetV2"])) == [19, 14, 10, 5, 0]
    assert list(positions(BACKBONES["VGG16"])) == [5, 4, 2, 1, 0]


def test_a_depth_between_two_positions_stays_exact(open_page, ws):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id, backbone="ThawStarter", freeze="block_11",
                         fine_tune_epochs=2)  # fmt: skip
    app = open_page("train", clone=make_run(ws, config=config))

    stack = told(app, "blocks")

    assert stack["frozen"] == 13  # the stem and block 0 come before block 1
    assert [stop["frozen"] for stop in stack["stops"]] == [19, 14, 10, 5, 0]
    app.button(key="start").click().run()
    assert runs.get(ws, runs.ids(ws)[-1]).config.freeze == "block_11"
