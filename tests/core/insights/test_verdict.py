"""The verdict of a run, in sentences that its images carry."""

import numpy as np

from core.insights import evaluation, verdict
from core.judging.statistics import accuracy
from core.records import Baseline, Baselines, JudgedOn, Paired, RunScore
from core.run_results.predictions import PartPredictions

LABELS = ("glass", "metal", "paper")
BETTER = Paired(fixed=9, broke=1, better=9, worse=1, p=0.02)
UNSURE = Paired(fixed=3, broke=2, better=3, worse=2, p=1.0)


def judged(named: list[int]) -> evaluation.Judged:
    true = np.arange(len(named)) % 3
    found = PartPredictions(
        contents=tuple(f"{n}" for n in range(len(named))),
        labels=true.astype(np.int32),
        groups=("",) * len(named),
        logits=np.eye(3, dtype=np.float32)[named],
    )
    return evaluation.evaluate(found, LABELS)


def rule(correct: int) -> Baseline:
    right = tuple(n < correct for n in range(30))
    return Baseline(accuracy=accuracy(correct, 30, largest_class=10), right=right)


RULES = Baselines(
    contents=tuple(f"{n}" for n in range(30)),
    groups=("",) * 30,
    majority=rule(10),
    nearest_pixels=rule(12),
    colour=rule(18),
)


def test_a_pair_is_named_where_it_stands_out():
    said = [str(m) for m in verdict.sentences(judged([1, 1, 2, 1, 1, 2, 0, 1, 1]))]

    assert said[0].startswith("6 of 9 images right: ")
    assert said[1] == "Most often mixed up: glass and metal (2 of 3 mistakes)."


def test_no_pair_is_named_by_lot():
    assert len([*verdict.sentences(judged([1, 1, 2, 0, 2, 2]))]) == 1  # each once
    assert len([*verdict.sentences(judged([1, 1, 2, 1, 2, 2, 0, 2, 2]))]) == 1  # both twice


def test_without_a_mistake_that_is_said():
    assert str([*verdict.sentences(judged([0, 1, 2]))][1]) == "No mistake among these images."


def test_folds_carry_the_verdict_where_there_are_any():
    score = RunScore(judged_on=JudgedOn.FOLDS, accuracy=accuracy(150, 200, largest_class=80))

    first, second, _ = verdict.sentences(judged([0, 1, 2]), score)

    assert str(first).startswith("150 of 200 images right, each judged by a head that did not")
    assert str(second).startswith("On the validation images alone: 3 of 3 images right")


def test_the_best_of_the_simple_rules_stands_beside_the_score():
    compared = {"majority": BETTER, "nearest_pixels": BETTER, "colour": BETTER}

    said = [str(m) for m in verdict.beats(RULES, compared)]

    assert said == ["Colours alone, without a network: 60% right (42% to 75%)."]


def test_where_the_paired_test_cannot_tell_that_is_said():
    compared = {"majority": BETTER, "nearest_pixels": BETTER, "colour": UNSURE}

    said = [str(m) for m in verdict.beats(RULES, compared)]

    assert said[1] == "These images do not show that the model is better than that."
