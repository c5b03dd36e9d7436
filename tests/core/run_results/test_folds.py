"""A head judged by folds of all images, where the validation images are few."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.models.catalog import CLASSIFIERS
from core.records import TrainConfig
from core.run_folder import RunFolder
from core.run_results import folds
from core.run_results.pooled import PooledFeatures

SOLVED = TrainConfig(dataset_id="d", optimizer="solve")
QUICK = replace(SOLVED, preset="quick")


def drawn(signal: float, *, seed: int = 0, num: int = 120) -> PooledFeatures:
    """Draw features of three classes that lie so far apart."""
    rng = np.random.default_rng(seed)
    labels = np.arange(num) % 3
    features = rng.normal(size=(num, 16))
    features[np.arange(num), labels] += signal
    return PooledFeatures(
        contents=tuple(f"{i:032x}" for i in range(num)),
        labels=labels.astype(np.int32),
        groups=("",) * num,
        learned=np.arange(num) % 5 > 0,
        features=features.astype(np.float16),
    )


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_every_image_is_judged_once_by_a_head_that_did_not_learn_from_it(classifier: str):
    score = folds.score(drawn(6.0), replace(QUICK, classifier=classifier), num_classes=3)

    assert score is not None
    assert score.accuracy.images == 120
    assert score.accuracy.accuracy > 0.95


def test_where_there_is_nothing_to_learn_the_range_holds_chance():
    scores = [folds.score(drawn(0.0, seed=s), QUICK, num_classes=3) for s in range(40)]

    held = [s.accuracy.low <= 1 / 3 <= s.accuracy.high for s in scores if s is not None]
    assert len(held) == 40
    assert sum(held) >= 35


@pytest.mark.parametrize(
    ("change", "num", "is_told"),
    [
        ({}, 38, True),
        ({}, 100, False),
        ({}, 0, False),
        ({"pooling": "flatten"}, 38, False),
        ({"freeze": "none", "fine_tune_epochs": 2}, 38, False),
    ],
)
def test_only_a_head_alone_with_few_images_is_judged_so(change, num: int, is_told: bool):
    config = replace(SOLVED, **change)

    assert folds.tells(config, solves=True, num_validation=num) is is_told
    assert not folds.tells(config, solves=False, num_validation=num)


def test_a_damaged_file_is_none(tmp_path: Path):
    folder = RunFolder(tmp_path)
    score = folds.score(drawn(6.0), QUICK, num_classes=3)
    assert score is not None
    folds.write(folder, score)

    assert folds.read(folder) == score
    folder.folds.write_text("{")
    assert folds.read(folder) is None
