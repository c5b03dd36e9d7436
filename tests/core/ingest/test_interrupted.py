"""Ingests that are stopped, killed, stuck, asked for twice, or found again: whole or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from filelock import FileLock

from core import datasets
from core.datasets import versions
from core.errors import UserError
from core.images import pixels
from core.ingest import progress, requests
from core.ingest.decoding import child
from core.records import IngestStage, IngestState, Verdict
from core.workspace import Workspace
from tests import builders
from tests.core.ingest.folders import many, put

ROOT = Path(__file__).parents[3]


def test_a_stopped_ingest_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 30), *many("b", 30))
    ingest_id = requests.begin(ws)

    with pytest.raises(UserError, match="stopped"):
        requests.run(
            ws,
            ingest_id,
            source=folder,
            report=lambda state: requests.request_stop(ws, ingest_id),
        )

    assert requests.state(ws, ingest_id).stage is IngestStage.STOPPED
    assert datasets.ids(ws) == []
    assert not ws.ingest(ingest_id).dataset.exists()


def test_an_ingest_that_is_asked_for_twice_is_done_once(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id = requests.begin(ws)

    asked = []

    def again(state: object) -> None:
        if asked:
            return
        asked.append(state)
        with pytest.raises(UserError, match="running already"):
            requests.run(ws, ingest_id, source=folder)

    first = requests.run(ws, ingest_id, source=folder, report=again)

    assert requests.run(ws, ingest_id) == first
    assert datasets.ids(ws) == [ingest_id]


def test_one_that_looks_in_passing_does_not_keep_an_ingest_from_starting(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id = requests.begin(ws)
    look = FileLock(ws.ingest(ingest_id).lock, thread_local=False)
    look.acquire()
    threading.Timer(0.1, look.release).start()

    assert requests.run(ws, ingest_id, source=folder).num_images == 2


def test_the_sweep_does_not_touch_the_lock_of_an_ingest_that_is_to_start(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests.begin(ws)
    monkeypatch.setattr(progress, "is_running", None)  # to look is to hold it for a moment

    requests.begin(ws)


def test_parts_that_a_kill_left_are_swept(ws: Workspace) -> None:
    dataset, run_id = builders.make_dataset(ws), builders.make_run(ws)
    folders = [ws.root, ws.dataset(dataset.id).path, ws.run(run_id).path]
    for folder in folders:
        (folder / ".old.json.12345678.part").touch()
        (folder / ".new.json.12345678.part").touch()
        os.utime(folder / ".old.json.12345678.part", (0, 0))
    half = ws.dataset(dataset.id).versions / ".1.jsonl.12345678.part"
    half.parent.mkdir(exist_ok=True)
    half.touch()

    requests.begin(ws)
    with versions.writing(ws, dataset.id):
        assert not half.exists()

    assert [path.name[:4] for path in ws.root.rglob("*.part")] == [".new"] * 3


def test_progress_is_told_to_the_end(ws: Workspace, tmp_path: Path) -> None:
    told = []

    requests.run(
        ws,
        requests.begin(ws),
        source=put(tmp_path / "photos", *many("a", 5), *many("b", 5)),
        report=told.append,
    )

    assert [s.stage for s in told][-1] is IngestStage.DONE
    assert (told[-1].done, told[-1].total) == (10, 10)
    assert any(s.stage is IngestStage.READING and s.total == 10 for s in told)


def test_an_ingest_in_its_own_process_is_found_again(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 4), *many("b", 4))
    ingest_id = requests.begin(ws, "Again")

    requests.start(ws, ingest_id, folder)

    assert requests.open_ingests(ws) == [ingest_id]
    state = wait_for_end(ws, ingest_id)
    assert state is IngestStage.DONE
    assert requests.open_ingests(ws) == []
    assert datasets.get(ws, ingest_id).name == "Again"
    requests.discard(ws, ingest_id)
    assert datasets.ids(ws) == [ingest_id]


def wait_for_end(ws: Workspace, ingest_id: str) -> IngestStage:
    ended = (IngestStage.DONE, IngestStage.FAILED, IngestStage.STOPPED)
    for _ in range(1200):
        if (stage := requests.state(ws, ingest_id).stage) in ended:
            return stage
        time.sleep(0.05)
    raise TimeoutError(ingest_id)


def kill_at(ws: Workspace, folder: Path, seconds: float) -> str:
    """Start an ingest and end its process without mercy after some time."""
    ingest_id = requests.begin(ws)
    requests._ask(ws, ingest_id, [folder], "", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "core.ingest", str(ws.root), ingest_id],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return ingest_id


def check_whole(ws: Workspace, ingest_id: str) -> None:
    """Whatever is listed is whole; what is not listed is said to have failed."""
    stage = requests.state(ws, ingest_id).stage
    if ingest_id not in datasets.ids(ws):
        assert stage in (IngestStage.FAILED, IngestStage.RECEIVING)
        return
    assert stage is IngestStage.DONE
    images = datasets.images(ws, ingest_id)
    assert len(images) == datasets.get(ws, ingest_id).num_images == 40
    for image in images:
        pixels.read_copy(datasets.image_path(ws, ingest_id, image), 32)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0])
def test_a_killed_ingest_lists_nothing_half_made(
    ws: Workspace, tmp_path: Path, seconds: float
) -> None:
    folder = put(tmp_path / "photos", *many("a", 20), *many("b", 20))

    ingest_id = kill_at(ws, folder, seconds)

    check_whole(ws, ingest_id)
    requests.begin(ws)
    assert not ws.ingest(ingest_id).dataset.exists()
    check_whole(ws, ingest_id)


def test_an_ingest_is_said_to_be_at_work_before_it_leaves_anything(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id = requests.begin(ws)
    staged, seen = ws.ingest(ingest_id), []

    requests.run(
        ws, ingest_id, source=folder, report=lambda state: seen.append(staged.dataset.exists())
    )

    assert not seen[0]  # a kill until then leaves nothing that the sweep would pass over


@pytest.mark.slow
def test_of_forty_ingests_killed_at_random_none_is_half_made(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 20), *many("b", 20))
    rng = np.random.default_rng(11)

    for _ in range(40):
        check_whole(ws, kill_at(ws, folder, float(rng.uniform(0.1, 3.0))))


@pytest.mark.slow  # half a minute: the real limit, which has room for the start of a decoder
@pytest.mark.skipif(os.name == "nt", reason="a process cannot be halted there")
def test_a_decoder_that_stands_still_costs_one_picture_which_is_named(
    ws: Workspace, tmp_path: Path
) -> None:
    pictures = [*many("a", 30), *many("b", 30)]
    halted = []

    def halt_a_decoder(state: IngestState) -> None:
        if state.done and not halted:
            children = psutil.Process().children()
            halted.append(next(c for c in children if child.COMMAND[-1] in c.cmdline()))
            halted[0].suspend()

    dataset = requests.run(
        ws,
        requests.begin(ws),
        source=put(tmp_path / "photos", *pictures),
        report=halt_a_decoder,
    )

    reports = datasets.report(ws, dataset.id)
    [refused] = [row for row in reports if row.verdict is Verdict.REFUSED]
    assert "took longer than 20 seconds" in str(refused.reason)
    brought_in = {image.file for image in datasets.images(ws, dataset.id)}
    assert brought_in == set(pictures) - {refused.file}
    assert len(brought_in) == 59
