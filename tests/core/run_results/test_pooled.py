"""Pooled features on disk, whom a sample takes, and which pictures are alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.records import Split
from core.run_folder import RunFolder
from core.run_results import pooled
from core.run_results.pooled import PooledFeatures

FOUND = PooledFeatures(
    contents=("v", "a", "b", "c"),
    labels=np.array([0, 0, 1, 1], np.int32),
    groups=("", "", "site", "site"),
    learned=np.array([False, True, True, True]),
    features=np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 3.0], [0.0, 0.5]], np.float32),
)


def test_what_is_written_is_read_part_by_part(tmp_path: Path):
    folder = RunFolder(tmp_path)

    pooled.write(folder, FOUND)
    read = pooled.read(folder)

    assert read is not None
    assert read.features.dtype == np.float16
    assert read.of(Split.VALIDATION).contents == ("v",)
    learned = read.of(Split.TRAIN)
    assert (learned.contents, learned.groups) == (("a", "b", "c"), ("", "site", "site"))
    assert learned.labels.tolist() == [0, 1, 1]
    assert learned.directions[1] == pytest.approx([0.5**0.5, 0.5**0.5])


def test_features_that_16_bits_do_not_hold_are_kept_in_32(tmp_path: Path):
    pooled.write(RunFolder(tmp_path), replace(FOUND, features=FOUND.features * 1e5))

    read = pooled.read(RunFolder(tmp_path))

    assert read is not None
    assert np.array_equal(read.features, FOUND.features * 1e5)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_not_there(tmp_path: Path, share: float):
    folder = RunFolder(tmp_path)
    pooled.write(folder, FOUND)
    whole = folder.features.read_bytes()

    folder.features.write_bytes(whole[: int(share * len(whole))])

    assert pooled.read(folder) is None


def test_the_nearest_training_pictures_come_first_and_validation_is_none_of_them():
    learned = FOUND.of(Split.TRAIN)

    (near,) = pooled.similar(learned, np.array([[4.0, 1.0]]), number=2)

    assert [content for content, _ in near] == ["a", "b"]
    assert [cosine for _, cosine in near] == pytest.approx([4 / 17**0.5, 5 / 34**0.5])


def test_a_sample_takes_of_every_class_its_share_whatever_the_order():
    labels = [0] * 60 + [1] * 30 + [2] * 3
    contents = [f"{(7 * i) % 93:02}" for i in range(93)]
    order = np.random.default_rng(0).permutation(93)

    chosen = pooled.sample(labels, contents, most=31)
    again = order[pooled.sample([labels[i] for i in order], [contents[i] for i in order], most=31)]

    assert np.bincount(np.array(labels)[chosen]).tolist() == [20, 10, 1]
    assert sorted(again) == chosen.tolist()


def test_a_sample_of_few_images_is_all_of_them():
    assert pooled.sample([0, 1, 0], ["a", "b", "c"]).tolist() == [0, 1, 2]
