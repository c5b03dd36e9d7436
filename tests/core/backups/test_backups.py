"""Backups: all that counts is in, as it was at one moment, and comes back to the byte."""

import contextlib
import json
import os
import shutil
import signal
import stat
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from core import datasets, files, locks, runs
from core.backups import checking, contents, moments, restoring, writing
from core.backups.manifest import MANIFEST, Manifest
from core.classroom import folder, handing, people
from core.classroom.folder import ClassFolder
from core.cli import main
from core.errors import UserError
from core.records import State
from core.web import access
from core.workspace import Workspace
from tests import disks
from tests.builders import make_dataset, make_run

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


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ws = Workspace(tmp_path_factory.mktemp("made") / "workspace")
    make_run(ws, state=State.DONE)
    make_dataset(ws, num=4)
    room = folder.folder_in(ws.root)
    ada = people.workspace_of(room, people.join(room, "Ada"))
    people.join(room, "Ben")
    make_dataset(ada, num=4)
    make_run(ada, state=State.DONE)
    access.secret(ws.root)
    ws.cache.mkdir(exist_ok=True)
    (ws.cache / "features").write_text("large")
    writing.back_up(ws.root, ws.root.with_name("all.zip"))
    return ws.root


@pytest.fixture
def full(_made: Path, ws: Workspace) -> Workspace:
    """Give a workspace of a teacher with two pupils, one of whom has done nothing yet."""
    shutil.copytree(_made, ws.root)
    return ws


@pytest.fixture
def packed(_made: Path, tmp_path: Path) -> Path:
    """Give a backup of such a workspace."""
    return Path(shutil.copy(_made.with_name("all.zip"), tmp_path / "all.zip"))


def content(root: Path) -> dict[str, str]:
    """Give the hash of each file that a backup keeps, and the folders of pupils."""
    units = list(contents.units(root))
    found = [p for unit in units for p in ([unit] if unit.is_file() else unit.rglob("*"))]
    kept = [p for p in found if p.is_file() and contents.is_kept(p.name)]
    homes = {str(p.relative_to(root)): "" for p in (root / "classroom/workspaces").glob("*")}
    return homes | {str(p.relative_to(root)): sha256(p.read_bytes()).hexdigest() for p in kept}


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


# What is refused


Change = Callable[[dict[str, bytes]], object]


