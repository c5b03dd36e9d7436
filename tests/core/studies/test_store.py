"""Studies on disk, worked on by a training process that answers like the real one."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core import runs, studies, trash
from core.errors import UserError
from core.records import State, TrainConfig
from core.records.studies import Arm, StudyAsked, StudyKind
from core.runs import inference, recovery, worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing.places import Place
from core.studies import store
from core.workspace import Workspace
from tests.fake_worker import FAKE

BASE = TrainConfig(dataset_id="d", seed=0, epochs=1, protocol="fold")


@pytest.fixture
def engine(ws: Workspace) -> Iterator[EngineProcess]:
    engine = EngineProcess("train", ws, FAKE)
    yield engine
    engine.kill()


def arms(*seeds: int) -> tuple[Arm, ...]:
    """Make arms; the seed says what happens to the run: `tests.fake_engine`."""
    return tuple(Arm(name=f"block_{s}", config=replace(BASE, seed=s)) for s in seeds)


def create(ws: Workspace, *seeds: int, folds: int = 2) -> str:
    return studies.create(ws, StudyKind.LADDER, arms(*seeds), folds=folds)


def work(ws: Workspace, engine: EngineProcess, only: str = "") -> None:
    worker.work(Place(ws), engine, lives_on=lambda: False, only=only, poll=0.02)


def states(ws: Workspace, study_id: str) -> list[State]:
    parts = store.existing(ws, studies.get(ws, study_id))
    return [runs.state_of(ws, run_id).state for run_id, _, _ in parts]


def test_all_runs_of_a_study_are_trained_fold_by_fold(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0, 100)

    work(ws, engine)

    assert studies.state(ws, studies.get(ws, study_id)) is State.DONE
    parts = store.existing(ws, studies.get(ws, study_id))
    assert [(arm.name, fold) for _, arm, fold in parts] == [
        ("block_0", 0),
        ("block_100", 0),
        ("block_0", 1),
        ("block_100", 1),
    ]
    assert runs.get(ws, parts[3][0]).config.fold == 1
    assert runs.get(ws, parts[3][0]).config.study == study_id


def test_its_runs_stand_in_no_list_of_runs(ws: Workspace):
    create(ws, 0)

    assert runs.ids(ws) == []
    assert runs.all_summaries(ws) == []


def test_a_run_that_somebody_waits_for_goes_before_a_study(ws: Workspace):
    create(ws, 0)
    mine = runs.create(ws, TrainConfig(dataset_id="d"))

    assert runs.next_queued(ws) == mine


def test_a_worker_of_one_study_leaves_other_runs_alone(ws: Workspace, engine: EngineProcess):
    study_id, mine = create(ws, 0), runs.create(ws, TrainConfig(dataset_id="d"))

    work(ws, engine, only=study_id)

    assert states(ws, study_id) == [State.DONE] * 2
    assert runs.state_of(ws, mine).state is State.QUEUED


def test_a_run_that_lost_its_worker_goes_on(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0)
    first = store.existing(ws, studies.get(ws, study_id))[0][0]
    runs.set_state(ws, first, State.RUNNING)

    assert recovery.reconcile(ws, study_id)
    work(ws, engine, only=study_id)

    assert states(ws, study_id) == [State.DONE] * 2


def test_more_folds_are_a_second_look(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0)
    work(ws, engine)

    studies.go_on(ws, study_id)
    asked = studies.asked(ws, study_id)
    assert (asked.folds, asked.looks, asked.planned) == (5, 2, 2)
    assert states(ws, study_id) == [State.DONE] * 2 + [State.QUEUED] * 3

    work(ws, engine)
    assert states(ws, study_id) == [State.DONE] * 5


def test_all_folds_at_once_are_one_look(ws: Workspace):
    assert studies.asked(ws, create(ws, 0, folds=5)).planned == 1


def test_going_on_that_was_cut_off_can_be_asked_for_again(ws: Workspace):
    study_id = create(ws, 0)
    studies.go_on(ws, study_id, folds=3)

    studies.go_on(ws, study_id)

    assert len(states(ws, study_id)) == 5


def test_a_failed_rung_leaves_the_others(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0, 3)

    work(ws, engine)

    assert states(ws, study_id) == [State.DONE, State.FAILED] * 2
    found = studies.read(ws, study_id)
    assert found.state is State.FAILED
    assert [row.error is None for row in found.rows] == [True, False]


def test_a_study_that_is_stopped_goes_on_where_it_was(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0)

    studies.stop(ws, study_id)
    assert states(ws, study_id) == [State.STOPPED] * 2
    studies.resume(ws, study_id)
    work(ws, engine)

    assert states(ws, study_id) == [State.DONE] * 2


def test_going_on_after_a_stop_is_a_look_where_there_was_something_to_see(ws: Workspace):
    study_id = create(ws, 0, 100, folds=5)
    first, second, *_ = store.existing(ws, studies.get(ws, study_id))
    for run_id, _, _ in (first, second):
        runs.set_state(ws, run_id, State.DONE)

    studies.stop(ws, study_id)
    assert studies.asked(ws, study_id).planned == 2  # one may look now, and go on
    studies.resume(ws, study_id)

    asked = studies.asked(ws, study_id)
    assert (asked.folds, asked.looks, asked.planned) == (5, 2, 2)


def test_a_stop_before_anything_was_judged_costs_nothing(ws: Workspace):
    study_id = create(ws, 0, 100)

    studies.stop(ws, study_id)
    studies.resume(ws, study_id)

    assert studies.asked(ws, study_id) == StudyAsked(folds=2)


def test_a_study_that_has_ended_is_not_stopped(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0, 100, folds=5)
    work(ws, engine)

    studies.stop(ws, study_id)

    assert studies.asked(ws, study_id).planned == 1


def test_more_folds_take_up_what_was_stopped(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0)
    studies.stop(ws, study_id)

    studies.go_on(ws, study_id)
    work(ws, engine)

    assert states(ws, study_id) == [State.DONE] * 5


def test_runs_are_trained_fold_by_fold_also_of_many_arms(ws: Workspace):
    study_id = create(ws, *range(0, 1200, 100))

    ids = [part[0] for part in store.existing(ws, studies.get(ws, study_id))]

    assert [run_id for run_id in runs.states(ws) if run_id in ids] == ids


def test_a_study_is_deleted_with_its_runs_and_comes_back(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0)
    work(ws, engine)

    studies.delete(ws, study_id)
    assert studies.ids(ws) == []
    with pytest.raises(UserError, match="trash restore"):
        studies.get(ws, study_id)
    assert str(trash.name_of(trash.find(ws, study_id))) == "Freezing ladder"
    studies.restore(ws, study_id)

    assert states(ws, study_id) == [State.DONE] * 2


def test_a_run_of_a_study_is_not_deleted_alone(ws: Workspace):
    study_id = create(ws, 0)

    with pytest.raises(UserError, match=f"study delete {study_id}"):
        runs.delete(ws, f"{study_id}__0-0")

    assert len(states(ws, study_id)) == 2


def test_a_run_of_a_study_says_why_it_has_no_model(ws: Workspace):
    study_id = create(ws, 0)

    with pytest.raises(UserError, match="keeps no model"):
        inference.check_finished(ws, f"{study_id}__0-0")


def test_a_run_whose_folder_is_gone_is_made_anew(ws: Workspace, engine: EngineProcess):
    study_id = create(ws, 0, 100)
    work(ws, engine)
    shutil.rmtree(ws.run(f"{study_id}__1-0").path)

    found = studies.read(ws, study_id)
    assert found.state is State.FAILED
    assert [row.state for row in found.rows] == [State.DONE, State.FAILED]
    studies.resume(ws, study_id)
    work(ws, engine)

    assert states(ws, study_id) == [State.DONE] * 4
    assert studies.read(ws, study_id).state is State.DONE


def test_a_curve_whose_run_is_gone_can_be_read(ws: Workspace):
    arm = Arm(name="curve", config=replace(BASE, protocol="curve"))
    study_id = studies.create(ws, StudyKind.CURVE, (arm,))
    shutil.rmtree(ws.run(f"{study_id}__0-0").path)

    assert studies.read(ws, study_id).state is State.FAILED


def test_going_on_with_an_arm_that_failed_midway_is_a_look(ws: Workspace):
    study_id = create(ws, 0, 100, folds=5)
    for run_id, arm, fold in store.existing(ws, studies.get(ws, study_id)):
        fails = arm.name == "block_0" and fold == 4
        runs.set_state(ws, run_id, State.FAILED if fails else State.DONE)

    assert studies.read(ws, study_id).asked.planned == 2  # one may look now, and go on
    studies.resume(ws, study_id)

    asked = studies.asked(ws, study_id)
    assert (asked.looks, asked.planned) == (2, 2)


def test_an_arm_that_cannot_train_at_all_is_no_look(ws: Workspace):
    study_id = create(ws, 0, 100, folds=5)
    for run_id, arm, _ in store.existing(ws, studies.get(ws, study_id)):
        runs.set_state(ws, run_id, State.FAILED if arm.name == "block_0" else State.DONE)

    studies.resume(ws, study_id)

    assert studies.asked(ws, study_id).planned == 1


def test_a_study_at_work_is_not_deleted(ws: Workspace):
    study_id = create(ws, 0)
    runs.set_state(ws, store.existing(ws, studies.get(ws, study_id))[0][0], State.RUNNING)

    with pytest.raises(UserError, match="Stop it first"):
        studies.delete(ws, study_id)


def test_a_study_that_there_is_not_is_refused(ws: Workspace):
    with pytest.raises(UserError, match="no study called 'other'"):
        studies.read(ws, "other")


def test_a_data_set_that_a_study_learns_from_says_so(ws: Workspace):
    study_id = create(ws, 0)

    assert "1 study still needs it" in str(studies.learning_from(ws, "d"))
    assert studies.learning_from(ws, "other") is None
    studies.stop(ws, study_id)
    assert studies.learning_from(ws, "d") is None


def test_a_name_given_to_a_study_is_kept(ws: Workspace):
    study_id = create(ws, 0)

    studies.rename(ws, study_id, " how deep ")

    assert studies.name(ws, study_id) == "how deep"
