"""What a class has open: a data set and a run for each, some queued, and the others under way."""

import random
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core import files, locks, runs
from core.classroom import people
from core.classroom.folder import ClassFolder
from core.ingest import requests
from core.models import presets
from core.records import BatchMetrics, EpochMetrics, Phase, Progress, Stage, State
from core.records.classroom import Person
from core.runs import executors
from core.workspace import Workspace

EPOCHS, BATCHES = 40, 20
SECONDS_A_ROW = 0.5  # how fast a run that is under way tells of itself
STARTER = "ThawStarter"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one pupil sits: who that is, what is open there, and the run on the page."""

    person: Person
    ws: Workspace
    run_id: str


def pictures(folder: Path, num: int, side: int = 48) -> Path:
    """Make pictures of three classes that can be told apart."""
    rng = random.Random(0)
    for i in range(num):
        label = ("red", "green", "blue")[i % 3]
        place = folder / label / f"{i:05d}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        light = [rng.randrange(60, 200) for _ in range(3)]
        light[["red", "green", "blue"].index(label)] = 250
        noise = Image.effect_noise((side, side), 60).convert("RGB")
        Image.blend(Image.new("RGB", (side, side), tuple(light)), noise, 0.3).save(place)
    return folder


def seated(room: ClassFolder, num: int, images: int) -> list[Desk]:
    """Have so many join; each gets the same data set and a run that waits."""
    first = people.workspace_of(room, people.join(room, "Prepared"))
    source = pictures(room.path / "pictures", images)
    dataset = requests.run(first, requests.begin(first, "colours"), source=source)
    config = presets.configure(dataset.id, backbone=STARTER, num_train=images, preset="quick")
    found = []
    for i in range(num):
        person = people.join(room, f"Pupil {i + 1}")
        ws = people.workspace_of(room, person)
        shutil.copytree(first.datasets, ws.datasets, dirs_exist_ok=True)
        found.append(Desk(person, ws, runs.create(ws, config)))
    return found


def queue(desks: Sequence[Desk]) -> None:
    """Hand the runs of these desks to the worker of the class."""
    for desk in desks:
        executors.submit(desk.ws)


class Tellers:
    """Runs that tell of themselves as training does, without the training.

    ``rows``: how many rows each has written, by run.
    """

    def __init__(self, desks: Sequence[Desk]) -> None:
        self.rows = {desk.run_id: 0 for desk in desks}
        self._desks = desks
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Hold the locks of the runs, as their trainer would, and write on until the end."""
        with ExitStack() as held:
            for desk in self._desks:
                held.enter_context(locks.hold(desk.ws.run(desk.run_id).lock))
                runs.set_state(desk.ws, desk.run_id, State.RUNNING)
            self._thread.start()
            try:
                yield
            finally:
                self.end()
                for desk in self._desks:
                    runs.set_state(desk.ws, desk.run_id, State.STOPPED)

    def end(self) -> None:
        """Write no more rows."""
        self._end.set()
        self._thread.join()

    def _tell(self) -> None:
        step = 0
        while not self._end.wait(SECONDS_A_ROW):
            step += 1
            for desk in self._desks:
                files.append_record(desk.ws.run(desk.run_id).metrics, _row(step))
                self.rows[desk.run_id] += 1
                files.write_record(desk.ws.run(desk.run_id).progress, _progress(step))


def _row(step: int) -> EpochMetrics | BatchMetrics:
    epoch, batch = 1 + step // (BATCHES + 1), step % (BATCHES + 1)
    loss, accuracy = 1.0 / (1 + 0.1 * step), 1 - 1.0 / (2 + 0.1 * step)
    if batch == 0:
        return EpochMetrics(
            phase=Phase.HEAD,
            epoch=epoch,
            loss=loss,
            accuracy=accuracy,
            val_loss=loss * 1.1,
            val_accuracy=accuracy * 0.9,
            learning_rate=1e-3,
            seconds=10.0,
            images_per_second=100.0,
            val_images=60,
        )
    return BatchMetrics(
        phase=Phase.HEAD,
        epoch=epoch,
        batch=batch,
        num_batches=BATCHES,
        loss=loss,
        accuracy=accuracy,
        learning_rate=1e-3,
        images_per_second=100.0,
    )


def _progress(step: int) -> Progress:
    return Progress(stage=Stage.TRAINING, phase=Phase.HEAD, done=min(0.99, step / 1000))
