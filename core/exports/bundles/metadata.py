"""The head of a model card: YAML as Hugging Face reads it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from core.exports.bundles.run_facts import RunFacts
from core.records import Export, JudgedOn

_SPLITS = {
    JudgedOn.FOLDS: "cross-validation",
    JudgedOn.VALIDATION: "validation",
    JudgedOn.TEST: "test",
}


def header(facts: RunFacts, parts: Sequence[Export]) -> str:
    """Give the YAML, without the lines around it; the licence is whoever's who passes it on."""
    told: dict[str, Any] = {
        "license": "other",
        "license_name": "not-chosen-yet",
        "library_name": "keras",
        "pipeline_tag": "image-classification",
        "tags": ["image-classification", "transfer-learning", "thaw", *_runtimes(parts)],
        "model-index": [{"name": facts.name, "results": list(_results(facts))}],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def _runtimes(parts: Sequence[Export]) -> list[str]:
    return list(dict.fromkeys(one.format.partition("-")[0] for one in parts))


def _results(facts: RunFacts) -> Iterator[dict[str, Any]]:
    scores = {}
    if facts.card.validation is not None:
        scores[JudgedOn.VALIDATION] = facts.card.validation
    if facts.score is not None:
        scores[facts.score.judged_on] = facts.score.accuracy
    if facts.test is not None and facts.test.test is not None:
        scores[JudgedOn.TEST] = facts.test.test
    for judged_on, score in scores.items():
        yield {
            "task": {"type": "image-classification", "name": "Image Classification"},
            "dataset": {
                "type": _slug(facts.card.dataset_name),
                "name": facts.card.dataset_name,
                "split": _SPLITS[judged_on],
            },
            "metrics": [
                {"type": "accuracy", "name": "Accuracy", "value": round(score.accuracy, 4)}
            ],
        }


def _slug(name: str) -> str:
    """Give a name of a data set as an identifier has to be written."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "images"
