"""Waiting for a run with workers of one's own: they are started again, but not for ever."""

import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from core import cli, files, locks, runs
from core.errors import Problem, UserError
from core.records import EpochMetrics, State
from core.runs import waiting
from core.runs.executors import Local
from core.words import say
from core.workspace import Workspace
from tests import builders


class Deaf:
    """Hears of nothing."""

    def sentence(self, text: object) -> None: ...
    def epoch(self, m: object) -> None: ...
    def progress(self, p: object) -> None: ...


def test_a_worker_that_cannot_start_is_given_up_with_a_sentence(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run_id = builders.make_run(ws, state=State.QUEUED)
    (tmp_path / "file").touch()
    monkeypatch.setenv("THAW_LOCKS", str(tmp_path / "file" / "locks"))

    with pytest.raises(UserError, match=r"worker\.log") as refused:
        waiting.wait(ws, run_id, observer=Deaf())

    assert f"resume {run_id}" in str(refused.value)
    assert ws.worker_log.read_text().count("Set THAW_LOCKS") == waiting.MAX_STARTS


def test_a_cluster_that_cannot_be_reached_is_told_at_once(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    run_id = builders.make_run(ws, state=State.QUEUED)
    problem = Problem(what=say("No cluster."), expected=say("One."), mend=say("Start it."))
    files.write_record(ws.no_worker, problem)
    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")
    ends = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)
    monkeypatch.setattr(waiting, "_start", lambda ws, run_id: ends)

    with pytest.raises(UserError, match="No cluster") as refused:
        waiting.wait(ws, run_id, observer=Deaf(), poll=0.02)

    assert f"Start it. Then 'python -m core resume {run_id}' goes on." in str(refused.value)


def test_a_study_goes_on_by_a_command_of_its_own(ws: Workspace):
    ws.study("s1").path.mkdir(parents=True)

    assert "'python -m core study resume s1'" in str(waiting._gave_up(ws, "s1"))


def test_while_a_cluster_has_no_node_whoever_waits_is_told_once(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    run_id = builders.make_run(ws, state=State.QUEUED)
    problem = Problem(what=say("No node."), expected=say("One."), mend=say("Start one."))
    files.write_record(ws.no_worker, problem)
    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")
    heard: list[str] = []
    observer = Deaf()
    observer.sentence = lambda text: heard.append(str(text))  # type: ignore[method-assign]
    told = [0, 0, 0]

    for _ in range(3):
        waiting._tell(ws, run_id, observer, told)

    assert heard == ["No node. Start one."]


def test_what_is_said_of_the_kept_epoch_comes_after_it(ws: Workspace):
    run_id = builders.make_run(ws, state=State.DONE)
    heard: list[object] = []
    watch = Deaf()
    watch.sentence, watch.epoch = heard.append, heard.append  # type: ignore[method-assign]
    files.append_record(ws.run(run_id).log, say("Epoch 1 is kept."))

    waiting.wait(ws, run_id, observer=watch)

    assert isinstance(heard[0], EpochMetrics)
    assert str(heard[-1]) == "Epoch 1 is kept."


def test_a_worker_started_again_ends_with_the_wait(ws: Workspace, monkeypatch: pytest.MonkeyPatch):
    run_id = builders.make_run(ws, state=State.QUEUED)
    started: list[subprocess.Popen[bytes]] = []

    def start(ws: Workspace, run_id: str) -> "subprocess.Popen[bytes]":
        does = "import sys; sys.stdin.read()" if started else ""
        started.append(subprocess.Popen([sys.executable, "-c", does], stdin=subprocess.PIPE))
        if len(started) == 2:
            threading.Timer(0.3, runs.set_state, [ws, run_id, State.DONE]).start()
        return started[-1]

    monkeypatch.setattr(waiting, "_start", start)
    waiting.wait(ws, run_id, observer=Deaf(), poll=0.02)

    assert [worker.poll() for worker in started] == [0, 0]


def test_a_run_goes_on_when_whoever_reads_has_seen_enough(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    run_id = builders.make_run(ws, state=State.QUEUED)
    reading, writing = os.pipe()
    os.close(reading)  # `python -m core train … 2>&1 | head -3`, after the third line

    def start(ws: Workspace, run_id: str) -> "subprocess.Popen[bytes]":
        files.append_record(ws.run(run_id).log, say("Training on CPU."))
        files.append_record(ws.run(run_id).metrics, builders.epoch_metrics(1))
        threading.Timer(0.4, runs.set_state, [ws, run_id, State.DONE]).start()
        does = "import sys; sys.stdin.read()"
        return subprocess.Popen([sys.executable, "-c", does], stdin=subprocess.PIPE)

    monkeypatch.setattr(waiting, "_start", start)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        code = cli.main(["resume", run_id, "--workspace", str(ws.root)])

    assert code == 0
    assert runs.state_of(ws, run_id).state is State.DONE


@pytest.mark.parametrize("app_lives", [True, False])
def test_a_run_that_the_app_queued_meanwhile_is_not_left_behind(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, app_lives: bool
):
    run_id = builders.make_run(ws, state=State.DONE)
    builders.make_run(ws, state=State.QUEUED)
    asked: list[Workspace] = []
    monkeypatch.setattr(Local, "submit", lambda self, ws: asked.append(ws))

    with locks.hold(ws.app_lock) if app_lives else nullcontext():
        waiting.wait(ws, run_id, observer=Deaf())

    assert asked == [ws] * app_lives
