"""Backups: all that counts is in, as it was at one moment, and comes back to the byte."""

import contextlib
import json
import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from core import datasets, runs
from core.backups import contents, moments, restoring, writing
from core.classroom import folder, handing, people
from core.classroom.folder import ClassFolder
from core.cli import main
from core.errors import UserError
from core.records import State
from core.workspace import Workspace
from tests.builders import make_dataset, make_run
from tests.core.backups.conftest import content

KEPT_OF_CLASS = {
    "classroom.json",
    "people",
    "hour.json",
    "first.json",
    "audit.jsonl",
    "links",
    *("identities", "barred", "addresses"),
    "collections",
}


def test_what_comes_back_is_what_was_there(full: Workspace, tmp_path: Path):
    path, manifest = writing.back_up(full.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")

    assert content(tmp_path / "new") == content(full.root)
    assert (manifest.num_people, manifest.count("runs", "state.json")) == (2, 2)
    assert manifest.count("datasets", "dataset.json") == 2
    assert not list(full.staging.glob("backup"))
    assert not list(tmp_path.glob(".*"))
    [card] = [run for run in runs.all_runs(Workspace(tmp_path / "new")) if run.card]
    assert card.card == runs.all_runs(full)[0].card


def test_a_data_set_that_was_handed_out_is_in_once_and_is_again_of_all(full, tmp_path):
    room = folder.folder_in(full.root)
    dataset = make_dataset(full, num=4, name="handed").id
    handing.hand_out(room, dataset)
    path, manifest = writing.back_up(full.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")

    pictures = [f for f in manifest.files if f"datasets/{dataset}/images/" in f.name]
    assert len(pictures) == 3 * len([f for f in pictures if not f.same_as]) > 0
    assert content(tmp_path / "new") == content(full.root)
    pupil = folder.folder_in(tmp_path / "new").workspace(people.everybody(room)[0].id)
    assert handing.is_handed_out(pupil, dataset)
    assert {p.stat().st_nlink for p in pupil.dataset(dataset).images.rglob("*.png")} == {3}


def test_keys_caches_and_locks_stay_and_both_are_for_their_owner_alone(full, tmp_path):
    path, manifest = writing.back_up(full.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")

    tops = {file.name.split("/")[0] for file in manifest.files}
    assert tops == {"datasets", "runs", "classroom"}
    assert not [f.name for f in manifest.files if f.name.endswith((".lock", "reserve", ".key"))]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_no_folder_of_a_workspace_or_a_class_is_forgotten(ws: Workspace):
    room = ClassFolder(ws.root / contents.CLASS)
    of_workspace = {value.name for value in properties(ws) if value.parent == ws.root}
    of_class = {value.name for value in properties(room) if value.parent == room.path}

    known = {*contents.ROOMS, *contents.FILES, *contents.LEFT_OUT}
    assert of_workspace <= known, "say in `core.backups.contents` whether it is kept"
    known = {*KEPT_OF_CLASS, *contents.LEFT_OUT_OF_CLASS}
    assert of_class <= known, "all of a class is kept but LEFT_OUT_OF_CLASS; say it there, or here"


def properties(thing: object) -> list[Path]:
    names = [name for name, kind in vars(type(thing)).items() if isinstance(kind, property)]
    return [value for name in names if isinstance(value := getattr(thing, name), Path)]


@pytest.mark.parametrize(
    ("state", "model", "stop", "kept"),
    [
        (State.RUNNING, False, False, State.FAILED),
        (State.QUEUED, False, False, State.FAILED),
        (State.RUNNING, True, False, State.DONE),
        (State.RUNNING, True, True, State.STOPPED),
        (State.STOPPED, False, False, State.STOPPED),
    ],
)
def test_a_run_under_way_waits_where_it_comes_back(ws, tmp_path, state, model, stop, kept):
    run = make_run(ws, state=State.DONE)
    runs.set_state(ws, run, state, attempt=2)
    if not model:
        ws.run(run).card.unlink()
    if stop:
        ws.run(run).stop.touch()
    path, _ = writing.back_up(ws.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")

    found = runs.state_of(Workspace(tmp_path / "new"), run)
    assert found.state is kept
    assert (found.error is not None) == (kept is State.FAILED)
    assert runs.state_of(ws, run).state is state
    if kept is State.FAILED:
        runs.requeue(Workspace(tmp_path / "new"), run)
        assert runs.state_of(Workspace(tmp_path / "new"), run).state is State.QUEUED


def test_a_line_that_is_being_written_is_left_out(ws, tmp_path):
    run = make_run(ws, state=State.DONE)
    whole = ws.run(run).metrics.read_bytes() if ws.run(run).metrics.exists() else b""
    with ws.run(run).metrics.open("ab") as file:
        file.write(b'{"epoch": ')
    path, _ = writing.back_up(ws.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")

    assert Workspace(tmp_path / "new").run(run).metrics.read_bytes() == whole


def test_each_thing_is_of_one_moment_while_others_write(tmp_path: Path):
    unit, over = tmp_path / "w" / "runs" / "one", threading.Event()
    unit.mkdir(parents=True)
    number = 0

    def write() -> None:
        nonlocal number
        while not over.is_set():
            for name in ("first", "second"):
                part = unit / ".x.part"
                part.write_text(str(number))
                os.replace(part, unit / name)
            number += 1
            over.wait(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for i in range(20):
            held = moments.hold(tmp_path / "w", unit, tmp_path / "links" / str(i))
            values = [int(file.path.read_text()) for file in held]
            assert len(values) == 0 or values[0] - values[-1] in (0, 1)
    finally:
        over.set()
        writer.join()


def test_what_is_deleted_or_replaced_after_its_moment_is_in_as_it_was(full, tmp_path):
    [dataset] = [d.id for d in datasets.all_datasets(full)][:1]
    before = content(full.root)

    def disturb(share: float) -> None:
        with contextlib.suppress(UserError):
            datasets.delete(full, dataset)
        for run in runs.ids(full):
            runs.rename(full, run, f"at {share}")

    path, _ = writing.back_up(full.root, tmp_path / "all.zip", disturb)
    restoring.restore(path, tmp_path / "new")

    assert content(tmp_path / "new") == before


def test_a_disk_without_links_is_read_as_it_is_and_a_change_is_told(full, tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    restoring.restore(path, tmp_path / "new")
    assert content(tmp_path / "new") == content(full.root)

    [run, *_] = runs.ids(full)
    with pytest.raises(UserError, match="changed while it was copied"):
        writing.back_up(
            full.root, tmp_path / "b.zip", lambda share: shutil.rmtree(full.run(run).path, True)
        )
    assert not (tmp_path / "b.zip").exists()


def test_a_workspace_that_can_only_be_read_is_backed_up(full, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    full.root.chmod(0o500)
    try:
        path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    finally:
        full.root.chmod(0o700)
    restoring.restore(path, tmp_path / "new")
    assert content(tmp_path / "new") == content(full.root)


def test_the_commands_say_it_to_people_and_to_programs(full, tmp_path, capsys):
    where = ["--workspace", str(full.root)]
    assert main(["backup", str(tmp_path / "all.zip"), *where, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["num_runs"], told["num_datasets"], told["num_people"]) == (2, 2, 2)
    assert told["num_bytes"] == (tmp_path / "all.zip").stat().st_size

    assert main(["restore", told["path"], *where]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["restore", told["path"], *where, "--into", str(tmp_path / "new")]) == 0
    assert "Brought back into" in capsys.readouterr().out
    assert content(tmp_path / "new") == content(full.root)
