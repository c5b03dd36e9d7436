"""The solved head: at the minimum, the same however it is reached, and robust."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from core.judging import folds, solver
from core.judging.design import prepare
from core.judging.head import LinearHead
from core.judging.solver import Trial

ROOT = Path(__file__).parents[3]


def make(num: int, width: int, classes: int, *, apart: float = 1.0) -> tuple[np.ndarray, ...]:
    """Draw features of classes that overlap, and labels."""
    rng = np.random.default_rng(num + width)
    labels = np.arange(num) % classes
    centres = apart * rng.normal(size=(classes, width))
    features = np.abs(centres[labels] + rng.normal(size=(num, width)) + 1)
    return features.astype(np.float32), labels


def solved(
    features: np.ndarray, labels: Sequence[int] | np.ndarray, strength: float = 1e-3, **more
) -> LinearHead:
    design, labels = prepare(features), np.asarray(labels)
    more.setdefault("num_classes", int(labels.max()) + 1)
    *_, last = solver.solve(design, labels, strength, **more)
    assert last.converged
    return design.head(last.weights)


def tried(features: np.ndarray, labels: Sequence[int] | np.ndarray, **more) -> list[Trial]:
    labels = np.asarray(labels)
    contents = [row.tobytes().hex() for row in features]
    dealt = folds.deal(labels.tolist(), [""] * len(labels), contents)
    more.setdefault("num_classes", int(labels.max()) + 1)
    return list(solver.search(prepare(features), labels, dealt, **more))


@pytest.mark.parametrize("shape", [(60, 8), (20, 40)])
@pytest.mark.parametrize("strength", [0.1, 1e-3, 1e-5])
def test_the_loss_is_flat_where_the_solve_ends(shape: tuple[int, int], strength: float):
    features, labels = make(*shape, 3)

    head = solved(features, labels, strength)

    unit = features / np.linalg.norm(features.astype(np.float64), axis=1, keepdims=True)
    scale = (unit.std(axis=0) + 1e-3 * unit.std()) * np.sqrt(shape[1])
    errors = (head.probabilities(features) - np.eye(3)[labels]) / len(labels)
    rows, weights = (unit - unit.mean(axis=0)) / scale, head.kernel * scale[:, None]
    assert np.abs(rows.T @ errors + strength * weights).max() < 2e-6
    assert np.abs(errors.sum(axis=0)).max() < 2e-6  # biases are free


def test_two_images_are_told_apart_as_far_as_the_decay_allows():
    """Rows at -r and r, weights -w and w: log(1 + exp(-2wr)) + strength w^2 is least."""
    strength, row = 0.1, 1 / 1.001  # 1e-3 of the spread of all is added to that of each
    widths = np.linspace(0, 3, 300_001)
    least = widths[(np.log1p(np.exp(-2 * widths * row)) + strength * widths**2).argmin()]

    head = solved(np.eye(2), [0, 1], strength)

    assert np.diff(head.logits(np.eye(2)))[:, 0] == pytest.approx(
        [-2 * least * row, 2 * least * row], abs=1e-4
    )


@pytest.mark.parametrize("shape", [(60, 8), (20, 40)])
def test_neither_the_order_of_images_nor_of_features_matters(shape: tuple[int, int]):
    features, labels = make(*shape, 3)
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(shape[0]), rng.permutation(shape[1])
    moved = np.ascontiguousarray(features[rows][:, columns])
    dealt = folds.deal(labels.tolist(), [""] * shape[0], [f"{i:03x}" for i in range(shape[0])])

    first = list(solver.search(prepare(features), labels, dealt, num_classes=3))
    second = list(solver.search(prepare(moved), labels[rows], dealt[rows], num_classes=3))

    strength = solver.best(first)
    assert solver.best(second) == strength
    assert [t.loss for t in second] == pytest.approx([t.loss for t in first], abs=1e-5)
    answers = solved(features, labels, strength).probabilities(features)
    again = solved(moved, labels[rows], strength).probabilities(moved)
    assert np.abs(again - answers[rows]).max() < 1e-5


def test_few_rows_and_many_rows_come_to_the_same():
    features, labels = make(12, 20, 3)
    twice = np.vstack([features, features])

    few, many = (solved(f, np.resize(labels, len(f))) for f in (features, twice))

    assert few.probabilities(features) == pytest.approx(many.probabilities(features), abs=1e-5)


def test_an_image_of_twice_the_weight_counts_as_two():
    features, labels = make(30, 5, 3)
    weights = np.where(labels == 1, 2.0, 1.0)
    more = np.concatenate([np.arange(30), np.flatnonzero(labels == 1)])

    weighted = solved(features, labels, weights=weights)

    assert weights @ weighted.probabilities(features) == pytest.approx([10, 20, 10], abs=1e-4)
    drawn = make(30, 5, 3)[0][:4]
    rescaled = solved(features[more], labels[more])
    assert weighted.probabilities(drawn) == pytest.approx(rescaled.probabilities(drawn), abs=0.02)


def test_views_that_are_alike_change_nothing():
    features, labels = make(30, 5, 3)
    views = np.repeat(features[:, None], 4, axis=1)
    weights = np.linspace(1, 2, 30)

    one, four = (solved(f, labels, weights=weights) for f in (features, views))

    assert four.probabilities(features) == pytest.approx(one.probabilities(features), abs=1e-5)


def test_views_help_to_learn_but_do_not_judge():
    """With every fold's own view 0, a search over views sees what one over images sees."""
    features, labels = make(40, 6, 2)
    dealt = np.arange(40) // 8
    views = np.stack([features, features + 0], axis=1)

    plain, viewed = (
        [t.loss for t in solver.search(prepare(f), labels, dealt, num_classes=2)]
        for f in (features, views)
    )

    assert viewed == pytest.approx(plain, abs=1e-5)


