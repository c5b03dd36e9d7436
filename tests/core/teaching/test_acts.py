"""Whoever changes something of a class is written down: all functions that are given one.

They are found in `core.classroom` and `core.teaching`: a new one that changes something and writes
nothing down fails; what it takes must be told in `World.given`.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import core.classroom
import core.teaching
from core import runs
from core.classroom import allowances, audit, collecting, handing, hour, links, people
from core.classroom.folder import SWITCH, TEACHER, ClassFolder, folder_in
from core.records import TrainConfig
from core.records.classroom import ActKind
from core.runs import engine_process, executors
from core.teaching import accepting, ending, forgetting, ordering, roll
from core.workspace import Workspace
from tests.builders import make_dataset, make_run

SECRET = "zebra"  # in every name that somebody gave
# What changes something and is nobody's deed, or a part of one that is written down.
NO_DEED = {
    "collecting.change": "what is known of a collection, for those below",
    "collecting.forget": "a part of forgetting.remove",
    "collecting.receive": "a photo that waits: that its contributor agreed is written down",
    "ending.forget_features": "they are made again",
    "handing.give": "a part of handing.hand_out, and of joining",
    "hour.welcome": "a part of joining",
    "people.rename": "the name that an account has by now, at signing in",
    "people.settings": "the first to ask makes them",
    "people.sweep": "the rest of a removal",
    "presence.note": "who looks",
}


class World:
    """A class with one of everything, and what each function may be given of it."""

    def __init__(self, room: ClassFolder) -> None:
        people.settings(room)
        self.room = room
        self.ada = people.join(room, f"Ada {SECRET}")
        self.ws = room.workspace(self.ada.id)
        self.dataset = make_dataset(room.teacher, num=2).id
        self.run = make_run(self.ws, config=TrainConfig(dataset_id=self.dataset, epochs=1))
        self.waits = runs.create(self.ws, TrainConfig(dataset_id=self.dataset))
        runs.create(room.teacher, TrainConfig(dataset_id=self.dataset))
        self.birds = collecting.begin(room, f"{SECRET} birds", ("a", "b"))
        self.giver = collecting.take_in(room, self.birds, f"{SECRET} giver")
        for number in range(2):
            collecting.receive(room, self.birds, self.giver, "a", b"\xff\xd8\xff%d" % number)
        self.link = links.make(room, self.ada, self.run)
        room.audit.unlink()

    @property
    def given(self) -> dict[str, Any]:
        """Give what each parameter may be; of some functions it is something else."""
        photo = collecting.waiting(self.room, self.birds)[0]
        return {
            "room": self.room,
            "person": self.ada,
            "person_id": self.ada.id,
            "nickname": f"Ben {SECRET}",
            "sign_in": "1",
            "given": self.ada.code,
            "name": f"somebody {SECRET}",
            "people.named.name": self.ada.nickname,
            "collecting.photo.name": photo.name,
            "dataset_id": self.dataset,
            "to": [self.ada],
            "on": True,
            "lesson": "frozen",
            "run_id": self.run,
            "links.make.run_id": self.waits,
            "token": self.birds.token,
            "links.take_back.token": self.link.token,
            "links.with_token.token": self.link.token,
            "title": f"{SECRET} fish",
            "classes": ("a", "b"),
            "collection": self.birds,
            "giver": self.giver,
            "label": "a",
            "data": b"\xff\xd8\xff",
            "code": self.giver.code,
            "photos": [photo],
            "keys": {photo.key},
            "typed": people.settings(self.room).join_code,
            "language": "en",
            "num_bytes": 1,
            "of_one": self.room.collection(self.birds.token).waiting,
            "of_all": self.room.collection(self.birds.token).waiting,
            "values": {"images": 7},
            "one": next(run for run in roll.line(self.room) if run.run_id == self.waits),
            "line": roll.line(self.room),
            "verb": ActKind.EDIT,
        }

    def arguments(self, name: str, function: Callable[..., Any]) -> dict[str, Any]:
        """Give the arguments that a function must have. Those it may have stay as they are."""
        found, given = {}, self.given
        for parameter in inspect.signature(function).parameters.values():
            if parameter.default is parameter.empty and parameter.kind not in (
                parameter.VAR_POSITIONAL,
                parameter.VAR_KEYWORD,
            ):
                key = f"{name}.{parameter.name}"
                known = key if key in given else parameter.name
                assert known in given, f"say in `World.given` what {key} may be"
                found[parameter.name] = given[known]
        return found


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(SWITCH, "1")
    monkeypatch.setattr(executors, "EXECUTORS", {"local": Nowhere()})
    monkeypatch.setattr(engine_process, "detach", lambda *given, log: None)
    ws.root.mkdir()
    return folder_in(ws.root)


class Nowhere:
    def submit(self, ws: Workspace) -> None:
        """Leave the run on the queue."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Find all public functions that are given a class."""
    for package in (core.classroom, core.teaching):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                is_own = function.__module__ == module.__name__ and not name.startswith("_")
                if is_own and "room" in inspect.signature(function).parameters:
                    yield f"{found.name}.{name}", function


