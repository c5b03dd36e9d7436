"""A learning curve says what twice the images may come to, wide enough to be right."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.judging.evaluation import draws, learning_curve
from core.judging.evaluation.draws import Images, JudgedDraws

CURVES = 100
_ALL = np.random.default_rng(9)
HARD = _ALL.random(50_000) + _ALL.normal(0, 0.1, 50_000)  # to name, of all images there are


def judged(
    rng: np.random.Generator, law: tuple[float, float, float], images: int, luck: float = 0.01
) -> JudgedDraws:
    """Judge images of which some are always hard: errors fall as ``floor + height * n ** -c``."""
    floor, height, exponent = law
    learned = np.array(draws.SHARES) * 0.8 * images
    errors = floor + height * learned**-exponent
    hard = rng.random(images)
    noise = rng.normal(0, 0.1, (len(learned), images))
    fold = np.arange(images) % draws.DRAWS
    shift = rng.normal(0, luck, (len(learned), draws.DRAWS))[:, fold]
    limit = np.quantile(HARD, 1 - np.clip(errors, 0.0, 1.0))[:, None]
    return JudgedDraws(learned=learned, right=hard + noise + shift < limit)


def truth(law: tuple[float, float, float], images: float) -> float:
    floor, height, exponent = law
    return 1 - floor - height * images**-exponent


LAWS = [(0.05, 1.2, 0.4), (0.0, 1.5, 0.35), (0.2, 1.0, 0.6), (0.02, 0.6, 0.3)]


@pytest.mark.parametrize("law", LAWS)
def test_the_band_holds_what_a_law_comes_to(law: tuple[float, float, float]):
    found = learning_curve.prospect(judged(np.random.default_rng(0), law, 1000), (), 1600)

    assert found is not None
    assert found.low <= truth(law, 1600) <= found.high
    assert found.high - found.low < 0.25


@pytest.mark.slow
@pytest.mark.parametrize("images", [150, 1000])
@pytest.mark.parametrize("law", LAWS)
def test_bands_hold_the_truth_as_often_as_they_say(law: tuple[float, float, float], images: int):
    rng = np.random.default_rng(images)

    inside = 0
    for _ in range(CURVES):
        found = learning_curve.prospect(judged(rng, law, images), (), 1.6 * images)
        assert found is not None
        inside += found.low <= truth(law, 1.6 * images) <= found.high

    assert inside >= 0.9 * CURVES


def test_scores_that_fall_with_more_images_follow_no_law():
    right = np.arange(1000)[None] < np.array([900, 800, 700, 600, 500])[:, None]
    seen = JudgedDraws(learned=np.array(draws.SHARES) * 800, right=right)

    found = learning_curve.read(seen, np.zeros(1000, int), [""] * 1000, ["a"])

    assert found.expected is None


def test_a_perfect_score_has_room_below():
    seen = JudgedDraws(learned=np.array(draws.SHARES) * 80, right=np.ones((5, 100), bool))

    found = learning_curve.read(seen, np.zeros(100, int), [""] * 100, ["a"])

    assert found.points[-1].low < 0.97
    assert found.expected is not None
    assert found.expected.high <= 1.0
    assert found.expected.low < 0.99


def test_one_class_that_grows_is_told_from_others_that_do_not():
    labels = np.arange(600) % 3
    right = np.ones((5, 600), bool)
    right[:3, (labels == 1) & (np.arange(600) < 450)] = False
    seen = JudgedDraws(learned=np.array(draws.SHARES) * 480, right=right)

    gains = learning_curve.read(seen, labels, [""] * 600, ["a", "b", "c"]).gains

    assert [one.label for one in gains] == ["a", "b", "c"]
    assert gains[1].low > max(gains[0].high, gains[2].high)


def features(rng: np.random.Generator, labels: NDArray) -> NDArray:
    return np.eye(8)[labels] * 2 + rng.normal(size=(len(labels), 8))


def test_heads_learn_from_shares_inside_each_other_and_judge_every_image_once():
    rng = np.random.default_rng(1)
    labels = np.arange(120) % 3
    groups = tuple(f"g{i // 6}" if i < 60 else "" for i in range(120))
    images = Images(
        features=features(rng, labels),
        labels=labels,
        groups=groups,
        contents=tuple(f"{i:03d}" for i in range(120)),
    )

    solved = list(draws.solve(images, 3))
    seen = draws.judged(images, solved)

    assert len(solved) == draws.DRAWS * len(draws.SHARES)
    assert (np.diff(seen.learned) > 0).all()
    assert seen.learned[-1] == pytest.approx(96)
    of_all = [named for _, share, named, _ in solved if share == 4]
    assert (sum((named >= 0).astype(int) for named in of_all) == 1).all()
    assert seen.right[-1].mean() > 0.7
    assert seen.right[-1].mean() >= seen.right[0].mean()


def test_the_only_image_or_group_of_a_class_does_not_judge():
    labels = np.array([0] * 20 + [1] * 20 + [2])
    groups = (*("",) * 20, *("site",) * 20, "")
    images = Images(
        features=np.eye(4)[labels],
        labels=labels,
        groups=groups,
        contents=tuple(f"{i:03d}" for i in range(41)),
    )

    tells = draws.can_tell(images)
    seen = draws.some(draws.judged(images, list(draws.solve(images, 3))), tells)

    assert np.flatnonzero(tells).tolist() == list(range(20))
    assert seen.right[-1].all()
