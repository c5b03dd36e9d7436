"""Studies begun: from a data set with what the dial gives, or from what a page shows."""

from collections.abc import Sequence
from typing import Any

from core import datasets
from core.models import presets
from core.records import TrainConfig
from core.records.choices import check_classes
from core.records.studies import Arm, StudyKind
from core.runs import estimates
from core.studies import ladder
from core.studies.kinds import KINDS, Wanted
from core.words import say
from core.workspace import Workspace

SHARE = 0.8  # of training and validation images, from which each fold's runs learn


def base(
    ws: Workspace,
    dataset_id: str,
    *,
    version: int | None = None,
    preset: str = "balanced",
    **chosen: Any,
) -> TrainConfig:
    """Give what the dial makes of a data set, with what was chosen; the depth is for a ladder."""
    number = datasets.latest(ws, dataset_id).version if version is None else version
    check_classes(datasets.get(ws, dataset_id, number).task, say("a study"))
    num_train, _ = estimates.num_images(ws, dataset_id, number, ())
    return presets.configure(
        dataset_id,
        preset=preset,
        num_train=num_train,
        side=datasets.usual_side(ws, dataset_id, number),
        dataset_version=number,
        **chosen,
    )


def plan(
    ws: Workspace,
    kind: StudyKind,
    config: TrainConfig,
    *,
    rungs: int | None = None,
    backbones: Sequence[str] = (),
) -> tuple[Arm, ...]:
    """Say what a study of a kind compares. Raises `UserError` where it cannot be made."""
    dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
    check_classes(dataset.task, say("a study"))
    datasets.check_trainable(dataset, config.left_out)
    about = config.dataset_id, config.dataset_version, config.left_out
    num_images = sum(estimates.num_images(ws, *about))
    wanted = Wanted(
        config=config,
        num_images=num_images,
        num_train=round(SHARE * num_images),
        rungs=rungs or ladder.USUAL_RUNGS,
        backbones=tuple(backbones),
    )
    return KINDS[kind].plan(wanted)
