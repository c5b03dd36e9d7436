"""What a head scored on held-back images is found by whoever would learn from the same."""

from dataclasses import replace

import pytest

from core.datasets import head_scores
from core.judging import statistics
from core.records import HeadScore, TrainConfig
from core.workspace import Workspace
from tests.builders import make_dataset


def scored(right: str, first: int = 0, *, group: str = "") -> HeadScore:
    """Make a score of images numbered from ``first``: 1 for each that is right, else 0."""
    return HeadScore(
        accuracy=statistics.accuracy(right.count("1"), len(right), largest_class=len(right) // 2),
        contents=tuple(f"{first + number:03x}" for number in range(len(right))),
        right=tuple(sign == "1" for sign in right),
        groups=(group,) * len(right),
    )


def quick(ws: Workspace) -> TrainConfig:
    return TrainConfig(dataset_id=make_dataset(ws).id, preset="quick", optimizer="solve")


def test_a_score_is_found_again_whatever_decides_nothing_about_it(ws: Workspace):
    config, score = quick(ws), scored("1101")

    head_scores.write(ws, config, score)

    same = {"epochs": 99, "freeze": "block_3", "fine_tune_epochs": 2, "augmentation": "light"}
    assert head_scores.read(ws, replace(config, optimizer="adam", seed=3, **same)) == score


@pytest.mark.parametrize(
    "other",
    [
        {"dataset_version": 1},
        {"left_out": ("red",)},
        {"backbone": "ThawStarter"},
        {"weights": "none"},
        {"image_size": 96},
        {"pooling": "flatten"},
        {"class_weights": True},
        {"preset": "balanced"},
    ],
)
def test_what_decides_on_a_score_has_one_of_its_own(ws: Workspace, other):
    config = quick(ws)

    head_scores.write(ws, config, scored("1101"))

    assert head_scores.read(ws, replace(config, **other)) is None


def test_random_values_score_by_their_seed(ws: Workspace):
    config = replace(quick(ws), weights="none", seed=1)

    head_scores.write(ws, config, scored("1101"))

    assert head_scores.read(ws, config)
    assert head_scores.read(ws, replace(config, seed=2)) is None


def test_a_data_set_deleted_meanwhile_does_not_come_back(ws: Workspace):
    config = replace(quick(ws), dataset_id="gone-0000")

    head_scores.write(ws, config, scored("1"))

    assert not ws.dataset("gone-0000").path.exists()


def test_a_damaged_score_is_none(ws: Workspace):
    config = quick(ws)
    head_scores.write(ws, config, scored("1"))
    [file] = ws.dataset(config.dataset_id).head_scores.iterdir()

    for text in ("", "[]", "{}", "null"):
        file.write_text(text)
        assert head_scores.read(ws, config) is None


def test_images_of_one_group_are_one_witness():
    burst = scored("1" * 20, group="burst 1")

    assert not head_scores.by_more_than_chance(burst, scored("0" * 20))
    assert not head_scores.by_more_than_chance(scored(""), scored(""))


@pytest.mark.parametrize(
    ("better", "other", "first", "says"),
    [
        ("111111", "000000", 0, True),  # 6 of 6: 0.03
        ("11111", "00000", 0, False),  # 5 of 5: 0.06
        ("000000", "111111", 0, False),
        ("1111111111", "0000000001", 5, False),  # only five were judged by both
        ("1" * 40, "1" * 40, 0, False),
    ],
)
def test_more_than_chance_is_said_of_pairs_only(better, other, first, says):
    assert head_scores.by_more_than_chance(scored(better), scored(other, first)) is says
