"""The worker, with a training process that answers like the real one but learns nothing."""

import os
import time

import pytest

from core import files, runs
from core.records import State, TrainConfig
from core.records.requests import Predict
from core.runs import recovery, supervising, worker
from core.runs.engine_process import EngineProcess
from core.runs.sharing.places import Place
from core.workspace import Workspace
from tests.core.runs.queued import queue, work


def test_a_queued_run_is_trained_and_done(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=0)

    work(ws, engine)

    run = runs.get(ws, run_id)
    assert run.state.state is State.DONE
    assert [m.epoch for m in run.epochs] == [1, 2]
    assert run.card is not None


def test_runs_are_taken_in_the_order_they_were_queued(ws: Workspace, engine: EngineProcess):
    first, second = queue(ws, seed=0), queue(ws, seed=0)

    work(ws, engine)

    ended = [runs.state_of(ws, i).changed_at for i in (first, second)]
    assert ended == sorted(ended)


def test_a_worker_of_one_run_leaves_the_others_to_theirs(ws: Workspace, engine: EngineProcess):
    first, second = queue(ws, seed=0), queue(ws, seed=0)

    worker.work(Place(ws), engine, lives_on=lambda: False, only=second, poll=0.02)

    ended = [runs.state_of(ws, i).state for i in (first, second)]
    assert ended == [State.QUEUED, State.DONE]


def test_what_the_train_page_shows_is_made_ready_once_for_each_choice(
    ws: Workspace, engine: EngineProcess
):
    ws.root.mkdir(parents=True)
    moments = iter(["MobileNetV2", "", "ResNet50", "cut off", ""])
    engine.ask(Predict(run_id="", files=()))  # it is there before the moments pass

    def lives_on() -> bool:
        moment = next(moments, None)
        if moment:
            files.write_record(ws.chosen, TrainConfig(dataset_id="d", backbone=moment))
        if moment == "cut off":
            ws.chosen.write_text("{")
        return moment is not None

    worker.work(Place(ws), engine, lives_on=lives_on, poll=0.0)

    assert prepared(ws) == ["MobileNetV2", "ResNet50"]


def test_what_a_train_page_showed_long_ago_is_left_alone(ws: Workspace, engine: EngineProcess):
    ws.root.mkdir(parents=True)
    files.write_record(ws.chosen, TrainConfig(dataset_id="d"))
    os.utime(ws.chosen, (time.time() - 3600, time.time() - 3600))

    worker.prepare(Place(ws), engine, None, lives_on=lambda: True)

    assert prepared(ws) == []


def test_what_nobody_waits_for_any_more_is_not_made_ready(ws: Workspace, engine: EngineProcess):
    ws.root.mkdir(parents=True)
    files.write_record(ws.chosen, TrainConfig(dataset_id="d", backbone="endless"))

    worker.prepare(Place(ws), engine, None, lives_on=lambda: False)

    assert not engine.alive


def prepared(ws: Workspace) -> list[str]:
    file = ws.root / "prepared.txt"
    return file.read_text().split() if file.exists() else []


def test_a_process_killed_once_is_started_again(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=5)

    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt) == (State.DONE, 2)


def test_a_run_that_gets_further_each_time_is_tried_as_often_as_it_is_cut_off(
    ws: Workspace, engine: EngineProcess
):
    run_id = queue(ws, seed=13)  # five times

    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt, state.kept) == (State.DONE, 1, 5)


def test_a_crash_is_written_down_and_the_next_run_still_trains(
    ws: Workspace, engine: EngineProcess
):
    poison, fine = queue(ws, seed=1), queue(ws, seed=0)

    work(ws, engine)

    state = runs.state_of(ws, poison)
    assert (state.state, state.attempt) == (State.FAILED, recovery.MAX_ATTEMPTS)
    assert state.error is not None
    assert "3 times" in str(state.error.what)
    assert runs.state_of(ws, fine).state is State.DONE


def test_a_run_that_raised_is_not_tried_again(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=2)

    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt) == (State.FAILED, 1)


