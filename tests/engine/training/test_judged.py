"""Runs of a study: they judge the images of their fold, keep no model and share their heads."""

from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs, studies
from core.records import Split
from core.records.studies import Arm, JudgedRun, StudyKind
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.studies import store
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs
from tests.engine.jobs import TINY, Killed

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
RUNG = replace(TINY, optimizer="solve", weights="none", protocol="fold", epochs=2)
ARMS = (
    Arm(name="all", config=replace(RUNG, freeze="all", fine_tune_epochs=0)),
    Arm(name="block4", config=RUNG),
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    ws = Workspace(tmp_path_factory.mktemp("judged"))
    builders.make_dataset(ws, num=20)
    study = store.create(ws, StudyKind.LADDER, ARMS, folds=5)
    for run_id, arm, fold in store.parts(ws, store.get(ws, study), 2):
        assert jobs.run(ws, replace(arm.config, fold=fold), run_id=run_id)[1] == "done"
    return ws, study


def answers(ws: Workspace, study: str, arm: int, fold: int) -> PartPredictions:
    found = predictions.read(ws.run(ws.study(study).run_id(arm, fold)))
    assert found is not None
    return found


def test_a_fold_is_judged_by_images_that_taught_nothing_and_never_by_the_test_part(
    judged: tuple[Workspace, str],
):
    ws, study = judged
    split = {image.content: image.split for image in datasets.images(ws, TINY.dataset_id)}

    parts = [set(answers(ws, study, 0, fold).contents) for fold in range(2)]

    assert not parts[0] & parts[1]
    assert all(split[content] is not Split.TEST for content in parts[0] | parts[1])
    assert {split[content] for content in parts[0] | parts[1]} == {Split.TRAIN, Split.VALIDATION}


def test_all_rungs_judge_the_same_images(judged: tuple[Workspace, str]):
    ws, study = judged

    assert answers(ws, study, 0, 1).contents == answers(ws, study, 1, 1).contents


def test_no_model_is_kept(judged: tuple[Workspace, str]):
    ws, study = judged
    folder = ws.run(ws.study(study).run_id(1, 0))

    assert not folder.model.exists()
    assert not folder.card.exists()
    assert not folder.checkpoints.exists()
    assert files.read_record(folder.judged, JudgedRun).trainable > 0


def test_the_head_of_a_fold_is_solved_once_for_all_depths(judged: tuple[Workspace, str]):
    ws, study = judged

    assert len(list(ws.study(study).heads.iterdir())) == 2  # folds
    first, other = (ws.run(ws.study(study).run_id(arm, 0)).log.read_text() for arm in (0, 1))
    assert "Strength of the decay" in first
    assert "Strength of the decay" not in other


def test_a_shared_head_gives_what_a_head_of_its_own_gives(judged: tuple[Workspace, str]):
    ws, study = judged
    shared = answers(ws, study, 1, 0)
    alone = store.create(ws, StudyKind.LADDER, ARMS[1:], folds=5)

    jobs.run(ws, store.get(ws, alone).arms[0].config, run_id=ws.study(alone).run_id(0, 0))

    np.testing.assert_array_equal(answers(ws, alone, 0, 0).logits, shared.logits)


def test_a_run_that_is_killed_comes_to_the_same(judged: tuple[Workspace, str]):
    ws, study = judged
    again = store.create(ws, StudyKind.LADDER, ARMS[1:], folds=5)
    run_id, config = ws.study(again).run_id(0, 0), store.get(ws, again).arms[0].config

    for call in (6, 9):
        with pytest.raises(Killed):
            jobs.run(ws, config, run_id=run_id, stop=jobs.at(call, jobs.kill))
    assert jobs.run(ws, config, run_id=run_id)[1] == "done"

    assert np.array_equal(answers(ws, again, 0, 0).logits, answers(ws, study, 1, 0).logits)
    took = files.read_record(ws.run(run_id).judged, JudgedRun).seconds
    assert took >= sum(epoch.seconds for epoch in runs.epochs(ws, run_id))  # before the kill, too


def test_one_that_is_stopped_judges_nothing_and_can_go_on(judged: tuple[Workspace, str]):
    ws, study = judged
    again = store.create(ws, StudyKind.LADDER, ARMS[1:], folds=5)
    run_id, config = ws.study(again).run_id(0, 0), store.get(ws, again).arms[0].config

    _, ended = jobs.run(ws, config, run_id=run_id, stop=jobs.at(6, lambda: True))
    assert ended == "stopped"
    assert predictions.read(ws.run(run_id)) is None

    assert jobs.run(ws, config, run_id=run_id)[1] == "done"
    assert np.array_equal(answers(ws, again, 0, 0).logits, answers(ws, study, 1, 0).logits)


def test_one_that_was_cut_off_before_its_answer_says_done(judged: tuple[Workspace, str]):
    ws, study = judged
    run_id = ws.study(study).run_id(0, 0)

    assert jobs.run(ws, ARMS[0].config, run_id=run_id)[1] == "done"


def test_a_study_is_read_from_its_runs(judged: tuple[Workspace, str]):
    ws, study = judged

    found = studies.read(ws, study)

    assert [row.folds for row in found.rows] == [2, 2]
    assert {row.accuracy.images for row in found.rows if row.accuracy} == {14}