def test_iterates_are_numbered_go_down_and_can_be_kept_at_any_point():
    features, labels = make(60, 8, 3)
    design = prepare(features)

    iterates = list(solver.solve(design, labels, 1e-3, num_classes=3))

    assert [i.number for i in iterates] == list(range(1, len(iterates) + 1))
    assert [i.converged for i in iterates] == [False] * (len(iterates) - 1) + [True]
    assert iterates[0].loss < np.log(3)
    for iterate in (iterates[0], iterates[-1]):
        said = design.head(iterate.weights).probabilities(features)
        own = said[np.arange(60), labels]
        assert iterate.loss == pytest.approx(-np.log(own).mean())
        assert iterate.accuracy == pytest.approx((said.argmax(axis=1) == labels).mean())


def test_the_loss_that_is_shown_is_without_class_weights():
    features, labels = make(60, 8, 3)
    design, weights = prepare(features), np.where(labels == 0, 9.0, 1.0)

    *_, last = solver.solve(design, labels, 1e-2, num_classes=3, weights=weights)

    own = design.head(last.weights).probabilities(features)[np.arange(60), labels]
    assert last.loss == pytest.approx(-np.log(own).mean())


def test_classes_far_apart_are_learned_with_little_decay_and_the_solve_ends():
    features, labels = make(40, 60, 4, apart=9)

    trials = tried(features, labels)

    assert solver.best(trials) == solver.STRENGTHS[-1]
    head = solved(features, labels, solver.best(trials))
    assert (head.probabilities(features).argmax(axis=1) == labels).all()


def test_labels_by_chance_are_met_with_strong_decay_and_the_search_ends_early():
    features, labels = make(200, 30, 2, apart=0)

    trials = tried(features, np.random.default_rng(0).permutation(labels))

    assert solver.best(trials) == solver.STRENGTHS[0]
    assert len(trials) == 3
    assert trials[0].loss == pytest.approx(np.log(2), abs=0.02)


def test_held_out_images_are_judged_as_by_solves_without_the_fold():
    features, labels = make(30, 40, 3, apart=0.3)
    dealt = np.arange(30) // 3 % 5
    design = prepare(features)

    (trial,) = solver.search(design, labels, dealt, num_classes=3, strengths=[0.01])

    rows, total, right = design.rows, 0.0, np.zeros(30, bool)
    for fold in range(5):
        out = dealt == fold
        weights = softmax_by_descent(rows[~out], labels[~out], 0.01)
        logits = rows[out] @ weights
        own = logits[np.arange(out.sum()), labels[out]]
        total += (np.log(np.exp(logits).sum(axis=1)) - own).sum()
        right[out] = logits.argmax(axis=1) == labels[out]
    assert trial.loss == pytest.approx(total / 30, abs=1e-3)
    assert trial.judged.all()
    assert trial.right.tolist() == right.tolist()
    assert 0.3 < right.mean() < 1  # some are wrong, or nothing is shown


def softmax_by_descent(rows: np.ndarray, labels: np.ndarray, strength: float) -> np.ndarray:
    weights = np.zeros((rows.shape[1], 3))
    decay = np.append(np.full(rows.shape[1] - 1, strength), 0)[:, None]
    for _ in range(400):
        raised = np.exp(rows @ weights)
        errors = raised / raised.sum(axis=1, keepdims=True) - np.eye(3)[labels]
        weights -= 2 * (rows.T @ errors / len(rows) + decay * weights)
    return weights


def test_a_class_of_one_image_is_learned_though_no_fold_can_judge_it():
    features, labels = make(31, 40, 3)
    labels = np.append(labels[:30], 3)

    trials = tried(features, labels)

    assert all(np.isfinite(t.loss) and t.loss < 3 for t in trials)
    assert trials[0].judged.tolist() == [True] * 30 + [False]
    head = solved(features, labels, 1e-4)
    assert head.probabilities(features[-1:]).argmax() == 3


