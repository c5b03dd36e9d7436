"""How long each step of a run takes on an ordinary laptop: the one model of time.

What is said before Start and what a run says while it trains both come from here; runs that ended
on this machine correct it (`core.runs.estimates`).
"""

from collections.abc import Mapping
from enum import StrEnum

from core import machine
from core.models import catalog, solving, summary
from core.records import Phase, Stage, TrainConfig

Step = tuple[Stage, Phase | None]

STARTING: Step = (Stage.STARTING, None)
FEATURES: Step = (Stage.FEATURES, Phase.HEAD)
HEAD: Step = (Stage.TRAINING, Phase.HEAD)
FEATURES_AT_CUT: Step = (Stage.FEATURES, Phase.FINE_TUNE)
FINE_TUNING: Step = (Stage.TRAINING, Phase.FINE_TUNE)
SAVING: Step = (Stage.SAVING, None)
CHECKING: Step = (Stage.CHECKING, None)


class Kind(StrEnum):
    """Kinds of work; how fast a machine is at one says little of the others."""

    START = "start"  # libraries, building and saving
    FROZEN = "frozen"  # forward only
    FINE_TUNING = "fine-tuning"  # with gradients


KINDS: Mapping[Step, Kind] = {
    STARTING: Kind.START,
    FEATURES: Kind.FROZEN,
    HEAD: Kind.FROZEN,
    FEATURES_AT_CUT: Kind.FROZEN,
    FINE_TUNING: Kind.FINE_TUNING,
    SAVING: Kind.START,
    CHECKING: Kind.FROZEN,
}

# Seconds, from runs on ordinary laptop processors.
_STARTING = 8.0  # loading the libraries, building the network
_SAVING = 4.0
_TRACING = 3.0  # before the first step with gradients
_PER_EPOCH = 0.3  # of fine-tuning
_PER_HEAD_EPOCH = 0.05  # on kept features
_PER_IMAGE = 0.004  # reading a picture, on one core
_HEAD_PER_IMAGE = 0.0002  # one image's features through the head, forward and back
_PER_SOLVE = 0.1
_SOLVED_PER_IMAGE = 0.0003  # of so many features, docs/decisions/solving.md
_FITTED_PER_IMAGE = 0.0002  # by another classifier, with its folds
_WIDTH = 1280
_SEARCHED_PER_IMAGE = 0.001  # to choose the strength, of so many images at most
_SAMPLE = 1000
_FROZEN_RATE = 35e9  # multiply-adds a second and core, forward only
_LEARNING_RATE = 10e9  # the same where gradients are needed
_BACKWARD = 3  # a training step computes about three times as much as a prediction
_GPU_FACTOR = 25.0


def seconds(
    config: TrainConfig, num_train: int, num_validation: int, *, streamed: bool = False
) -> dict[Step, float]:
    """Guess the seconds of every step, in order; those that there are not take none.

    Streamed: there is no room for the features at the cut, so the frozen part runs in every epoch.
    """
    images = num_train * summary.num_views(config) + num_validation
    backbone = catalog.backbone(config.backbone)
    whole = backbone.multiply_adds * (config.image_size / backbone.default_size) ** 2
    thawed = whole * summary.share_computed(config)
    cores = machine.num_processors()  # asked once: the system's files tell
    speed, reading = _GPU_FACTOR * 4 if machine.has_gpu() else cores, _PER_IMAGE / cores
    epochs = config.fine_tune_epochs if config.thaws else 0
    at_cut = images * ((whole - thawed) / (_FROZEN_RATE * speed) + reading)
    tuning = (_BACKWARD * num_train + num_validation) * thawed / (_LEARNING_RATE * speed)
    return {
        STARTING: _STARTING,
        FEATURES: images * (whole / (_FROZEN_RATE * speed) + reading),
        HEAD: _head(config, num_train),
        FEATURES_AT_CUT: at_cut if epochs and not streamed else 0.0,
        FINE_TUNING: _TRACING * bool(epochs)
        + epochs * (_PER_EPOCH + tuning + (at_cut if streamed else 0.0)),
        SAVING: _SAVING,
        CHECKING: num_validation * whole / (_LEARNING_RATE * speed),
    }


def answering(config: TrainConfig, images: int) -> float:
    """Guess the seconds in which the network of a finished run looks at so many images."""
    backbone = catalog.backbone(config.backbone)
    whole = backbone.multiply_adds * (config.image_size / backbone.default_size) ** 2
    cores = machine.num_processors()
    speed = _GPU_FACTOR * 4 if machine.has_gpu() else cores
    return images * (whole / (_FROZEN_RATE * speed) + _PER_IMAGE / cores)


def _head(config: TrainConfig, num_train: int) -> float:
    if not solving.solves(config):
        return config.epochs * (_PER_HEAD_EPOCH + num_train * _HEAD_PER_IMAGE)
    if config.is_fitted:
        return _PER_SOLVE + num_train * _FITTED_PER_IMAGE
    rows = num_train * max(1, solving.solved_views(config, num_train))
    looked_at = min(num_train, _SAMPLE)
    width = summary.num_features(config) / _WIDTH
    return _PER_SOLVE + width * (rows * _SOLVED_PER_IMAGE + looked_at * _SEARCHED_PER_IMAGE)


def by_kind(steps: Mapping[Step, float]) -> dict[Kind, float]:
    """Add up the seconds of each kind of work."""
    return {kind: sum(s for step, s in steps.items() if KINDS[step] is kind) for kind in Kind}
