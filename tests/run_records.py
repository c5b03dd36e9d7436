"""Records of runs as training writes them; apart, so that the fake engine starts at once."""

import time
from typing import Any

from core.judging.statistics import accuracy
from core.records import ClassHeat, EpochMetrics, ModelCard, Phase, TrainConfig


def epoch_metrics(epoch: int, phase: Phase = Phase.HEAD) -> EpochMetrics:
    """Make the line of an epoch of a run that learns."""
    return EpochMetrics(
        phase=phase,
        epoch=epoch,
        loss=1 / epoch,
        accuracy=1 - 0.5 / epoch,
        val_loss=1.2 / epoch,
        val_accuracy=1 - 0.6 / epoch,
        learning_rate=1e-3,
        seconds=0.1,
        images_per_second=100.0,
        val_images=10,
    )


def card(run_id: str, config: TrainConfig) -> ModelCard:
    """Make the card of a finished run."""
    return ModelCard(
        run_id=run_id,
        config=config,
        labels=("green", "red"),
        dataset_name="colours",
        dataset_fingerprint="0" * 32,
        num_train=10,
        validation=accuracy(7, 8, largest_class=4) if config.validates else None,
        kept_phase="head",
        kept_epoch=3,
        num_epochs=3,
        seconds=1.5,
        num_parameters=1000,
        num_trainable=10,
        weights_file="",
        weights_sha256="",
        device="CPU",
        precision="float32",
        versions=(("tensorflow", "2.21"), ("keras", "3.15.1")),
        created_at=time.time(),
        picked=(),
    )


def class_heat(label: str = "green", **what: Any) -> ClassHeat:
    """Describe a class that is seen at the border."""
    given: dict[str, Any] = {
        "made": 0.0,
        "classes": 2,
        "images": 20,
        "heat": ((0.5, 0.5),),
        "border": 0.8,
        "even": 0.4375,
        "more": 20,
        "p": 2e-6,
    }
    return ClassHeat(label=label, **(given | what))
