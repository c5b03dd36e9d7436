"""What each position of the dial buys: looked up where it was measured, and never computed."""

from dataclasses import replace

import pytest

from core import runs
from core.datasets import head_scores
from core.insights import gains
from core.models import presets
from core.records import HeadScore, TrainConfig
from core.records.training import PRESETS
from core.workspace import Workspace
from tests.builders import make_dataset, make_run
from tests.core.datasets.test_head_scores import scored

Configs = dict[str, TrainConfig]


@pytest.fixture
def configs(ws: Workspace) -> Configs:
    """What each position would train, on a machine without weights."""
    dataset = make_dataset(ws)
    return {
        name: presets.configure(
            dataset.id, preset=name, has_weights=lambda *asked: False, num_train=12, freeze=depth
        )
        for name, depth in zip(PRESETS, ("all", "all", "block_11"), strict=True)
    }


def keep(ws: Workspace, config: TrainConfig, right: str) -> HeadScore:
    score = scored(right)
    head_scores.write(ws, config, score)
    return score


def test_what_was_never_measured_is_not_known(ws: Workspace, configs: Configs):
    assert gains.measured(ws, configs) == dict.fromkeys(PRESETS, gains.Gain())


def test_a_head_scores_for_every_position_that_has_it(ws: Workspace, configs: Configs):
    quick = keep(ws, configs["quick"], "110110")
    rest = keep(ws, configs["balanced"], "111111")

    found = gains.measured(ws, configs)

    assert found["quick"].head == quick.accuracy
    same = configs["thorough"].image_size == configs["balanced"].image_size
    assert found["balanced"].head == rest.accuracy
    assert (found["thorough"].head == rest.accuracy) is same  # its head, before it fine-tunes


def test_after_an_edit_the_score_is_that_of_the_version_before(ws: Workspace, configs: Configs):
    quick = configs["quick"]
    keep(ws, quick, "0110")
    newest = keep(ws, replace(quick, dataset_version=2), "1111")
    keep(ws, replace(quick, dataset_version=4), "0000")  # of later images nothing is said

    found = gains.measured(ws, {"quick": replace(quick, dataset_version=3)})["quick"]

    assert (found.version, found.head) == (2, newest.accuracy)


@pytest.mark.parametrize(("balanced", "beats"), [("1" * 6, "quick"), ("111110", "")])
def test_a_position_beats_the_one_before_it_by_a_paired_test_only(
    ws: Workspace, configs: Configs, balanced: str, beats: str
):
    keep(ws, configs["quick"], "000000")
    keep(ws, configs["balanced"], balanced)

    assert gains.measured(ws, configs)["balanced"].beats == beats


def test_a_head_that_learns_in_steps_is_not_judged_by_a_solved_one(ws: Workspace, configs: Configs):
    keep(ws, configs["quick"], "110110")
    steps = configs | {"quick": replace(configs["quick"], optimizer="adam")}

    assert gains.measured(ws, steps)["quick"].head is None


def test_the_newest_run_that_fine_tuned_so_is_named(ws: Workspace, configs: Configs):
    thorough = configs["thorough"]
    make_run(ws, config=thorough)
    newest = make_run(ws, config=thorough)
    runs.rename(ws, newest, "by night")
    others = (
        {"freeze": "block_3"},
        {"dataset_version": 1},
        {"left_out": ("red",)},
        {"preset": "balanced"},
        {"freeze": "all", "fine_tune_epochs": 0},
    )
    for other in others:
        make_run(ws, config=replace(thorough, **other))

    found = gains.measured(ws, configs)

    assert found["thorough"].tuned is not None
    assert (found["thorough"].tuned.run_id, found["thorough"].tuned.name) == (newest, "by night")
    assert found["balanced"].tuned is None


def test_every_position_has_figures_in_general():
    assert tuple(gains.IN_GENERAL) == PRESETS
    assert all(0.5 < known.mean < 1 for known in gains.IN_GENERAL.values())
    assert all(g.low <= g.points <= g.high for g in gains.IN_GENERAL.values())
