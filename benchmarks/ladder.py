"""A freezing ladder against the same rungs run one by one: ``python -m benchmarks ladder FOLDER``.

Both in processor seconds of one run, on the same images with the same settings. One by one means as
a user would without it: an ordinary run for each rung and fold, with its own head, its model saved
and checked. Two folds, five rungs.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core import datasets, runs, studies
from core.ingest import requests
from core.models import presets
from core.records import TrainConfig
from core.records.studies import Arm, StudyKind
from core.runs import estimates, executors
from core.studies import ladder, recipes
from core.workspace import Workspace

FOLDS = 2


def main(arguments: Sequence[str]) -> None:
    """Measure both ways on the images of a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks ladder", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backbone", default="ThawStarter")
    parser.add_argument("--image-size", type=int, default=96)
    parser.add_argument("--rungs", type=int, default=ladder.USUAL_RUNGS)
    parser.add_argument("--folds", type=int, default=FOLDS)
    options = parser.parse_args(arguments)
    ways: dict[str, Callable[[Workspace, tuple[Arm, ...]], None]] = {
        "ladder": lambda ws, arms: _ladder(ws, arms, options.folds),
        "one by one": lambda ws, arms: _one_by_one(ws, arms, options.folds),
    }
    spent = {}
    for name, way in ways.items():
        with tempfile.TemporaryDirectory() as home:
            ws = Workspace(Path(home))
            arms = _arms(ws, options)
            before = _processor_seconds()
            way(ws, arms)
            spent[name] = _processor_seconds() - before
            print(f"{name}: {spent[name]:.0f} s of processor time", flush=True)
    print(f"one by one / ladder: {spent['one by one'] / spent['ladder']:.2f}")


def _arms(ws: Workspace, options: argparse.Namespace) -> tuple[Arm, ...]:
    requests.run(ws, requests.begin(ws, "bench"), source=options.folder)
    dataset = datasets.all_datasets(ws)[0]
    num = sum(estimates.num_images(ws, dataset.id, 0, ()))
    base = presets.configure(
        dataset.id, backbone=options.backbone, image_size=options.image_size, num_train=num
    )
    return ladder.plan(replace(base, freeze="all", fine_tune_epochs=0), num, rungs=options.rungs)


def _ladder(ws: Workspace, arms: tuple[Arm, ...], folds: int) -> None:
    studies.create(ws, StudyKind.LADDER, arms, folds=folds)
    executors.EXECUTORS["inline"].submit(ws)


def _one_by_one(ws: Workspace, arms: tuple[Arm, ...], folds: int) -> None:
    """Train each rung as often as there are folds: as many images teach and judge."""
    configs: list[TrainConfig] = [recipes.kept(arm.config) for arm in arms]
    for seed in range(folds):
        for config in configs:
            runs.create(ws, replace(config, seed=seed))
    executors.EXECUTORS["inline"].submit(ws)


def _processor_seconds() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system
