"""What a list tells of each run, and that no more is read for it than has changed."""

import os
from dataclasses import replace
from pathlib import Path

from core import files, runs
from core.records import BatchMetrics, Phase, Progress, Stage, State
from core.runs import summaries
from core.workspace import Workspace
from tests.builders import epoch_metrics, make_run


def test_a_summary_says_what_the_run_says(ws: Workspace):
    run_id = make_run(ws)
    runs.rename(ws, run_id, "the best")
    runs.star(ws, run_id, True)

    found, run = runs.summary(ws, run_id), runs.get(ws, run_id)

    assert (found.id, found.config, found.state) == (run_id, run.config, run.state)
    assert (found.name, found.is_starred, found.card) == ("the best", True, run.card)
    assert found.curve == tuple(epoch.val_accuracy for epoch in run.epochs) == (0.4, 0.7, 0.8)
    assert found.done is None


def test_runs_are_summarized_newest_first(ws: Workspace):
    made = [make_run(ws) for _ in range(3)]

    assert [found.id for found in runs.all_summaries(ws)] == sorted(made, reverse=True)


def test_whatever_changes_is_seen_at_once(ws: Workspace):
    run_id = make_run(ws, state=State.RUNNING)
    path = ws.run(run_id).progress
    assert runs.summary(ws, run_id).done is None

    files.write_record(path, Progress(stage=Stage.TRAINING, done=0.25))
    assert runs.summary(ws, run_id).done == 0.25
    files.append_record(ws.run(run_id).metrics, replace(epoch_metrics(4), val_accuracy=0.875))
    assert runs.summary(ws, run_id).curve[-1] == 0.875
    runs.star(ws, run_id, True)
    assert runs.summary(ws, run_id).is_starred
    runs.star(ws, run_id, False)
    assert not runs.summary(ws, run_id).is_starred
    runs.set_state(ws, run_id, State.STOPPED)
    assert runs.summary(ws, run_id).state.state is State.STOPPED
    assert runs.summary(ws, run_id).done is None


def test_what_has_not_changed_is_not_read_again(ws: Workspace):
    run_id = make_run(ws)
    first = runs.summary(ws, run_id)
    path = ws.run(run_id).metrics
    before = path.stat()
    with path.open("r+b") as file:  # as many bytes, and the same time
        file.write(b"#" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert runs.summary(ws, run_id) is first


def test_lines_of_batches_and_a_line_that_is_being_written_are_no_points(ws: Workspace):
    run_id = make_run(ws, num_epochs=1)
    batch = BatchMetrics(
        phase=Phase.HEAD, epoch=2, batch=1, num_batches=9, loss=1.0, accuracy=0.1, learning_rate=0.1
    )
    files.append_record(ws.run(run_id).metrics, batch)
    with ws.run(run_id).metrics.open("a") as file:
        file.write('{"phase": "head", "val_accuracy": 0.9')

    assert runs.summary(ws, run_id).curve == (0.4,)


def test_a_long_curve_is_thinned_and_keeps_its_ends(ws: Workspace):
    run_id = make_run(ws, num_epochs=1)
    for epoch in range(2, 502):
        line = replace(epoch_metrics(epoch), val_accuracy=epoch / 1000)
        files.append_record(ws.run(run_id).metrics, line)

    curve = runs.summary(ws, run_id).curve

    assert len(curve) == summaries.NUM_POINTS
    assert (curve[0], curve[-1]) == (0.4, 0.501)


def test_a_damaged_run_hides_itself_alone(ws: Workspace, tmp_path: Path):
    damaged, other = make_run(ws), make_run(ws)
    ws.run(damaged).config.write_text("{")

    assert [found.id for found in runs.all_summaries(ws)] == [other]
