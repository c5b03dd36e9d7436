"""Where things lie on disk: with `core.run_folder`, the only module that knows a file name."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import UserError
from core.run_folder import (
    OF_STUDY,
    IngestFolder as IngestFolder,
    RunFolder as RunFolder,
    StudyFolder as StudyFolder,
)
from core.words import Message, say

_ROOMS = ("datasets", "runs", "studies", "backbones", "staging", "predictions", "cache")
SHARED = "shared"  # in the cache of a pupil's workspace: a link to the cache of the class
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")


def default_root() -> Path:
    """Give ``$THAW_HOME``, or ``.thaw`` in the home folder."""
    return Path(os.environ.get("THAW_HOME") or Path.home() / ".thaw")


def checked_id(name: str, noun: Message) -> str:
    """Refuse what could not be an id of ours, before it is part of a path. Raises `UserError`."""
    if _ID.fullmatch(name):
        return name
    raise UserError(
        say("'{name}' is not the name of a {noun}.", name=name, noun=noun),
        expected=say("Such a name has letters, digits, '-' and '_' only."),
        mend=say("Choose one from the list."),
    )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with data sets and runs in it."""

    root: Path

    def __post_init__(self) -> None:  # a child process looks from another folder
        object.__setattr__(self, "root", self.root.absolute())

    @property
    def datasets(self) -> Path:
        return self.root / "datasets"

    @property
    def runs(self) -> Path:  # holds only run folders
        return self.root / "runs"

    @property
    def studies(self) -> Path:  # holds only study folders
        return self.root / "studies"

    @property
    def backbones(self) -> Path:  # that a user brought
        return self.root / "backbones"

    @property
    def lessons(self) -> Path:  # Attempt, one file for each; beside them which data they use
        return self.root / "lessons"

    @property
    def staging(self) -> Path:  # what is under way; nothing in it is ever listed
        return self.root / "staging"

    @property
    def staged_runs(self) -> Path:  # runs being made or deleted; renamed in one step
        return self.staging / "runs"

    @property
    def staged_backbones(self) -> Path:  # BackboneFolders that are not kept yet
        return self.staging / "backbones"

    @property
    def trash(self) -> Path:  # what was deleted, by kind: ID.SECONDS, when it was deleted
        return self.root / "trash"

    @property
    def emptied(self) -> Path:  # on its way from the trash out of the world; never listed
        return self.trash / "emptied"

    @property
    def predictions(self) -> Path:  # of many images at once: `core.batch_predictions.folder`
        return self.root / "predictions"

    @property
    def cache(self) -> Path:  # features; may be deleted at any time
        return self.root / "cache"

    @property
    def features(self) -> Path:  # of frozen networks, by content; those of a class are shared
        shared = self.cache / SHARED
        return shared.resolve() if shared.is_dir() else self.cache

    @property
    def embeddings(self) -> Path:
        return self.cache / "embeddings"

    def embedding(self, dataset_id: str, version: int) -> Path:  # features of its images, pooled
        name = checked_id(dataset_id, say("data set"))
        return self.embeddings / f"{name}-{version}.npz"

    def embedded(self, dataset_id: str, version: int) -> Path:  # text: the share that is computed
        return self.embedding(dataset_id, version).with_suffix(".share")

    @property
    def chosen(self) -> Path:  # TrainConfig, what the Train page shows, written by the page
        return self.root / "chosen.json"

    @property
    def app_lock(self) -> Path:  # held by the web app as long as it lives
        return self.root / "app.lock"

    @property
    def worker_lock(self) -> Path:  # held by the one worker of the workspace
        return self.root / "worker.lock"

    @property
    def worker_log(self) -> Path:
        return self.root / "worker.log"

    @property
    def no_worker(self) -> Path:  # Problem: why nobody takes runs, by the process that should
        return self.root / "no_worker.json"

    @property
    def certificate(self) -> Path:  # of this machine; its key is beside it, ".key"
        return self.root / "https.crt"

    def dataset(self, dataset_id: str) -> "DatasetFolder":
        return DatasetFolder(self.datasets / checked_id(dataset_id, say("data set")))

    def run(self, run_id: str) -> RunFolder:
        """Give the folder of a run; that of a run of a study lies in the study."""
        checked_id(run_id, say("run"))
        study, is_of_study, _ = run_id.partition(OF_STUDY)
        return RunFolder((self.study(study).runs if is_of_study else self.runs) / run_id)

    def study(self, study_id: str) -> StudyFolder:
        return StudyFolder(self.studies / checked_id(study_id, say("study")))

    def backbone(self, name: str) -> "BackboneFolder":
        return BackboneFolder(self.backbones / checked_id(name, say("backbone")))

    def lesson(self, attempt_id: str) -> Path:  # Attempt
        return self.lessons / f"{checked_id(attempt_id, say('lesson'))}.json"

    def ingest(self, ingest_id: str) -> IngestFolder:
        return IngestFolder(self.staging / checked_id(ingest_id, say("import")))


def around(path: Path) -> Workspace | None:
    """Give the workspace with a trash in which something lies, if it lies in one."""
    room = next((parent for parent in path.parents if parent.name in _ROOMS), None)
    return Workspace(room.parent) if room and (room.parent / "trash").is_dir() else None


def converted(cache: Path, run_id: str) -> Path:
    """Give where in the cache the model of a run lies, converted."""
    return cache / f"model-{run_id}"


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """One data set on disk; images are shared by its versions."""

    path: Path

    @property
    def record(self) -> Path:  # Dataset, version 0
        return self.path / "dataset.json"

    @property
    def name(self) -> Path:  # text: the name the user gave, if it was changed
        return self.path / "name.txt"

    @property
    def report(self) -> Path:  # one FileReport a line
        return self.path / "report.jsonl"

    @property
    def images(self) -> Path:  # our copies, by content
        return self.path / "images"

    @property
    def thumbnails(self) -> Path:
        return self.path / "thumbnails"

    @property
    def signatures(self) -> Path:  # one Signature a line: what images look like, by content
        return self.path / "signatures.jsonl"

    @property
    def search(self) -> Path:  # Search: the last look for wrong labels and leaks
        return self.path / "search.json"

    @property
    def head_scores(self) -> Path:  # one HeadScore a file, by what the head learned from
        return self.path / "head_scores"

    @property
    def baselines(self) -> Path:  # one Baselines a file, by the images that they are of
        return self.path / "baselines"

    @property
    def openings(self) -> Path:  # one line each time the test part was opened
        return self.path / "openings.jsonl"

    @property
    def versions(self) -> Path:
        return self.path / "versions"

    def edit(self, version: int) -> Path:  # Edit: what made this version of the one before
        return self.versions / f"{version}.edit.json"

    def listing(self, version: int = 0) -> Path:  # one ImageRecord a line
        return self.path / "images.jsonl" if not version else self.versions / f"{version}.jsonl"

    def version(self, version: int) -> Path:  # Dataset of a later version
        return self.record if not version else self.versions / f"{version}.json"


@dataclass(frozen=True, slots=True)
class BackboneFolder:
    """One backbone that a user brought."""

    path: Path

    @property
    def model(self) -> Path:  # saved by Thaw: what trains reads this alone
        return self.path / "model.keras"

    @property
    def facts(self) -> Path:  # core.models.catalog.Backbone
        return self.path / "backbone.json"

    @property
    def brought(self) -> Path:  # BroughtModel: where it comes from, what was tried
        return self.path / "brought.json"

    @property
    def given(self) -> Path:  # what the inspection took apart; gone once it is kept
        return self.path / "given"
