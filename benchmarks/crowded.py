"""A workspace with many runs and many images, made of records: nothing is read in or trained."""

import os
import time
from pathlib import Path

import numpy as np
from PIL import Image

from core import files, runs
from core.images import pixels
from core.judging.statistics import accuracy
from core.records import (
    ClassCount,
    Dataset,
    EpochMetrics,
    ImageRecord,
    ModelCard,
    Phase,
    Split,
    State,
    TrainConfig,
)
from core.workspace import Workspace

CLASSES, SIDE, EPOCHS = 10, 64, 60
PARTS = (Split.TRAIN,) * 14 + (Split.VALIDATION,) * 3 + (Split.TEST,) * 3  # of twenty images


def write(home: Path, *, runs: int, images: int) -> Path:
    """Write a data set and finished runs of it into a new workspace, and give its folder."""
    ws = Workspace(home)
    dataset = _dataset(ws, images)
    for number in range(runs):
        _run(ws, dataset, number)
    return home


def _dataset(ws: Workspace, num: int) -> Dataset:
    """Write a data set whose images are all one file under many names."""
    folder = ws.dataset("crowded")
    names = [f"class {number}" for number in range(CLASSES)]
    records = [_image(names, index) for index in range(num)]
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    one = ws.root / "one.png"
    ws.root.mkdir(parents=True)
    Image.fromarray(noise).save(one)
    thumbnail = ws.root / "one.jpg"
    thumbnail.write_bytes(pixels.thumbnail(noise))
    for record in records:
        _link(one, folder.images / record.stored)
        _link(thumbnail, folder.thumbnails / f"{record.content}.jpg")
    dataset = Dataset(
        id="crowded",
        name="crowded",
        created_at=time.time(),
        classes=tuple(ClassCount(name=name, count=num // CLASSES) for name in names),
        num_images=num,
        num_refused=0,
        num_junk=0,
        fingerprint="0" * 32,
    )
    files.write_records(folder.listing(), records)
    files.write_records(folder.report, [])
    files.write_record(folder.record, dataset)
    return dataset


def _image(names: list[str], index: int) -> ImageRecord:
    content = f"{index:032x}"
    name = names[index % CLASSES]
    return ImageRecord(
        content=content,
        file=f"{name}/{index:05}.png",
        label=name,
        split=PARTS[index // CLASSES % len(PARTS)],
        stored=f"{content[-2:]}/{content}.png",
        width=SIDE,
        height=SIDE,
    )


def _link(source: Path, name: Path) -> None:
    name.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, name)


def _run(ws: Workspace, dataset: Dataset, number: int) -> None:
    """Write a run that learned in epochs, with a card, but no model."""
    config = TrainConfig(dataset_id=dataset.id, epochs=EPOCHS, seed=number)
    run_id = runs.create(ws, config)
    folder = ws.run(run_id)
    files.write_records(folder.metrics, [_epoch(epoch) for epoch in range(1, EPOCHS + 1)])
    card = ModelCard(
        run_id=run_id,
        config=config,
        labels=tuple(row.name for row in dataset.classes),
        dataset_name=dataset.name,
        dataset_fingerprint=dataset.fingerprint,
        num_train=dataset.num_images * 7 // 10,
        validation=accuracy(600 + number, 750, largest_class=75),
        kept_phase=Phase.HEAD.value,
        kept_epoch=EPOCHS,
        num_epochs=EPOCHS,
        seconds=60.0,
        num_parameters=2_000_000,
        num_trainable=13_000,
        weights_file="",
        weights_sha256="",
        device="CPU",
        precision="float32",
        versions=(),
        created_at=time.time(),
    )
    folder.model.touch()
    files.write_record(folder.card, card)
    runs.set_state(ws, run_id, State.DONE, device="cpu", attempt=1)


def _epoch(epoch: int) -> EpochMetrics:
    return EpochMetrics(
        phase=Phase.HEAD,
        epoch=epoch,
        loss=1 / epoch,
        accuracy=1 - 0.5 / epoch,
        val_loss=1.2 / epoch,
        val_accuracy=1 - 0.6 / epoch,
        learning_rate=1e-3,
        seconds=1.0,
        images_per_second=1000.0,
        val_images=750,
    )
