"""What tells the unknown: the images that set the threshold, and what is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.run_folder import RunFolder
from core.run_results import pooled, prototypes
from core.run_results.pooled import PooledFeatures

CENTRES = np.random.default_rng(7).normal(0, 1, (3, 32))


def clouds(train: int, validation: int, *, width: float = 0.3) -> PooledFeatures:
    """Draw features of three classes, a cloud each."""
    rng, num = np.random.default_rng(0), train + validation
    labels = np.arange(num, dtype=np.int32) % 3
    return PooledFeatures(
        contents=tuple(f"{i:04x}" for i in range(num)),
        labels=labels,
        groups=("",) * num,
        learned=np.arange(num) < train,
        features=CENTRES[labels] + rng.normal(0, width, (num, 32)),
    )


def test_enough_validation_images_set_the_threshold_alone():
    rule = prototypes.learn(clouds(90, 240), num_classes=3, is_tuned=False)

    assert [images for _, images in rule.refused] == [80, 80, 80]
    assert sum(refused for refused, _ in rule.refused) == 12  # one in twenty
    noise = rule.prototypes.similarity(np.random.default_rng(3).normal(0, 1, (200, 32)))
    assert rule.is_unknown(noise).mean() > 0.95


@pytest.mark.parametrize(("is_tuned", "tried"), [(False, 120), (True, 30)])
def test_with_few_of_them_every_image_is_tried_that_the_network_was_not_tuned_on(is_tuned, tried):
    rule = prototypes.learn(clouds(90, 30), num_classes=3, is_tuned=is_tuned)

    assert rule.num_images == tried
    assert rule.threshold is not None


def test_below_twenty_images_nothing_is_refused():
    rule = prototypes.learn(clouds(12, 6), num_classes=3, is_tuned=False)

    assert rule.threshold is None
    assert rule.is_unknown(np.array([-1.0])) is None
    assert rule.refused == ((0, 6), (0, 6), (0, 6))


def test_what_is_written_is_read(tmp_path: Path):
    rule = prototypes.learn(clouds(90, 240), num_classes=3, is_tuned=False)

    prototypes.write(RunFolder(tmp_path), rule)
    read = prototypes.read(RunFolder(tmp_path))

    assert read is not None
    assert (read.threshold, read.refused) == (rule.threshold, rule.refused)
    assert read.prototypes.directions == pytest.approx(rule.prototypes.directions, abs=1e-6)


def test_one_that_refuses_nothing_is_read_as_such(tmp_path: Path):
    rule = prototypes.learn(clouds(12, 6), num_classes=3, is_tuned=False)

    prototypes.write(RunFolder(tmp_path), rule)

    assert prototypes.read(RunFolder(tmp_path)).threshold is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_not_there(tmp_path: Path, share: float):
    folder = RunFolder(tmp_path)
    prototypes.write(folder, prototypes.learn(clouds(12, 6), num_classes=3, is_tuned=False))
    whole = folder.unknown.read_bytes()

    folder.unknown.write_bytes(whole[: int(share * len(whole))])

    assert prototypes.read(folder) is None


def test_a_run_that_learned_from_validation_too_has_the_threshold_of_its_parent(tmp_path: Path):
    parent, child = RunFolder(tmp_path / "parent"), RunFolder(tmp_path / "child")
    parent.path.mkdir()
    child.path.mkdir()
    found = clouds(90, 240)
    theirs = prototypes.learn(found, num_classes=3, is_tuned=False)
    prototypes.write(parent, theirs)
    pooled.write(child, replace(found, learned=np.ones(330, bool)))

    prototypes.make(child, num_classes=3, is_tuned=False, parent=parent)

    own = prototypes.read(child)
    assert own is not None
    assert (own.threshold, own.refused) == (theirs.threshold, theirs.refused)
    assert not np.allclose(own.prototypes.directions, theirs.prototypes.directions)
