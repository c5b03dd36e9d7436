"""Where the things of a class lie: in its teacher's workspace, with one for each pupil."""

import os
from dataclasses import dataclass
from pathlib import Path

from core.words import say
from core.workspace import Workspace, checked_id

SWITCH = "THAW_CLASSROOM"  # of the server process: its value is "1" where a class may come in
ACCOUNTS = "THAW_INSTITUTION"  # of it, too: where the settings lie of those who sign in to a class
TEACHER = "teacher"  # the id of the one whose workspace the class lies in
_OF_CLASS = ("classroom", "workspaces")  # the folders in which those of pupils lie


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """What a class has on this machine."""

    path: Path

    @property
    def teacher(self) -> Workspace:
        return Workspace(self.path.parent)

    @property
    def settings(self) -> Path:  # ClassSettings
        return self.path / "classroom.json"

    @property
    def audit(self) -> Path:  # one Act a line, by whoever does it
        return self.path / "audit.jsonl"

    @property
    def audit_lock(self) -> Path:  # held while a new file is begun
        return self.path / "audit.lock"

    def older_audit(self, number: int) -> Path:
        return self.path / f"audit.{number}.jsonl"

    @property
    def people(self) -> Path:  # Person, one file for each
        return self.path / "people"

    @property
    def people_lock(self) -> Path:  # held while somebody joins or leaves
        return self.path / "people.lock"

    @property
    def handing_lock(self) -> Path:  # held while a data set is copied to pupils, or purged
        return self.path / "handing.lock"

    @property
    def app_lock(self) -> Path:  # held by the app as long as the class may come in
        return self.path / "app.lock"

    @property
    def worker_lock(self) -> Path:  # held by the one worker of the class
        return self.path / "worker.lock"

    @property
    def turns(self) -> Path:  # Turns, written by the worker
        return self.path / "turns.json"

    @property
    def serving_lock(self) -> Path:  # held by the one serving process of the class
        return self.path / "serving.lock"

    @property
    def serving(self) -> Path:  # ServingAddress, written by that process
        return self.path / "serving.json"

    @property
    def slots(self) -> Path:  # a lock for each process that may work at a time, by kind
        return self.path / "slots"

    @property
    def serving_log(self) -> Path:
        return self.path / "serving.log"

    @property
    def hour(self) -> Path:  # ClassHour, written by the teacher
        return self.path / "hour.json"

    @property
    def first_runs(self) -> Path:  # FirstRuns, written by the teacher
        return self.path / "first.json"

    @property
    def links(self) -> Path:  # RunLink, one file for each
        return self.path / "links"

    def link(self, token: str) -> Path:  # RunLink
        return self.links / f"{checked_id(token, say('link'))}.json"

    @property
    def identities(self) -> Path:  # Identity, one file for each who signs in with an account
        return self.path / "identities"

    @property
    def identities_lock(self) -> Path:  # held while one is changed
        return self.path / "identities.lock"

    def identity(self, key: str) -> Path:  # Identity
        return self.identities / f"{checked_id(key, say('identity'))}.json"

    @property
    def bars(self) -> Path:  # Bar, one file for each who was taken out
        return self.path / "barred"

    def barred(self, key: str) -> Path:  # Bar
        return self.bars / f"{checked_id(key, say('identity'))}.json"

    def address_holder(self, digest: str) -> Path:  # AddressHolder
        return self.path / "addresses" / f"{checked_id(digest, say('address'))}.json"

    @property
    def collections(self) -> Path:  # a folder for each
        return self.path / "collections"

    def collection(self, token: str) -> "CollectionFolder":
        return CollectionFolder(self.collections / checked_id(token, say("collection")))

    def seen(self, person_id: str) -> Path:  # empty: when it was changed, somebody was seen
        return self.path / "seen" / checked_id(person_id, say("person"))

    def person(self, person_id: str) -> Path:  # Person
        if person_id == TEACHER:
            return self.path / "teacher.json"
        return self.people / f"{checked_id(person_id, say('person'))}.json"

    def workspace(self, person_id: str) -> Workspace:
        return Workspace(self.path / _OF_CLASS[1] / checked_id(person_id, say("person")))


@dataclass(frozen=True, slots=True)
class CollectionFolder:
    """A collection of photos on disk."""

    path: Path

    @property
    def record(self) -> Path:  # Collection
        return self.path / "collection.json"

    @property
    def lock(self) -> Path:  # held while it is changed
        return self.path / "collection.lock"

    @property
    def contributors(self) -> Path:  # Contributor, one file for each
        return self.path / "contributors"

    @property
    def waiting(self) -> Path:  # photos as they came, in a folder for each contributor
        return self.path / "waiting"

    def contributor(self, code: str) -> Path:  # Contributor
        return self.contributors / f"{checked_id(code, say('contributor'))}.json"

    def photos_of(self, code: str) -> Path:
        return self.waiting / checked_id(code, say("contributor"))


def folder_in(root: Path) -> ClassFolder:
    """Give the class whose teacher works in the workspace at a root."""
    return ClassFolder(root / _OF_CLASS[0])


def class_of(ws: Workspace) -> ClassFolder | None:
    """Give the class of which a workspace is a pupil's; None where it is nobody's."""
    rooms, folder = ws.root.parent, ws.root.parent.parent
    return ClassFolder(folder) if (folder.name, rooms.name) == _OF_CLASS else None


def is_open() -> bool:
    """Tell whether this process serves a class; else all is as for one person alone."""
    return os.environ.get(SWITCH) == "1" or bool(os.environ.get(ACCOUNTS))