FUNCTIONS = dict(functions())


def traces(room: ClassFolder) -> dict[str, str]:
    """Give what there is of a class and its teacher, but for the log."""
    found = (path for path in room.teacher.root.rglob("*") if path.is_file())
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.suffix != ".lock" and not path.name.startswith("audit")
    }


@pytest.fixture
def world(room: ClassFolder) -> World:
    return World(room)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_changes_something_of_a_class_is_written_down(room, world, name):
    given = world.arguments(name, FUNCTIONS[name])
    before = traces(room)

    result = FUNCTIONS[name](**given)
    if inspect.isgenerator(result):
        list(result)

    acts = audit.read(room)
    if name not in NO_DEED:
        assert acts or traces(room) == before, f"{name} changes something and writes nothing down"
    told = room.audit.read_text() if acts else ""
    assert SECRET not in told
    assert world.link.token not in told
    assert world.birds.token not in told


def test_what_is_no_deed_is_there():
    assert NO_DEED.keys() <= FUNCTIONS.keys()


def test_the_teachers_deeds_are_the_teachers(room, world):
    hour.pause(room, on=True)
    hour.pause(room, on=False)
    hour.give_lesson(room, "frozen")
    hour.hand_to_all(room, world.dataset)
    handing.hand_out(room, world.dataset, [world.ada])
    [one] = [run for run in roll.line(room) if run.run_id == world.waits]
    ordering.take_next(room, one)
    ordering.stop(room, one)
    allowances.allow_one(room, world.ada, {"images": 9})
    links.take_back(room, world.link.token)
    collecting.set_open(room, world.birds.token, on=False)
    [first, _] = collecting.waiting(room, world.birds)
    collecting.refuse(room, world.birds, [first])
    forgetting.remove(room, world.birds, world.giver)
    b"".join(ending.packed(room, "en"))
    short = world.birds.token[:8]

    assert told(room) == [
        (TEACHER, ActKind.PAUSE),
        (TEACHER, ActKind.GO_ON),
        (TEACHER, ActKind.LESSON, "frozen"),
        (TEACHER, ActKind.HAND_OUT, world.dataset),
        (TEACHER, ActKind.HAND_OUT, world.dataset, world.ada.id),
        (TEACHER, ActKind.FIRST, world.ada.id, world.waits),
        (TEACHER, ActKind.STOP, world.ada.id, world.waits),
        (TEACHER, ActKind.QUOTA, world.ada.id),
        (TEACHER, ActKind.UNSHARE, world.ada.id, world.run),
        (TEACHER, ActKind.CLOSE, short),
        (TEACHER, ActKind.REFUSE, short),
        (TEACHER, ActKind.FORGET, short),
        (TEACHER, ActKind.WORK),
    ]


def test_accepting_and_wiping_are_the_teachers_and_stay_in_the_log(room, world):
    [one, _] = collecting.waiting(room, world.birds)
    accepting.accept(room, world.birds.token, {one.key})
    ending.wipe(room, people.settings(room).join_code)

    assert told(room) == [
        (TEACHER, ActKind.ACCEPT, world.birds.token[:8]),
        (world.ada.id, ActKind.REMOVE),
        (TEACHER, ActKind.WIPE),
    ]


def test_a_pupil_makes_and_takes_back_a_link_and_a_stop_is_its_owners(room, world):
    links.revoke(room, world.ada, world.run)
    links.make(room, world.ada, world.run)
    runs.request_stop(world.ws, world.waits)

    assert told(room) == [
        (world.ada.id, ActKind.UNSHARE, world.run),
        (world.ada.id, ActKind.SHARE, world.run),
        (world.ada.id, ActKind.STOP, world.waits),
    ]


def told(room: ClassFolder) -> list[tuple[str, ...]]:
    return [(act.person, act.verb, *act.ids) for act in audit.read(room)]


def test_the_teachers_page_and_commands_change_nothing_past_these():
    reads = {"runs.get", "runs.stop_requested", "datasets.all_datasets"}
    root = Path(core.classroom.__file__).parents[2]
    paths = [*root.glob("pages/_teaching/*.py"), *root.glob("core/cli/classes/*.py")]

    asked = set[str]()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asked.add(ast.unparse(node.func))
    others = {name for name in asked if name.partition(".")[0] in OTHERS}

    assert len(paths) > 10
    assert others == reads, "write it down: what changes something belongs into core.teaching"


OTHERS = {"runs", "datasets", "studies", "files", "trash", "places", "requests", "store"}
