"""A study as lines of a console, and as the object of `--json`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from core.cli.console import one_line
from core.insights import score_texts
from core.records.studies import LearningCurve, StudyResult, StudyRow
from core.studies import texts
from core.words import render


def line(row: StudyRow, language: str) -> str:
    """Give a row as a line."""
    score = render(score_texts.short(row.accuracy), language) if row.accuracy else "-"
    name = one_line(render(texts.arm(row), language))
    return f"{name:<28} {score:>26}  {row.trainable:>12,}  {row.seconds:>8.1f} s"


def curve_lines(found: StudyResult) -> Iterator[str]:
    """Give the points of a learning curve, and what twice the images may come to, in brackets."""
    for point in found.curve.points if found.curve else ():
        yield f"{point.images:>8,}  {point.accuracy:.3f}  {point.low:.3f}-{point.high:.3f}"
    if found.curve and (twice := found.curve.expected):
        yield f"({twice.images:>7,}  {twice.accuracy:.3f}  {twice.low:.3f}-{twice.high:.3f})"


def record(found: StudyResult, language: str) -> dict[str, Any]:
    """Give a study for programs."""
    advice = found.advice
    return {
        "study_id": found.study.id,
        "kind": found.study.kind.value,
        "dataset_id": found.study.dataset_id,
        "state": found.state.value,
        "folds": found.asked.folds,
        "rows": [_row(row) for row in found.rows],
        "advice": {
            "choice": advice.choice,
            "sentence": " ".join(render(one, language) for one in advice.sentences),
            "p_value": advice.p_value,
            "ties": list(advice.ties),
        }
        if advice
        else None,
        "baselines": [_row(row) for row in found.baselines],
        "curve": _curve(found.curve) if found.curve else None,
    }


def _curve(curve: LearningCurve) -> dict[str, Any]:
    return {
        "points": [asdict(point) for point in curve.points],
        "expected": asdict(curve.expected) if curve.expected else None,
        "gain_low": curve.gain_low,
        "gain_high": curve.gain_high,
        "classes": [asdict(gain) for gain in curve.gains],
    }


def _row(row: StudyRow) -> dict[str, Any]:
    score = row.accuracy
    return {
        "name": row.name,
        "freeze": row.config.freeze,
        "backbone": row.config.backbone,
        "trainable": row.trainable,
        "accuracy": score.accuracy if score else None,
        "low": score.low if score else None,
        "high": score.high if score else None,
        "images": score.images if score else 0,
        "folds": row.folds,
        "seconds": round(row.seconds, 2),
        "milliseconds": round(row.milliseconds, 3),
        "parameters": row.parameters,
        "state": row.state.value,
        "run_id": row.run_ids[0] if row.run_ids else "",
        "run_ids": list(row.run_ids),
    }
