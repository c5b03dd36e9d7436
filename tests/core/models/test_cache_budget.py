"""How much features would take, against what they may."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import UserError
from core.models import cache_budget, presets
from core.models.catalog import BACKBONES


def config(**changes):
    return presets.configure("pets", **{"backbone": "MobileNetV2", **changes})


def test_what_features_take_follows_the_cut_the_size_and_the_views():
    block = next(b for b in BACKBONES["MobileNetV2"].blocks if b.name == "block_12")
    height, width, channels = block.output_shape
    tuned = config(freeze="block_12", fine_tune_epochs=3, image_size=224)

    assert cache_budget.needed(tuned, 100, 20) == 2 * height * width * channels * 120
    double = config(freeze="block_12", fine_tune_epochs=3, image_size=448)
    assert cache_budget.needed(double, 100, 20) == 4 * cache_budget.needed(tuned, 100, 20)
    views = config(freeze="block_12", fine_tune_epochs=3, augmentation="light", num_views=4)
    assert cache_budget.needed(views, 100, 20) > 4 * cache_budget.needed(tuned, 100, 20)


@pytest.mark.parametrize("freeze", ["all", "none"])
def test_nothing_is_kept_where_all_or_nothing_is_frozen(freeze: str):
    assert cache_budget.needed(config(freeze=freeze), 100, 20) == 0


def test_the_budget_is_what_was_asked_for_or_a_share_of_the_disk(tmp_path):
    assert cache_budget.allowed(tmp_path / "none", {"THAW_CACHE_GB": "0.5"}) == 5 * 10**8
    assert 0 < cache_budget.allowed(tmp_path / "none", {}) <= 20 * 10**9
    with pytest.raises(UserError, match="'much'"):
        cache_budget.allowed(tmp_path, {"THAW_CACHE_GB": "much"})


def test_too_little_room_is_said_with_both_numbers():
    said = str(cache_budget.too_little(31 * 10**9, 2 * 10**9))

    assert "31.0 GB" in said
    assert "2.0 GB" in said
    assert "take 7.2 MB and" in str(cache_budget.too_little(7_200_000, 1_000_000))


def test_files_that_go_while_they_are_counted_do_no_harm(tmp_path: Path):
    (tmp_path / "stays").mkdir()
    (tmp_path / "stays" / "x").write_bytes(b"123")

    def come_and_go() -> None:
        for n in range(3000):
            (tmp_path / f"{n}").touch()
            (tmp_path / f"{n}").unlink()

    with ThreadPoolExecutor(1) as pool:
        goes = pool.submit(come_and_go)
        while not goes.done():
            assert cache_budget.size_of(tmp_path) == 3
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    assert cache_budget.size_of(tmp_path) == 3
