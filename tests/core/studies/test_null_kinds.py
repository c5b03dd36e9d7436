"""How often other studies than ladders claim a difference where there is none: measured.

Starts, rules and backbones are the heads of `test_null`, each with noise and luck of its own. The
classes of a curve are alike in all but their names.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.judging import folds
from core.judging.evaluation import draws, learning_curve
from core.judging.evaluation.draws import JudgedDraws
from core.records import State, TrainConfig
from core.records.studies import StudyAsked, StudyRow
from core.studies import answers, bakeoff, curve, transfer
from core.studies.answers import Votes
from core.studies.standing import Standing
from tests.core.studies.test_null import (
    CLASSES,
    FIRST,
    LAST,
    MOST_CLAIMS,
    STUDIES,
    WIDTH,
    ridge,
    study,
)

pytestmark = pytest.mark.slow
ARMS, RULES = (
    (transfer.HEAD, transfer.RANDOM, transfer.PRETRAINED),
    ("majority", "pixels", "colour"),
)
INPUTS = [(120, 0), (600, 0), (600, 40)]


def standing(
    asked: StudyAsked, votes: dict[str, dict[int, Votes]], rules: tuple[str, ...] = ()
) -> Standing:
    """Let so many folds of them be judged."""
    judged = {
        name: {n: of[n] for n in range(min(asked.folds, len(of)))} for name, of in votes.items()
    }
    rows = [
        StudyRow(
            name=name,
            config=TrainConfig(dataset_id="d"),
            trainable=1,
            state=State.DONE,
            accuracy=answers.score(answers.join(list(of.values()))),
            parameters=number,
        )
        for number, (name, of) in enumerate(judged.items())
    ]
    return Standing(
        asked=asked,
        rows=tuple(row for row in rows if row.name not in rules),
        votes=judged,
        baselines=tuple(row for row in rows if row.name in rules),
    )


@pytest.mark.parametrize(("images", "groups"), INPUTS)
def test_few_claim_a_gain_or_a_harm_of_pretraining(images: int, groups: int):
    rng, claimed = np.random.default_rng(12), 0
    for _ in range(STUDIES):
        votes = study(rng, images, groups, shuffled=False, rungs=len(ARMS + RULES))
        named = {name: dict(enumerate(of)) for name, of in zip(ARMS + RULES, votes, strict=True)}
        claimed += any(claims_a_gain(standing(asked, named, RULES)) for asked in (FIRST, LAST))

    assert claimed <= MOST_CLAIMS


def claims_a_gain(found: Standing) -> bool:
    """Tell whether anything is said to differ surely, or chosen as better."""
    advice = transfer.advise(found)
    assert advice is not None
    is_harm = any("Negative transfer" in str(sentence) for sentence in advice.sentences)
    return is_harm or advice.p_value is not None or advice.choice != transfer.HEAD


@pytest.mark.parametrize(("images", "groups"), INPUTS)
def test_few_claim_a_difference_of_backbones(images: int, groups: int):
    rng, claimed = np.random.default_rng(13), 0
    once = StudyAsked(folds=1, planned=1)
    for _ in range(STUDIES):
        votes = study(rng, images, groups, shuffled=False)
        named = {f"backbone {n}": {0: answers.join(of)} for n, of in enumerate(votes)}
        advice = bakeoff.advise(standing(once, named))
        assert advice is not None
        claimed += advice.p_value is not None

    assert claimed <= MOST_CLAIMS


@pytest.mark.parametrize(("images", "groups"), INPUTS)
def test_few_name_a_class_that_gains_most(images: int, groups: int):
    rng, claimed = np.random.default_rng(14), 0
    for _ in range(STUDIES):
        labels, tags, seen = judged(rng, images, groups)
        gains = learning_curve.read(seen, labels, tags, [*"abcd"]).gains
        claimed += bool(curve.gains_most(gains))

    assert claimed <= MOST_CLAIMS


def judged(
    rng: np.random.Generator, images: int, groups: int
) -> tuple[NDArray[np.int64], list[str], JudgedDraws]:
    """Judge heads of shares of images: classes are as far from each other, and as many."""
    labels = np.arange(images) % CLASSES
    group = rng.integers(0, groups, images) if groups else np.arange(images)
    shared = rng.normal(size=(max(groups, images), WIDTH))[group]
    features = 2 * np.eye(WIDTH)[labels] + 0.7 * shared + 0.7 * rng.normal(size=(images, WIDTH))
    tags = [f"g{g}" for g in group] if groups else [""] * images
    dealt = folds.deal(labels.tolist(), tags, [f"{i:05d}" for i in range(images)])
    right = np.zeros((len(draws.SHARES), images), np.bool_)
    for fold in range(draws.DRAWS):
        pool, asked = rng.permutation(np.flatnonzero(dealt != fold)), np.flatnonzero(dealt == fold)
        for number, share in enumerate(draws.SHARES):
            taught = pool[: round(share * len(pool))]
            named = ridge(features[taught], labels[taught], features[asked]).argmax(axis=1)
            right[number, asked] = named == labels[asked]
    return labels, tags, JudgedDraws(learned=np.array(draws.SHARES) * 0.8 * images, right=right)
