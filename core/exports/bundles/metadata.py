"""The head of a model card: YAML as Hugging Face reads it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from core.exports.bundles import number_card
from core.exports.bundles.run_facts import RunFacts
from core.judging.numbers import written
from core.records import Export, JudgedOn, NumberScore
from core.records.choices import CLASSIFICATION, REGRESSION

Metric = dict[str, Any]
_SPLITS = {
    JudgedOn.FOLDS: "cross-validation",
    JudgedOn.VALIDATION: "validation",
    JudgedOn.TEST: "test",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTask:
    """What a task is called there; ``pipeline``: of the list that Hugging Face has."""

    type: str
    title: str
    pipeline: str
    metrics: Callable[[RunFacts], Mapping[JudgedOn, list[Metric]]]


def header(facts: RunFacts, parts: Sequence[Export]) -> str:
    """Give the YAML, without the lines around it; the licence is whoever's who passes it on."""
    task = HUB_TASKS[facts.card.task.name]
    told: dict[str, Any] = {
        "license": "other",
        "license_name": "not-chosen-yet",
        "library_name": "keras",
        "pipeline_tag": task.pipeline,
        "tags": [task.type, "transfer-learning", "thaw", *_runtimes(parts)],
        "model-index": [{"name": facts.name, "results": list(_results(facts, task))}],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def _runtimes(parts: Sequence[Export]) -> list[str]:
    return list(dict.fromkeys(one.format.partition("-")[0] for one in parts))


def _results(facts: RunFacts, task: HubTask) -> Iterator[dict[str, Any]]:
    for judged_on, metrics in task.metrics(facts).items():
        yield {
            "task": {"type": task.type, "name": task.title},
            "dataset": {
                "type": _slug(facts.card.dataset_name),
                "name": facts.card.dataset_name,
                "split": _SPLITS[judged_on],
            },
            "metrics": metrics,
        }


def _of_classes(facts: RunFacts) -> Mapping[JudgedOn, list[Metric]]:
    scores = {}
    if facts.card.validation is not None:
        scores[JudgedOn.VALIDATION] = facts.card.validation
    if facts.score is not None:
        scores[facts.score.judged_on] = facts.score.accuracy
    if facts.test is not None and facts.test.test is not None:
        scores[JudgedOn.TEST] = facts.test.test
    return {
        judged_on: [{"type": "accuracy", "name": "Accuracy", "value": round(score.accuracy, 4)}]
        for judged_on, score in scores.items()
    }


def _of_numbers(facts: RunFacts) -> Mapping[JudgedOn, list[Metric]]:
    return {
        judged_on: [
            *_r_squared(score),
            {"type": "mae", "name": "Mean absolute error", "value": float(f"{score.mae:.4g}")},
            {"type": "rmse", "name": "RMSE", "value": float(f"{score.rmse:.4g}")},
        ]
        for judged_on, score in number_card.number_scores(facts).items()
    }


def _r_squared(score: NumberScore) -> Iterator[Metric]:
    if written.tells_r2(score):
        yield {"type": "r_squared", "name": "R²", "value": round(score.r2, 4)}


def _slug(name: str) -> str:
    """Give a name of a data set as an identifier has to be written."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "images"


HUB_TASKS: Mapping[str, HubTask] = {
    CLASSIFICATION: HubTask(
        type="image-classification",
        title="Image Classification",
        pipeline="image-classification",
        metrics=_of_classes,
    ),
    REGRESSION: HubTask(  # their list of pipelines has none of the kind but "other"
        type="image-regression",
        title="Image Regression",
        pipeline="other",
        metrics=_of_numbers,
    ),
}