def test_a_fold_may_hold_a_whole_class():
    features, labels = make(30, 40, 3)
    dealt = np.where(labels == 2, 4, np.arange(30) % 4)

    trials = list(solver.search(prepare(features), labels, dealt, num_classes=3))

    without = labels < 2
    assert all(np.isfinite(t.loss) for t in trials)
    alone = list(
        solver.search(prepare(features[without]), labels[without], dealt[without], num_classes=2)
    )
    assert trials[0].loss == pytest.approx(alone[0].loss, abs=0.5)  # classes 0 and 1 are judged


def test_a_class_without_images_is_never_the_answer():
    features, labels = make(30, 8, 2)

    said = solved(features, labels, num_classes=4).probabilities(features)

    assert said[:, 2:].max() < 1e-9
    assert said[:, :2] == pytest.approx(solved(features, labels).probabilities(features), abs=1e-5)


def test_a_single_class_is_the_answer_at_once():
    features, _ = make(5, 8, 1)

    (iterate,) = solver.solve(prepare(features), np.zeros(5, int), 1e-3, num_classes=2)

    assert (iterate.converged, iterate.accuracy, iterate.number) == (True, 1.0, 1)
    assert tried(features, [1] * 5)[0].loss < 1e-9


@pytest.mark.parametrize("labels", [[0, 1], [0, 0], [0]])
def test_one_or_two_images_are_learned_with_the_usual_decay(labels: list[int]):
    features, _ = make(len(labels), 8, 2)

    trials = tried(features, labels, num_classes=2)

    if len(set(labels)) > 1 or len(labels) == 1:
        assert trials == []
        assert solver.best(trials) == solver.DEFAULT
    said = solved(features, labels, num_classes=2).probabilities(features)
    assert said.argmax(axis=1).tolist() == labels


def test_images_that_are_all_alike_get_the_shares_of_the_classes():
    features = np.ones((10, 6), np.float32)

    said = solved(features, [0] * 7 + [1] * 3).probabilities(features)

    assert said == pytest.approx(np.tile([0.7, 0.3], (10, 1)), abs=1e-5)


def test_copies_with_different_labels_share_the_answer():
    features, labels = make(20, 40, 2, apart=5)
    features[1] = features[0]

    said = solved(features, labels, 1e-6).probabilities(features[:1])

    assert said[0] == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_thousand_classes_are_solved():
    labels = np.repeat(np.arange(1000), 2)
    features = np.random.default_rng(0).normal(size=(1000, 6))[labels]

    *_, third = islice(solver.solve(prepare(features), labels, 1e-3, num_classes=1000), 3)

    assert third.loss < np.log(1000)
    assert third.accuracy > 0.1


def test_folds_are_judged_one_by_one_where_classes_are_many():
    labels = np.repeat(np.arange(70), 3)
    features = make(210, 60, 70, apart=3)[0]
    features[:] = features[np.argsort(np.arange(210) % 70, kind="stable")]

    trials = list(
        solver.search(
            prepare(features), labels, np.arange(210) % 3, num_classes=70, strengths=[0.01, 1e-3]
        )
    )

    assert trials[1].loss < trials[0].loss < np.log(70)


@pytest.mark.parametrize("labels", [[0, 1, 2], [0, 1], [0, 1, -1], [0, 1, 1, 0]])
def test_labels_that_do_not_fit_are_refused(labels: list[int]):
    with pytest.raises(ValueError, match="Labels must be 3 numbers from 0 to 1"):
        next(solver.solve(prepare(make(3, 4, 2)[0]), np.array(labels), 0.1, num_classes=2))


@pytest.mark.parametrize("weights", [[1, 1], [1, 1, 0], [1, 1, np.nan], [1, 1, -1]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]):
    given = np.array(weights, float)

    with pytest.raises(ValueError, match="Weights must be 3 positive numbers"):
        next(
            solver.solve(
                prepare(make(3, 4, 2)[0]), np.arange(3) % 2, 0.1, num_classes=2, weights=given
            )
        )


def test_on_a_tie_the_stronger_decay_is_chosen():
    nobody = np.zeros(0, bool)
    trials = [
        Trial(strength=s, loss=loss, judged=nobody, right=nobody)
        for s, loss in ((0.1, 0.5), (0.03, 0.4), (0.01, 0.4))
    ]

    assert solver.best(trials) == 0.03


SOLVE = """
import json, sys
import numpy as np
from tests.core.judging.test_solver import make, tried, solved
from core.judging import solver
features, labels = make(150, 200, 5, apart=0.3)
strength = solver.best(tried(features, labels))
said = solved(features, labels, strength).probabilities(features)
print(json.dumps([strength, said.ravel().tolist()]))
"""


@pytest.mark.slow
def test_the_number_of_threads_changes_nothing():
    found = []
    for threads in ("1", "2"):
        env = {**os.environ, "OPENBLAS_NUM_THREADS": threads}
        said = subprocess.run(
            [sys.executable, "-c", SOLVE], cwd=ROOT, env=env, check=True, capture_output=True
        )
        found.append(json.loads(said.stdout))

    assert found[0][0] == found[1][0]
    assert found[1][1] == pytest.approx(found[0][1], abs=1e-5)
