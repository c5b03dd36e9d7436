"""The run store."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import files, runs
from core.errors import Problem, UserError
from core.records import BatchMetrics, Phase, State, TrainConfig
from core.words import say
from core.workspace import Workspace
from tests import builders, disks, run_records


def test_a_run_is_read_back_as_it_was_written(ws: Workspace):
    config = TrainConfig(dataset_id="d", left_out=("a", "b"), learning_rate=1e-2)

    run = runs.get(ws, runs.create(ws, config))

    assert run.config == config
    assert run.state.state is State.QUEUED


def test_runs_created_at_once_do_not_collide(ws: Workspace):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: runs.create(ws, TrainConfig(dataset_id="d")), range(40)))

    assert sorted(made) == runs.ids(ws)
    assert {p.name for p in ws.runs.iterdir()} == set(made)


def test_a_run_is_renamed_and_the_name_taken_away(ws: Workspace):
    run_id = builders.make_run(ws)
    assert runs.get(ws, run_id).name == ""

    runs.rename(ws, run_id, " the\n best  one " + "x" * 200)
    assert runs.get(ws, run_id).name == ("the best one " + "x" * 200)[:120]

    runs.rename(ws, run_id, "  ")
    assert runs.get(ws, run_id).name == ""
    with pytest.raises(UserError):
        runs.rename(ws, "nothing", "name")


def test_an_unknown_run_is_refused_with_the_number_there_are(ws: Workspace):
    builders.make_run(ws)

    with pytest.raises(UserError, match="This workspace has 1 run\\."):
        runs.get(ws, "nothing")


@pytest.mark.parametrize("name", ["../x", "", "a/b", "/etc", "a\0b", "."])
def test_a_name_that_is_no_id_never_becomes_a_path(ws: Workspace, name: str):
    with pytest.raises(UserError):
        runs.get(ws, name)


def test_lines_within_an_epoch_are_not_counted_as_epochs(ws: Workspace):
    run_id = builders.make_run(ws, num_epochs=2)
    within = BatchMetrics(
        phase=Phase.HEAD,
        epoch=3,
        batch=1,
        num_batches=9,
        loss=1.0,
        accuracy=0.5,
        learning_rate=1e-3,
    )
    files.append_record(ws.run(run_id).metrics, within)

    assert [m.epoch for m in runs.get(ws, run_id).epochs] == [1, 2]


def test_a_running_run_is_not_deleted(ws: Workspace):
    run_id = builders.make_run(ws, state=State.RUNNING)

    with pytest.raises(UserError, match="Stop it first"):
        runs.delete(ws, run_id)

    assert runs.ids(ws) == [run_id]


def test_a_deleted_run_is_gone(ws: Workspace):
    run_id = builders.make_run(ws)

    runs.delete(ws, run_id)

    assert runs.ids(ws) == []
    assert not list(ws.runs.iterdir())


def test_asking_a_finished_run_to_stop_changes_nothing(ws: Workspace):
    run_id = builders.make_run(ws)

    runs.request_stop(ws, run_id)

    assert not runs.stop_requested(ws, run_id)


def test_a_queued_run_that_is_stopped_has_ended_at_once(ws: Workspace):
    run_id = builders.make_run(ws, state=State.QUEUED)

    runs.request_stop(ws, run_id)

    assert runs.state_of(ws, run_id).state is State.STOPPED
    assert runs.next_queued(ws) is None
    runs.delete(ws, run_id)


def test_a_run_deleted_while_runs_are_listed_is_left_out(ws: Workspace):
    made = [builders.make_run(ws, state=State.QUEUED) for _ in range(60)]

    with ThreadPoolExecutor(1) as pool:
        gone = pool.submit(lambda: [runs.delete(ws, run_id) for run_id in made[1:]])
        while not gone.done():
            assert runs.all_runs(ws)
        gone.result()

    assert [run.id for run in runs.all_runs(ws)] == made[:1]


@pytest.mark.parametrize("damage", [b"", b'{"state": "qu', b"[]", b"\xff\x00", b'{"state": "?"}'])
def test_a_run_whose_state_is_damaged_has_failed_and_the_others_go_on(ws: Workspace, damage: bytes):
    damaged, other = (runs.create(ws, TrainConfig(dataset_id="d")) for _ in range(2))
    ws.run(damaged).state.write_bytes(damage)

    assert runs.next_queued(ws) == other
    assert {run.id: run.state.state for run in runs.all_runs(ws)} == {
        damaged: State.FAILED,
        other: State.QUEUED,
    }
    error = runs.state_of(ws, damaged).error
    assert error is not None
    assert str(error.what) == f"The file {ws.run(damaged).state} is damaged."
    runs.requeue(ws, damaged)
    assert runs.state_of(ws, damaged).state is State.QUEUED


def test_a_run_whose_state_is_damaged_is_done_where_its_model_is_there(ws: Workspace):
    run_id = runs.create(ws, TrainConfig(dataset_id="d"))
    files.write_record(ws.run(run_id).card, run_records.card(run_id, TrainConfig(dataset_id="d")))
    ws.run(run_id).state.write_bytes(b"")

    assert runs.state_of(ws, run_id).state is State.DONE


@pytest.mark.parametrize("name", ["config", "card", "progress"])
def test_another_damaged_file_of_a_run_hides_that_run_alone(ws: Workspace, name: str):
    damaged, other = (runs.create(ws, TrainConfig(dataset_id="d")) for _ in range(2))
    getattr(ws.run(damaged), name).write_bytes(b"{")

    assert [run.id for run in runs.all_runs(ws)] == [other]
    with pytest.raises(UserError, match="is damaged"):
        runs.get(ws, damaged)
    runs.delete(ws, damaged)
    assert runs.ids(ws) == [other]


def test_where_a_run_stands_is_written_on_a_full_disk_too(tmp_path: Path) -> None:
    error = Problem(what=say("Full."), expected=say("Room."), mend=say("Make room."))
    with disks.small(tmp_path / "disk", megabytes=1) as folder:
        ws = Workspace(folder / "workspace")
        run_id = runs.create(ws, TrainConfig(dataset_id="d"))
        with disks.filled(folder, leave=0):
            runs.set_state(ws, run_id, State.RUNNING)
            runs.set_state(ws, run_id, State.FAILED, error=error)

            assert runs.state_of(ws, run_id).error == error
        runs.requeue(ws, run_id)

        assert ws.run(run_id).reserve.exists()