def rewritten(path: Path, change: Change, *, renew: bool = True) -> Path:
    """Write a backup anew after a change of its entries; its list fits again where asked."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    manifest = files.decode(Manifest, entries.pop(MANIFEST).decode())
    if renew:
        known = {file.name for file in manifest.files}
        added = [
            replace(manifest.files[0], name=n, size=len(d), sha256=sha256(d).hexdigest())
            for n, d in entries.items()
            if n not in known
        ]
        manifest = replace(manifest, files=(*manifest.files, *added))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, files.encode(manifest))
    return path


def first(entries: dict[str, bytes]) -> str:
    return next(name for name in entries if name.endswith("config.json"))


TORN: dict[str, Change] = {
    "changed": lambda e: e.update({first(e): e[first(e)] + b" "}),
    "same length": lambda e: e.update({first(e): e[first(e)][::-1]}),
    "missing": lambda e: e.pop(first(e)),
    "too much": lambda e: e.update({"runs/x/config.json": b"{}"}),
}


@pytest.mark.parametrize("change", TORN.values(), ids=TORN)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_made(packed, tmp_path, change):
    rewritten(packed, change, renew=False)

    with pytest.raises(UserError, match=r"This is no whole backup: .* nothing was changed here"):
        restoring.restore(packed, tmp_path / "new")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../x",
            "/tmp/x",
            "runs/../../x",
            "runs//x",
            "runs/./x",
            "C:x",
            "runs\\..\\x",
            "runs/a:b",
        ),
        *("cache/x", "secret.key", "staging/x/state.json", "app.lock", "elsewhere", "runs", "a/b"),
        *("classroom/workspaces/x/classroom/people/a.json", "classroom/workspaces/x/secret.key"),
        *("classroom/serving.json", "classroom/workspaces/x", "runs/a\x00b", "trash/runs/x"),
    ],
)
def test_a_file_that_would_lie_elsewhere_is_refused(packed, tmp_path, name):
    rewritten(packed, lambda e: e.update({name: b"x"}))

    with pytest.raises(UserError, match="This is no whole backup"):
        restoring.restore(packed, tmp_path / "new")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.zip"]


@pytest.mark.parametrize("num", [0, 1, 30, -1, -30, 0.5])
def test_a_backup_that_was_cut_off_is_refused(packed, tmp_path, num):
    data = packed.read_bytes()
    packed.write_bytes(data[: int(len(data) * num) if isinstance(num, float) else num])

    with pytest.raises(UserError, match="This is no whole backup"):
        restoring.restore(packed, tmp_path / "new")


@pytest.mark.parametrize(
    ("list_of", "said"),
    [
        ('{"format": 2, "made_at": 0, "files": []}', "newer than this Thaw"),
        ('{"format": "1", "made_at": 0, "files": []}', "list is damaged"),
        ('{"format": 1, "made_at": 0, "files": [{"name": 1, "size": 1, "sha256": ""}]}', "damaged"),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "a", "size": -1, "sha256": ""}]}',
            "damag",
        ),
        ('{"format": 1, "made_at": 0, "files": [], "folders": ["../x"]}', "does not belong"),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "runs/a", "size": 1, "sha256": "", '
            '"same_as": "runs/b"}]}',
            "damaged or was changed",
        ),
        (
            '{"format": 1, "made_at": 0, "files": [{"name": "runs/a", "size": 1, "sha256": "", '
            '"same_as": "runs/a"}]}',
            "damaged or was changed",
        ),
        ("[" * 5000, "list is damaged"),
        ("7", "list is damaged"),
        ("", "list is damaged"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path, list_of, said):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(MANIFEST, list_of)

    with pytest.raises(UserError, match=said):
        restoring.restore(tmp_path / "all.zip", tmp_path / "new")


def test_what_would_swell_or_is_there_twice_is_refused(packed):
    with zipfile.ZipFile(packed) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == MANIFEST else None)
    with pytest.raises(UserError, match="is damaged or was changed"):
        checking.verify(packed)

    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, data)
    with pytest.raises(UserError, match="twice"):
        checking.verify(packed)


# Where it comes to lie


def test_a_workspace_with_anything_in_it_is_never_overwritten(full, ws, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    before = content(full.root)

    with pytest.raises(UserError, match="not empty"):
        restoring.restore(path, full.root)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        restoring.restore(path, tmp_path / "home")

    assert content(full.root) == before
    assert os.listdir(tmp_path / "home") == ["letter.txt"]


def test_what_a_start_leaves_is_no_hindrance_but_a_running_app_is(full, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    new = Workspace(tmp_path / "new")
    access.secret(new.root)
    people.settings(folder.folder_in(new.root))
    new.runs.mkdir()
    with locks.hold(new.app_lock), pytest.raises(UserError, match="is running"):
        restoring.restore(path, new.root)

    restoring.restore(path, new.root)

    assert content(new.root) == content(full.root)


def test_a_target_that_cannot_be_is_told_and_no_other_file_is_replaced(full, tmp_path):
    (tmp_path / "mine.zip").write_text("photos")
    for out, said in [
        ("mine.zip", "is no backup"),
        ("all.tar", "cannot be written"),
        ("nowhere/all.zip", "cannot be written"),
    ]:
        with pytest.raises(UserError, match=said):
            writing.back_up(full.root, tmp_path / out)
    assert (tmp_path / "mine.zip").read_text() == "photos"

    path, _ = writing.back_up(full.root, tmp_path / "again.zip")
    again, _ = writing.back_up(full.root, path)
    dated, _ = writing.back_up(full.root, tmp_path)
    assert again == path
    assert dated.name.startswith("thaw-")


def test_an_empty_workspace_has_nothing_to_back_up(ws, tmp_path):
    with pytest.raises(UserError, match="There is no workspace"):
        writing.back_up(ws.root, tmp_path / "all.zip")


# Kills, and a disk that is full


def killed_at(act: Callable[[Callable[[float], None]], object], number: int) -> bool:
    """Do something in a process that kills itself at a step; tell whether it came so far."""
    child = os.fork()
    if not child:
        left = number

        def step(_: float) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        act(step)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_leaves_the_backup_before_or_none_and_the_next_one_is_whole(full, tmp_path):
    out = tmp_path / "all.zip"
    path, _ = writing.back_up(full.root, out)
    before = path.read_bytes()
    for number in (0, 3, 20, 60):
        assert killed_at(lambda step: writing.back_up(full.root, out, step), number)
        assert path.read_bytes() == before
    assert list(full.staging.glob("backup"))

    writing.back_up(full.root, out)
    for number in (0, 5, 25):
        assert killed_at(lambda step: restoring.restore(out, tmp_path / "new", step), number)
        assert not (tmp_path / "new").exists()
    restoring.restore(out, tmp_path / "new")

    assert content(tmp_path / "new") == content(full.root)
    assert not list(full.staging.glob("backup"))
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_is_told_and_leaves_nothing_behind(full, tmp_path):
    path, _ = writing.back_up(full.root, tmp_path / "all.zip")
    with disks.small(tmp_path / "disk") as disk:
        with disks.filled(disk, leave=8000):
            with pytest.raises(UserError, match="MB are free"):
                writing.back_up(full.root, disk / "all.zip")
            with pytest.raises(UserError, match="MB are free"):
                restoring.restore(path, disk / "new")
        with contextlib.ExitStack() as late:

            def fill(_: float) -> None:
                late.enter_context(disks.filled(disk, leave=0)) if not list(
                    disk.glob("ballast")
                ) else None

            with pytest.raises(OSError, match="No space left"):
                writing.back_up(full.root, disk / "all.zip", fill)
            late.close()
            with pytest.raises(OSError, match="No space left"):
                restoring.restore(path, disk / "new", fill)
        assert not list(disk.iterdir())


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
