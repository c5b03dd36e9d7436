"""What is done to a class of two and cut off, by a kill or a full disk: whole, or to be done again.

Nobody loses anything by what is done to another.
"""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from core import datasets, files, runs
from core.classroom import allowances, collecting, hour, links, people
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.records import TrainConfig
from core.records.classroom import Person
from core.runs.sharing import places
from core.teaching import ending, roll
from core.workspace import Workspace
from tests import disks
from tests.builders import make_dataset

Deed = Callable[[ClassFolder, Person], object]
CONFIG = TrainConfig(dataset_id="d")
DEEDS: Mapping[str, Deed] = {  # what is done to the first of two, or for all
    "join": lambda room, _: people.join(room, "Cleo"),
    "new code": lambda room, ada: people.renew_code(room, ada),
    "limits": lambda room, ada: allowances.allow_one(room, ada, {"images": 7}),
    "limits of all": lambda room, _: allowances.allow(room, {"images": 8}),
    "pause": lambda room, _: hour.pause(room, on=True),
    "hand out": lambda room, _: hour.hand_to_all(room, datasets.ids(room.teacher)[0]),
    "link": lambda room, ada: links.make(room, ada, "r"),
    "collect": lambda room, _: collecting.begin(room, "birds", ("a", "b")),
    "train": lambda room, ada: runs.create(room.workspace(ada.id), CONFIG),
    "remove": lambda room, ada: people.remove(room, ada),
}
STEPS = ("replace", "rename", "link", "mkdir", "unlink", "rmdir", "fsync")  # of os


def class_at(root: Path) -> ClassFolder:
    """Make a class of Ada and Ben, each with a run and what was handed out to nobody yet."""
    root.mkdir(exist_ok=True)
    room = folder_in(root)
    make_dataset(room.teacher, num=2)
    allowances.allow(room, {"free_gigabytes": 0})
    for name in ("Ada", "Ben"):
        runs.create(room.workspace(people.join(room, name).id), CONFIG)
    return room


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    return class_at(ws.root)


def traces(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in found
        if not path.name.startswith("audit") and "staging" not in path.parts
    }


def check(room: ClassFolder) -> None:
    """See that all that is listed of a class can be read, and is whole."""
    people.settings(room)
    hour.current(room)
    collecting.everything(room)
    links.standing(room)
    for person in people.everybody(room):
        ws = room.workspace(person.id)
        assert ws.root.is_dir()
        for run_id in runs.ids(ws):
            runs.get(ws, run_id)
        for dataset_id in datasets.ids(ws):
            folder = ws.dataset(dataset_id)
            assert all((folder.images / i.stored).exists() for i in datasets.images(ws, dataset_id))
    roll.roll(room, places.of_class(room).run_line() and roll.line(room))


@pytest.fixture
def killed(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[], object], int], bool]:
    """Give a function that does something in a process which is killed before its n-th step."""

    def killed_(act: Callable[[], object], number: int) -> bool:
        child = os.fork()
        if not child:
            left = [number]
            for name in STEPS:
                setattr(os, name, _fatal(getattr(os, name), left))
            with suppress(BaseException):
                act()
                os._exit(0)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)

    return killed_


def _fatal(step: Callable[..., object], left: list[int]) -> Callable[..., object]:
    def counted(*given: object, **more: object) -> object:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return step(*given, **more)

    return counted


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", DEEDS)
def test_a_kill_at_any_step_leaves_a_class_that_is_whole(room, killed, name):
    ada, ben = people.everybody(room)
    before, number = traces(room.workspace(ben.id).root), 0

    while killed(lambda: DEEDS[name](room, ada), number):
        check(room)
        his = traces(room.workspace(ben.id).root)
        assert {path: his.get(path) for path in before} == before
        number += 1 if number < 8 else 5
    with suppress(UserError):  # it was done before the last kill
        DEEDS[name](room, ada)

    check(room)
    assert number > 1
    assert not list((room.path / "workspaces").glob(".gone-*"))


def test_a_kill_in_the_midst_of_wiping_is_mended_by_the_next_one(room, killed):
    code = people.settings(room).join_code
    assert killed(lambda: ending.wipe(room, code), 12)
    check(room)

    ending.wipe(room, people.settings(room).join_code)

    assert people.everybody(room) == []
    assert list((room.path / "workspaces").iterdir()) == []


def test_on_a_full_disk_nothing_is_half_done_and_all_goes_on_with_room(tmp_path):
    with disks.small(tmp_path / "disk") as disk:
        room = class_at(disk / "workspace")
        ada, ben = people.everybody(room)
        for name, deed in DEEDS.items():
            if name in ("remove", "train"):  # needs no room; asks for some first
                continue
            before = traces(disk)
            with disks.filled(disk, leave=0), pytest.raises((OSError, UserError)):
                deed(room, ada)
            assert traces(disk) == before, name
            check(room)
            deed(room, ada)
        with disks.filled(disk, leave=0):
            people.remove(room, ada)
        runs.create(room.workspace(ben.id), CONFIG)
        assert [person.nickname for person in people.everybody(room)] == ["Ben", "Cleo"]
        check(room)
        assert files.read_record(room.person(ben.id), Person) == ben
