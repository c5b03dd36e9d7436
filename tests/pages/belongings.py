"""One of everything that a pupil has, for walks as somebody else: what is new is told here."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from core import files, runs, studies
from core.batch_predictions.folder import folder_of
from core.classroom import collecting, links
from core.classroom.folder import ClassFolder
from core.lessons import attempts, reading
from core.models import presets
from core.records import IngestStage, IngestState, Prediction, Score, TrainConfig
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.records.classroom import Person
from core.records.studies import StudyKind
from core.studies import ladder
from core.web import access
from core.workspace import Workspace
from tests import own_backbones
from tests.builders import make_dataset, make_run

SECRET = "zebra"  # in every name that the owner gave


@dataclass(frozen=True)
class Belongings:
    """One id of each kind that the owner has."""

    ws: Workspace
    dataset: str
    content: str
    run: str
    other: str  # more runs
    third: str
    study: str
    batch: str
    ingest: str
    attempt: str
    backbone: str
    link: str
    waiting: tuple[str, ...]  # a collection of the teacher's, who gave a photo to it, and the photo

    @property
    def in_addresses(self) -> Mapping[str, str]:
        """Give what each name in an address, or in the path of a route, is of hers."""
        return {
            "dataset": self.dataset,
            "content": self.content,
            "run": self.run,
            "study": self.study,
            "compare": f"{self.run}.{self.other}.{self.third}",
            "with": self.other,
            "clone": self.run,
            "batch": self.batch,
            "suffix": ".csv",
            "ingest": self.ingest,
            "sample": self.dataset,
            "attempt": self.attempt,
            "link": self.link,
            **dict(zip(("collection", "contributor", "photo"), self.waiting, strict=True)),
            "lesson": next(iter(reading.lessons())),
        }

    @property
    def in_commands(self) -> Mapping[str, list[list[str]]]:
        """Give all that could be said for each argument of a command."""
        mine = [self.dataset, self.run, self.study, self.batch, self.backbone]
        return {
            "dataset_id": [[self.dataset]],
            "run_id": [[self.run]],
            "other_id": [[self.other]],
            "run_name": [["mine now"]],
            "target": [[self.study], [self.dataset]],
            "backbone": [[self.backbone]],
            "names": [[name] for name in mine],
            "files": [[str(self.ws.dataset(self.dataset).images)]],
            "file": [[str(next(self.ws.dataset(self.dataset).images.rglob("*.png")))]],
            "person": [[self.ws.root.name]],
            "about": [[self.dataset], [self.link]],
        }


def given_to(room: ClassFolder, ada: Person) -> Belongings:
    """Give the first pupil one of everything."""
    ws = room.workspace(ada.id)
    dataset = make_dataset(ws, name=f"{SECRET}-photos")
    content = next(ws.dataset(dataset.id).images.rglob("*.png")).stem
    config = TrainConfig(dataset_id=dataset.id, epochs=3)
    run = make_run(ws, config=config)
    runs.rename(ws, run, f"{SECRET} run")
    base = presets.configure(dataset.id, preset="quick", num_train=12, side=48)
    study = studies.create(ws, StudyKind.LADDER, ladder.plan(base, 12, rungs=2))
    ws.ingest("20260101-000000-abcdef").incoming.mkdir(parents=True)
    state = IngestState(stage=IngestStage.RECEIVING, name=f"{SECRET} import")
    files.write_record(ws.ingest("20260101-000000-abcdef").state, state)
    lesson = next(iter(reading.lessons().values()))
    attempt = attempts.begin(ws, lesson, lesson.guesses[0].name, pupil=SECRET)
    return Belongings(
        ws=ws,
        dataset=dataset.id,
        content=content,
        run=run,
        other=make_run(ws, config=config),
        third=make_run(ws, config=config),
        study=study,
        batch=batch_of(ws, run),
        ingest="20260101-000000-abcdef",
        attempt=attempt,
        backbone=own_backbones.make(ws, title=f"{SECRET} net"),
        link=links.make(room, ada, run).token,
        waiting=photo_of(room),
    )


def photo_of(room: ClassFolder) -> tuple[str, ...]:
    collection = collecting.begin(room, f"{SECRET} birds", ("a", "b"))
    giver = collecting.take_in(room, collection, f"{SECRET} giver")
    collecting.receive(room, collection, giver, "a", FRAME)
    return collection.token, *collecting.waiting(room, collection)[0].key.split("/")


def batch_of(ws: Workspace, run: str) -> str:
    folder = folder_of(ws, "20260101-000000-aaaaaa")
    folder.path.mkdir(parents=True)
    request = BatchRequest(run_id=run, labels=("green", "red"), name=f"{SECRET} trap", created_at=0)
    files.write_record(folder.request, request)
    score = Score(label="red", probability=0.75)
    answer = Prediction(file=f"{SECRET}.png", label="red", scores=(score,))
    files.append_record(folder.rows, BatchRow(answer=answer))
    files.write_record(folder.state, BatchState(stage=BatchStage.DONE, done=1, total=1))
    return "20260101-000000-aaaaaa"


def fingerprint(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(p.relative_to(root)): sha256(p.read_bytes()).hexdigest() for p in found}


def cookie(room: ClassFolder, person: Person) -> dict[str, str]:
    key = access.secret(room.teacher.root)
    return {access.PERSON_COOKIE: access.sign_person(person.id, key)}


def _frame() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


FRAME = _frame()
