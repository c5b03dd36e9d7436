"""The command study refuses what names nothing, and says of an ended study that it had ended."""

import argparse

import pytest

from core import runs, studies
from core.cli import studies as command
from core.errors import UserError
from core.records import State, TrainConfig
from core.records.studies import Arm, StudyKind
from core.workspace import Workspace
from tests.core.cli.test_commands import core

ARM = Arm(name="all", config=TrainConfig(dataset_id="d", protocol="fold"))


def test_a_study_that_had_ended_is_not_said_to_end_now(ws: Workspace):
    study_id = studies.create(ws, StudyKind.LADDER, (ARM,), folds=1)
    runs.set_state(ws, ws.study(study_id).run_id(0, 0), State.DONE)

    told = core(ws, "study", "stop", study_id)

    assert told.returncode == 0
    assert f"The study {study_id} had ended before: it is done." in told.stdout


def test_nothing_named_is_refused_plainly(ws: Workspace):
    told = core(ws, "study", "stop")

    assert told.returncode == 2
    assert "No data set or study was named." in told.stderr


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (StudyKind.CURVE, {"rungs": 3}, "--rungs means nothing to 'curve'"),
        (StudyKind.TRANSFER, {"backbone": ["a", "b"]}, "More than one --backbone"),
    ],
)
def test_what_a_kind_would_pass_over_is_refused(kind: StudyKind, given: dict, told: str):
    options = argparse.Namespace(**{"rungs": None, "backbone": [], **given})

    with pytest.raises(UserError, match=told):
        command._check_meant(kind, options)


def test_a_bakeoff_takes_many_backbones_and_a_ladder_its_rungs():
    command._check_meant(StudyKind.BAKEOFF, argparse.Namespace(rungs=None, backbone=["a", "b"]))
    command._check_meant(StudyKind.LADDER, argparse.Namespace(rungs=3, backbone=["a"]))
