"""Studies as lines and as the object of --json: every kind has the same shape."""

import json

import numpy as np
import pytest

from core import runs, studies
from core.cli.writing import study_rows
from core.records import Accuracy, HeadScore, Split, State, TrainConfig
from core.records.studies import ClassGain, CurvePoint, JudgedRun, LearningCurve, StudyKind
from core.run_results import curve, folds, judged, predictions
from core.run_results.predictions import PartPredictions
from core.studies import store
from core.studies.kinds import KINDS, Wanted
from core.workspace import RunFolder, Workspace

BASE = TrainConfig(dataset_id="d", backbone="MobileNetV2-0.35", optimizer="solve", image_size=96)
WANTED = Wanted(
    config=BASE, num_images=500, num_train=400, backbones=("MobileNetV2-0.35", "MobileNetV2")
)
WRONG = (60, 50, 20, 19, 18)  # of 100 images a fold, by arm
ROW = {"name", "freeze", "trainable", "accuracy", "low", "high", "seconds", "run_id", "state"}
LABELS = np.arange(100) % 2
POINTS = tuple(
    CurvePoint(images=num, accuracy=share, low=share - 0.05, high=share + 0.05)
    for num, share in ((40, 0.6), (80, 0.66), (160, 0.72), (280, 0.77), (400, 0.8))
)
CURVE = LearningCurve(
    points=POINTS,
    expected=CurvePoint(images=800, accuracy=0.84, low=0.8, high=0.88),
    gain_low=0.02,
    gain_high=0.06,
    gains=(ClassGain(label="猫", gain=0.1, low=0.0, high=0.2),),
)


def answer(folder: RunFolder, arm: int, fold: int, protocol: str) -> None:
    """Leave in a run's folder what it comes to."""
    contents = tuple(f"{fold}-{i}" for i in range(100))
    right = np.arange(100) >= WRONG[arm]
    if protocol == "fold":
        logits = np.eye(2, dtype=np.float32)[np.where(right, LABELS, 1 - LABELS)]
        given = PartPredictions(
            contents=contents, labels=LABELS.astype(np.int32), groups=("",) * 100, logits=logits
        )
        predictions.write(folder, Split.VALIDATION, given)
    elif protocol == "folds":
        share = Accuracy(accuracy=right.mean(), low=0, high=1, images=100, majority=0.5)
        found = HeadScore(
            accuracy=share, contents=contents, right=tuple(right.tolist()), groups=("",) * 100
        )
        folds.write(folder, found)
    else:
        curve.write(folder, CURVE)
    judged.write(folder, JudgedRun(trainable=10 * (arm + 1), parameters=100 + arm, seconds=2.0))


def told(ws: Workspace, kind: StudyKind) -> dict:
    """Make a study of which two folds, or all there is, were judged, and read its object back."""
    study_id = studies.create(ws, kind, KINDS[kind].plan(WANTED))
    study = studies.get(ws, study_id)
    for run_id, arm, fold in store.existing(ws, study):
        answer(ws.run(run_id), study.arms.index(arm), fold, arm.config.protocol)
        runs.set_state(ws, run_id, State.DONE)
    return json.loads(json.dumps(study_rows.record(studies.read(ws, study_id), "en")))


@pytest.mark.parametrize("kind", StudyKind)
def test_each_kind_has_rows_and_advice_of_one_shape(ws: Workspace, kind: StudyKind):
    found = told(ws, kind)

    assert (found["kind"], found["state"]) == (kind.value, "done")
    assert all(set(row) >= ROW for row in found["rows"])
    assert set(found["advice"]) >= {"choice", "sentence", "p_value"}
    assert found["advice"]["sentence"]
    choices = {row["name"] for row in found["rows"]} | {""}
    assert found["advice"]["choice"] in choices


def test_scores_are_those_of_the_judged_images(ws: Workspace):
    rows = told(ws, StudyKind.LADDER)["rows"]

    assert [row["accuracy"] for row in rows] == [0.4, 0.5, 0.8, 0.81, 0.82]
    assert [row["trainable"] for row in rows] == [10, 20, 30, 40, 50]
    assert all(row["low"] < row["accuracy"] < row["high"] for row in rows)
    assert {(row["images"], row["folds"], row["seconds"]) for row in rows} == {(200, 2, 4.0)}
    assert [row["freeze"] for row in rows][::4] == ["all", "none"]


def test_backbones_stand_in_their_rows(ws: Workspace):
    found = told(ws, StudyKind.BAKEOFF)

    assert [row["backbone"] for row in found["rows"]] == ["MobileNetV2-0.35", "MobileNetV2"]
    assert [row["parameters"] for row in found["rows"]] == [100, 101]
    assert found["advice"]["choice"] == "MobileNetV2"  # .40 and .50
    assert found["baselines"] == []


def test_a_curve_gives_its_points_and_the_gain_of_each_class(ws: Workspace):
    found = told(ws, StudyKind.CURVE)["curve"]

    assert [point["images"] for point in found["points"]] == [40, 80, 160, 280, 400]
    assert (found["expected"]["images"], found["gain_low"]) == (800, 0.02)
    assert found["classes"] == [{"label": "猫", "gain": 0.1, "low": 0.0, "high": 0.2}]
    lines = list(study_rows.curve_lines(studies.read(ws, studies.ids(ws)[0])))
    assert lines[-1] == "(    800  0.840  0.800-0.880)"
    assert len(lines) == 6
