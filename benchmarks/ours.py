"""Thaw as the page runs it: a warm engine process is given a run and answers when it has ended."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from core import datasets, files, runs
from core.ingest import requests
from core.records import ClassCount, Dataset, ModelCard, Phase, Progress, Stage, TrainConfig
from core.records.requests import PrepareRun, TrainRun
from core.runs.engine_process import EngineProcess
from core.workspace import RunFolder, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run took, and what it came to."""

    run_id: str
    seconds: float  # from the button to the tested model
    processor_seconds: float  # of all cores
    head_processor_seconds: float  # of these, while the head learned
    first_metric: float  # seconds until the first one
    accuracy: float  # of the saved model on validation images, through the prediction path
    anonymous: int  # bytes of memory that are no file's, at the peak
    tuning_seconds: float  # in the epochs of fine-tuning


class WarmEngine:
    """One training process with its libraries loaded, as the worker keeps it."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._process = EngineProcess("train", ws)
        began = time.monotonic()
        with contextlib.suppress(Exception):  # a run that is not there: refused once it listens
            self._process.ask(TrainRun(run_id="none"))
        self.start_seconds = time.monotonic() - began

    def prepare(self, config: TrainConfig) -> float:
        """Have ready what a run will need, as the Train page does; give the seconds it took."""
        began = time.monotonic()
        self._process.ask(PrepareRun(config=config))
        return time.monotonic() - began

    def train(self, config: TrainConfig) -> Result:
        """Press the button and wait for the end."""
        child = psutil.Process(self._pid())
        with _watched(child.pid) as peak:
            began, worked = time.monotonic(), sum(child.cpu_times()[:2])
            run_id = runs.create(self._ws, config)
            request = TrainRun(run_id=run_id)
            self._process.tell(request)
            folder, first, answer = self._ws.run(run_id), 0.0, None
            head: list[float] = []  # what had been worked while it learned
            while answer is None:
                answer = self._process.answer(request, timeout=0.02)
                if _learns_head(folder):
                    head.append(sum(child.cpu_times()[:2]))
                if not first and folder.metrics.exists():
                    first = time.monotonic() - began
            seconds = time.monotonic() - began
            processor_seconds = sum(child.cpu_times()[:2]) - worked
        card = files.read_record(folder.card, ModelCard)
        epochs = runs.epochs(self._ws, run_id)
        return Result(
            run_id=run_id,
            seconds=seconds,
            processor_seconds=processor_seconds,
            head_processor_seconds=head[-1] - head[0] if head else 0.0,
            first_metric=first,
            accuracy=card.validation.accuracy,
            anonymous=peak[0],
            tuning_seconds=sum(e.seconds for e in epochs if e.phase is Phase.FINE_TUNE),
        )

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def _pid(self) -> int:
        children = psutil.Process().children()
        return next(c.pid for c in children if "core.engine" in c.cmdline())


def _learns_head(folder: RunFolder) -> bool:
    if not folder.progress.exists():
        return False
    told = files.read_record(folder.progress, Progress)
    return (told.stage, told.phase) == (Stage.TRAINING, Phase.HEAD)


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """Follow the anonymous memory of a process; the list holds its peak."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], anonymous_memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def anonymous_memory(pid: int) -> int:
    """Give the bytes of a process's memory that no file stands behind; 0 where it is not known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = (line.split() for line in lines if line.startswith("RssAnon"))
    return next((int(words[1]) * 1024 for words in found), 0)


def ingest(ws: Workspace, photographs: Path) -> Dataset:
    """Bring a folder with ``train`` and ``val`` in."""
    return requests.run(ws, requests.begin(ws, "photographs"), source=photographs)


def repeated(ws: Workspace, dataset: Dataset, num: int) -> Dataset:
    """Make a data set of ``num`` images from another: every copy stands for several images."""
    records = datasets.images(ws, dataset.id)
    times = -(-num // len(records))
    many = [
        replace(record, content=f"{number:04x}{record.content[4:]}")
        for number in range(times)
        for record in records
    ][:: max(1, times * len(records) // num)][:num]
    made = replace(
        dataset, id=f"repeated-{num}", num_images=len(many), classes=_counted(many), warnings=()
    )
    folder = ws.dataset(made.id)
    folder.path.mkdir(parents=True)
    folder.images.symlink_to(ws.dataset(dataset.id).images)
    files.write_records(folder.listing(), many)
    files.write_record(folder.record, made)
    return made


def _counted(records: list) -> tuple[ClassCount, ...]:
    labels = [record.label for record in records]
    return tuple(ClassCount(name=n, count=labels.count(n)) for n in sorted(set(labels)))
