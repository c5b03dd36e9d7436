"""A model against what it has to beat, on the same images."""

import numpy as np

from core import datasets, runs
from core.insights.comparing import baselines
from core.judging.statistics import accuracy, sign_test
from core.records import Baseline, Baselines, RunEvaluation, Split, TrainConfig
from core.run_results import evaluation, predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests import builders

LABELS = np.array([0, 1] * 10, np.int32)


def rule(*right: int) -> Baseline:
    told = tuple(i in right for i in range(20))
    return Baseline(accuracy=accuracy(sum(told), 20, largest_class=10), right=told)


RULES = Baselines(
    contents=tuple(f"{i}" for i in range(20)),
    groups=("",) * 20,
    majority=rule(*range(0, 20, 2)),
    nearest_pixels=rule(*range(18)),
    colour=rule(*range(20)),
)


def answers(wrong: tuple[int, ...], contents: tuple[str, ...] = RULES.contents) -> PartPredictions:
    named = LABELS.copy()
    named[[*wrong]] ^= 1
    return PartPredictions(
        contents=contents,
        labels=LABELS,
        groups=("",) * 20,
        logits=np.eye(2, dtype=np.float32)[named],
    )


def test_a_model_is_surely_better_where_the_same_images_say_so():
    found = baselines.against(answers(wrong=(0,)), RULES)

    assert (found["majority"].fixed, found["majority"].broke) == (10, 1)
    assert found["majority"].p == sign_test(10, 1)
    assert found["majority"].is_better
    assert not found["nearest_pixels"].is_better  # 2 to 1
    assert (found["colour"].fixed, found["colour"].broke) == (0, 1)


def test_images_that_a_rule_was_not_judged_on_do_not_count():
    found = baselines.against(answers((), tuple(f"{i + 10}" for i in range(20))), RULES)

    assert (found["majority"].fixed, found["majority"].broke) == (5, 0)


def test_what_a_run_left_is_read_and_programs_get_each_score(ws: Workspace):
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)
    run = runs.get(ws, run_id)
    assert baselines.baselines_of(ws, run) is None

    evaluation.write(ws.run(run_id), RunEvaluation(temperature=1.2, baselines=RULES))

    assert baselines.baselines_of(ws, run) == RULES
    told = baselines.as_json(baselines.baselines_of(ws, run))
    assert told is not None
    assert list(told) == ["majority", "nearest_pixels", "colour"]
    assert told["nearest_pixels"] == {
        "accuracy": 0.9,
        "low": RULES.nearest_pixels.accuracy.low,
        "high": RULES.nearest_pixels.accuracy.high,
    }


def test_those_of_the_test_part_stand_beside_its_score_once_it_was_opened(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20)
    run = runs.get(ws, builders.make_run(ws, config=TrainConfig(dataset_id=dataset.id)))
    assert baselines.find(ws, run, Split.TEST) is not None  # of another run of these images
    images = [i for i in datasets.images(ws, dataset.id) if i.split is Split.TEST]
    closed = [*baselines.beside_test(ws, run)]

    found = PartPredictions(
        contents=tuple(i.content for i in images),
        labels=np.array([i.label == "red" for i in images], np.int32),
        groups=("",) * len(images),
        logits=np.eye(2, dtype=np.float32)[[0] * len(images)],
    )
    predictions.write(ws.run(run.id), Split.TEST, found)

    assert closed == []
    said = [str(message) for message in baselines.beside_test(ws, run)]
    assert "100% right" in said[0]
    assert said[1] == "These images do not show that the model is better than that."