def test_what_the_engine_refuses_is_kept_as_sentences(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=3)

    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert state.state is State.FAILED
    assert state.error is not None
    assert str(state.error.mend) == "Ask again."


def test_a_failed_run_can_be_tried_again(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=0)
    runs.set_state(ws, run_id, State.FAILED, attempt=recovery.MAX_ATTEMPTS)

    runs.requeue(ws, run_id)
    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt, state.error) == (State.DONE, 1, None)


def test_a_run_that_is_done_is_not_trained_again(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=0)
    work(ws, engine)

    runs.requeue(ws, run_id)

    assert runs.state_of(ws, run_id).state is State.DONE


def test_a_run_stopped_in_the_queue_never_starts(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=0)
    ws.run(run_id).stop.touch()  # by somebody who saw it train

    work(ws, engine)

    assert runs.state_of(ws, run_id).state is State.STOPPED
    assert not runs.get(ws, run_id).epochs


def test_a_run_deleted_in_the_queue_does_not_bring_the_worker_down(
    ws: Workspace, engine: EngineProcess
):
    gone, fine = queue(ws, seed=0), queue(ws, seed=0)
    runs.delete(ws, gone)

    with worker._unless_deleted(ws, gone):
        supervising.supervise(ws, gone, engine, device="cpu")
    work(ws, engine)

    assert runs.state_of(ws, fine).state is State.DONE
    assert not ws.run(gone).path.exists()


@pytest.mark.parametrize(
    ("seed", "attempt", "verb"),
    [
        (10, 2, "train"),  # an attempt has its own time, whatever the files of the last one say
        (6, 1, "keep"),  # nothing else helped: a fresh process saves what the checkpoint keeps
        (11, 1, "keep"),
    ],
    ids=["once", "always", "refused"],
)
def test_a_run_that_stands_still_when_it_is_stopped_keeps_its_checkpoint_as_the_model(
    ws: Workspace,
    engine: EngineProcess,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    attempt: int,
    verb: str,
):
    monkeypatch.setattr(supervising, "HEED_SECONDS", 0.2)
    run_id = queue(ws, seed=seed)

    work(ws, engine)

    run = runs.get(ws, run_id)
    assert (run.state.state, run.state.attempt, run.state.error) == (State.STOPPED, attempt, None)
    assert ws.run(run_id).output.read_text() == verb
    assert run.card is not None


def test_a_run_stopped_before_its_first_epoch_is_not_waited_for(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(supervising, "HEED_SECONDS", 0.2)
    run_id = queue(ws, seed=12)

    work(ws, engine)

    assert runs.state_of(ws, run_id).state is State.STOPPED


def test_a_run_that_dies_while_it_stops_still_saves_its_model(ws: Workspace, engine: EngineProcess):
    run_id = queue(ws, seed=7)

    work(ws, engine)

    run = runs.get(ws, run_id)
    assert (run.state.state, run.state.attempt) == (State.STOPPED, 2)
    assert run.card is not None


def test_a_run_stopped_again_in_the_queue_still_saves_its_model(ws: Workspace):
    run_id = queue(ws, seed=0)
    ws.run(run_id).checkpoints.mkdir()
    (ws.run(run_id).checkpoints / "00001.npz").touch()

    runs.request_stop(ws, run_id)

    assert runs.state_of(ws, run_id).state is State.QUEUED
    assert runs.stop_requested(ws, run_id)


@pytest.mark.parametrize(("seed", "end"), [(8, State.DONE), (9, State.FAILED)])
def test_a_run_ended_for_its_memory_has_half_the_batch_tried_once(
    ws: Workspace, engine: EngineProcess, monkeypatch: pytest.MonkeyPatch, seed: int, end: State
):
    monkeypatch.setattr(recovery, "_COUNTS", ws.root / "vmstat")
    run_id = queue(ws, seed=seed)

    work(ws, engine)

    state = runs.state_of(ws, run_id)
    assert (state.state, state.attempt, state.halved) == (end, 2, True)
    assert seed == 8 or (state.error and "memory ran out" in str(state.error.what))
