"""Make small real things for tests: images, data sets, runs."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from core import datasets, files, runs
from core.exports.formats import RULE
from core.insights.mapping import points
from core.judging.statistics import accuracy
from core.records import (
    ClassCount,
    Dataset,
    Export,
    HeadScore,
    ImageRecord,
    ModelCard,
    Parity,
    Split,
    State,
    TrainConfig,
)
from core.run_results import embedding_map, folds, pooled, predictions
from core.run_results.embedding_map import EmbeddingMap
from core.run_results.pooled import PooledFeatures
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests.run_records import card, epoch_metrics

PARITY = Parity(
    images=38,
    files=25,
    max_difference=3e-6,
    worst="a.jpg",
    agreement=1.0,
    accuracy=0.658,
    accuracy_change=0.0,
    change_low=-0.05,
    change_high=0.05,
    milliseconds=1.25,
    passed=True,
)
SHARED = Path(__file__).parents[2] / "shared"
_num_made: Counter[Path] = Counter()  # data sets, so that no id comes again in a workspace
_colours_of: dict[Path, str] = defaultdict(lambda: "colours-0000")  # what runs learn from


def write_image(path: Path, *, colour: int = 0, seed: int = 0, size: int = 48) -> Path:
    """Write a noisy picture whose main colour (0 red, 1 green, 2 blue) can be learned."""
    pixels = np.random.default_rng([seed, colour]).integers(0, 120, (size, size, 3), dtype=np.uint8)
    pixels[..., colour % 3] += 120
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def write_folder(
    folder: Path, *, num: int = 8, classes: tuple[str, ...] = ("red", "green")
) -> Path:
    """Write a folder of class folders."""
    for colour, name in enumerate(classes):
        for seed in range(num):
            write_image(folder / name / f"{name}_{seed}.png", colour=colour, seed=seed)
    return folder


def make_dataset(
    ws: Workspace,
    *,
    num: int = 8,
    classes: tuple[str, ...] = ("red", "green"),
    name: str = "colours",
    side: int = 48,
) -> Dataset:
    """Put a data set into a workspace without an ingest: ``num`` images a class, 70/15/15."""
    dataset_id = f"{name}-{_num_made[ws.root]:04d}"
    _num_made[ws.root] += 1
    if name == "colours":
        _colours_of[ws.root] = dataset_id
    folder = ws.dataset(dataset_id)
    records = []
    for colour, label in enumerate(classes):
        for i in range(num):
            content = f"{colour:016x}{i:016x}"
            stored = f"{content[:2]}/{content}.png"
            write_image(folder.images / stored, colour=colour, seed=i, size=side)
            share = i / num
            split = Split.TRAIN if share < 0.7 else Split.VALIDATION if share < 0.85 else Split.TEST
            records.append(
                ImageRecord(
                    content=content,
                    file=f"{label}/{i}.png",
                    label=label,
                    split=split,
                    stored=stored,
                    width=side,
                    height=side,
                )
            )
    dataset = Dataset(
        id=dataset_id,
        name=name,
        created_at=time.time(),
        classes=tuple(ClassCount(name=c, count=num) for c in sorted(classes)),
        num_images=len(records),
        num_refused=0,
        num_junk=0,
        fingerprint="0" * 32,
    )
    files.write_records(folder.listing(), records)
    files.write_records(folder.report, [])
    files.write_record(folder.record, dataset)
    return dataset


def make_run(
    ws: Workspace,
    *,
    state: State = State.DONE,
    num_epochs: int = 3,
    config: TrainConfig | None = None,
) -> str:
    """Put a run with metrics into a workspace; a finished one has a card, but no real model."""
    config = config or TrainConfig(dataset_id=_colours_of[ws.root], epochs=num_epochs)
    run_id = runs.create(ws, config)
    if state is not State.QUEUED:
        for epoch in range(1, num_epochs + 1):
            files.append_record(ws.run(run_id).metrics, epoch_metrics(epoch))
        runs.set_state(ws, run_id, state, device="cpu", attempt=1)
    if state in (State.DONE, State.STOPPED):
        ws.run(run_id).model.write_bytes(b"not a real model")
        files.write_record(ws.run(run_id).card, card(run_id, config))
        write_answers(ws, run_id, config)
    return run_id


def write_answers(ws: Workspace, run_id: str, config: TrainConfig) -> None:
    """Leave answers to the validation images as a run does: every eighth is wrong, but not sure."""
    folder = ws.dataset(config.dataset_id)
    if not config.validates or not folder.version(config.dataset_version).exists():
        return
    known, classes = (
        datasets.images(ws, config.dataset_id, config.dataset_version),
        ("green", "red"),
    )
    images = [i for i in known if i.split is Split.VALIDATION and i.label in classes]
    labels = np.array([classes.index(i.label) for i in images], np.int32)
    wrong = np.arange(len(images)) % 8 == 0
    logits = np.zeros((len(images), 2), np.float32)
    logits[np.arange(len(images)), np.where(wrong, 1 - labels, labels)] = np.where(wrong, 0.5, 2.0)
    found = PartPredictions(
        contents=tuple(image.content for image in images),
        labels=labels,
        groups=tuple(image.group for image in images),
        logits=logits,
    )
    predictions.write(ws.run(run_id), Split.VALIDATION, found)


def put_export(
    ws: Workspace,
    run_id: str,
    format: str = "onnx",
    parity: Parity = PARITY,
    parts: tuple[Export, ...] = (),
) -> Path:
    """Leave an export of a run as it lies when it was made and tried."""
    folder = ws.run(run_id).exports / format
    folder.mkdir(parents=True)
    (folder / "thaw.onnx").write_bytes(b"a model")
    made = Export(
        format=format,
        path="thaw.onnx",
        num_bytes=1_640_000,
        sha256="0" * 64,
        parity=parity,
        parts=parts,
        rule=RULE,
    )
    files.write_record(folder / "export.json", made)
    return folder


def write_folds(ws: Workspace, run_id: str, *, correct: int = 20) -> HeadScore:
    """Leave what five folds of 24 images came to, as a run with few validation images does."""
    score = accuracy(correct, 24, largest_class=12)
    found = HeadScore(accuracy=score, contents=(), right=(), groups=())
    folds.write(ws.run(run_id), found)
    return found


def write_features(ws: Workspace, run_id: str, *, channels: int = 8) -> PooledFeatures:
    """Leave features of training and validation images as a run does: a cloud for each class."""
    config, folder = runs.get(ws, run_id).config, ws.run(run_id)
    labels = files.read_record(folder.card, ModelCard).labels
    known = datasets.images(ws, config.dataset_id, config.dataset_version)
    images = [i for i in known if i.split is not Split.TEST and i.label in labels]
    images.sort(key=lambda image: image.split is Split.TRAIN)
    found = features_of(images, labels, channels=channels)
    if not config.validates:
        found = replace(found, learned=np.ones(len(images), np.bool_))
    pooled.write(folder, found)
    return found


def features_of(
    images: Sequence[ImageRecord], labels: Sequence[str], *, channels: int = 8
) -> PooledFeatures:
    """Make features of images: those of a class lie around a direction of its own."""
    numbers = np.array([labels.index(image.label) for image in images], np.int32)
    noise = np.random.default_rng(0).normal(size=(len(images), channels))
    return PooledFeatures(
        contents=tuple(image.content for image in images),
        labels=numbers,
        groups=tuple(image.group for image in images),
        learned=np.array([image.split is Split.TRAIN for image in images], np.bool_),
        features=(10 * np.eye(channels)[numbers % channels] + noise).astype(np.float16),
    )


def write_map(ws: Workspace, run_id: str) -> EmbeddingMap:
    """Leave a map of a run's features as its process does, but for t-SNE: the first two."""
    found = points.gather(ws.run(run_id))
    assert found is not None
    num = len(found.contents)
    made = EmbeddingMap(
        contents=found.contents,
        parts=found.parts,
        labels=found.labels,
        positions=found.directions[:, :2],
        source=found.source,
        seconds=1.234,
        near=np.resize([3, 4, 4, 4], num),
        in_features=0.875,
    )
    embedding_map.write(ws.run(run_id), made)
    return made


__all__ = [
    "card",
    "epoch_metrics",
    "features_of",
    "make_dataset",
    "make_run",
    "write_features",
    "write_folder",
    "write_folds",
    "write_image",
    "write_map",
]
