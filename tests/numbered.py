"""Data sets and runs of numbers for tests: the brighter a picture, the larger its number."""

import time
from dataclasses import replace

import numpy as np

from core import datasets, files, runs
from core.datasets.numbered import strata
from core.judging.numbers import conformal, scoring
from core.records import (
    Dataset,
    ImageRecord,
    LearnedTarget,
    ModelCard,
    Phase,
    Split,
    State,
    Target,
    TrainConfig,
)
from core.run_results import numbers
from core.run_results.numbers import NumberAnswers
from core.workspace import Workspace
from tests import builders
from tests.run_records import card, epoch_metrics

TARGET = LearnedTarget(name="width", unit="mm", mean=30, deviation=17, lowest=0, highest=60)


def make_numbers(ws: Workspace, *, num: int = 60, dataset_id: str = "numbers-0000") -> Dataset:
    """Put a data set of numbers into a workspace without an ingest: 50/25/25."""
    folder, records = ws.dataset(dataset_id), []
    parts = (Split.TRAIN, Split.VALIDATION, Split.TRAIN, Split.TEST)
    for i in range(num):
        content = f"{i:032x}"
        stored = f"{content[:2]}/{content}.png"
        builders.write_image(folder.images / stored, colour=i % 3, seed=i, size=32)
        records.append(
            ImageRecord(
                content=content,
                file=f"{i}.png",
                label=str(i),
                split=parts[i % 4],
                stored=stored,
                width=32,
                height=32,
            )
        )
    dataset = Dataset(
        id=dataset_id,
        name="discs",
        created_at=time.time(),
        classes=(),
        num_images=num,
        num_refused=0,
        num_junk=0,
        fingerprint="0" * 32,
        target=strata.measured(Target(name="width", unit="mm"), records),
    )
    files.write_records(folder.listing(), records)
    files.write_records(folder.report, [])
    files.write_records(folder.signatures, [])
    files.write_record(folder.record, dataset)
    return dataset


def config_of(dataset: Dataset, **changes: object) -> TrainConfig:
    given = {"dataset_id": dataset.id, "task": dataset.task.name, "optimizer": "solve", **changes}
    return TrainConfig(**given)  # type: ignore[arg-type]


def make_number_run(ws: Workspace, dataset: Dataset, *, off: float = 2.0, **changes: object) -> str:
    """Put a finished run of numbers into a workspace, off by so much; without a real model."""
    config = config_of(dataset, **changes)
    run_id = runs.create(ws, config)
    folder = ws.run(run_id)
    metrics = replace(epoch_metrics(1), accuracy=0.0, val_accuracy=None, mae=1.5, val_mae=off)
    files.append_record(folder.metrics, metrics)
    runs.set_state(ws, run_id, State.DONE, device="cpu", attempt=1)
    folder.model.write_bytes(b"not a real model")
    images = [i for i in datasets.images(ws, dataset.id) if i.split is Split.VALIDATION]
    true = np.array([image.number for image in images])
    said = true + off * np.where(np.arange(len(true)) % 2, 1, -1)
    found = NumberAnswers(
        contents=tuple(image.content for image in images),
        groups=("",) * len(images),
        true=true,
        said=said,
        nearest=true[::-1],
    )
    target = replace(TARGET, half_range=conformal.half_range(np.abs(found.errors)))
    score = None
    if config.validates:
        numbers.write(folder, Split.VALIDATION, found)
        score = scoring.score(true, said, found.groups, mean=target.mean, nearest=found.nearest)
    made: ModelCard = replace(
        card(run_id, config), labels=(), validation=None, target=target, numbers=score,
        kept_phase=Phase.HEAD.value, kept_epoch=1,
    )  # fmt: skip
    files.write_record(folder.card, made)
    return run_id
