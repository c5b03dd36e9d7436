"""How long a run will take, said before it starts: a range, and what it is based on."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from core import cache_budget, files, runs
from core.catalog import BACKBONES, Backbone
from core.records import ModelCard, TrainConfig
from core.words import Message, nsay, say
from core.workspace import Workspace

# Seconds, from runs on ordinary laptop processors; a run measured here replaces the guess.
_START = 12.0  # loading the libraries, building the network, saving the model
_PER_EPOCH = 0.3
_PER_IMAGE = 0.004  # reading a picture, on one core
_HEAD_PER_IMAGE = 0.0002  # one image's features through the head, forward and back
_FROZEN_RATE = 35e9  # multiply-adds a second and core, forward only
_LEARNING_RATE = 10e9  # the same where gradients are needed
_BACKWARD = 3  # a training step computes about three times as much as a prediction
_GPU_FACTOR = 25.0

_GUESS = (0.5, 2.0)  # of the middle, as long as nothing was measured
_NEWEST = 8  # runs to learn from


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A range of seconds; the truth may still lie outside, as other work on the machine counts."""

    low_seconds: float
    high_seconds: float
    basis: Message


def estimate(ws: Workspace, config: TrainConfig, num_train: int, num_validation: int) -> Estimate:
    """Estimate a run, from runs that ended in this workspace where there are any.

    Features that an earlier run left make it quicker; that is not known before it starts.
    """
    need = cache_budget.needed(config, num_train, num_validation)
    streamed = need > cache_budget.allowed(ws.cache)
    middle = _seconds(config, num_train, num_validation, streamed=streamed)
    factors = _measured(ws)
    if not factors:
        low, high = _GUESS
        basis = say("a guess from the size of the network, until a run was measured here")
    else:
        low, high = min(factors) * 0.7, max(factors) * 1.4
        basis = nsay(
            "measured on {num} run on this machine",
            "measured on {num} runs on this machine",
            num=len(factors),
        )
    return Estimate(low_seconds=middle * low, high_seconds=middle * high, basis=basis)


def _measured(ws: Workspace) -> list[float]:
    """Compare what recent runs took with what would have been said, leaving out the odd ones."""
    cards = _cards(ws)
    same = [card for card in cards if card.device == cards[0].device]
    factors = [
        card.seconds / _seconds(card.config, card.num_train, card.validation.images)
        for card in same
    ]
    return [factor for factor in factors if 0.25 <= factor / median(factors) <= 4]


def _cards(ws: Workspace) -> Sequence[ModelCard]:
    newest = [ws.run(run_id).card for run_id in reversed(runs.ids(ws))]
    cards = [files.read_record(path, ModelCard) for path in newest if path.exists()][:_NEWEST]
    return [card for card in cards if card.config.backbone in BACKBONES and card.seconds > 0]


def _seconds(
    config: TrainConfig, num_train: int, num_validation: int, *, streamed: bool = False
) -> float:
    """Guess from the arithmetic of the network and the number of pictures.

    Streamed: the frozen part runs again in every epoch.
    """
    backbone = BACKBONES[config.backbone]
    images = num_train * config.num_views + num_validation
    whole = _work(backbone, config, 0)
    reading = images * _PER_IMAGE / _cores()
    frozen = images * whole / _rate(_FROZEN_RATE)
    head = config.epochs * (_PER_EPOCH + num_train * _HEAD_PER_IMAGE)
    checking = num_validation * whole / _rate(_LEARNING_RATE)
    times = config.fine_tune_epochs if streamed else min(1, config.fine_tune_epochs)
    tuning = _fine_tuning(config, num_train, num_validation, times)
    return _START + reading + frozen + head + checking + tuning


def _fine_tuning(config: TrainConfig, num_train: int, num_validation: int, times: int) -> float:
    """Guess the seconds of fine-tuning, where the frozen part runs so many times."""
    backbone = BACKBONES[config.backbone]
    cut = backbone.blocks_up_to(config.freeze)
    prefix = _work(backbone, config, 0) - _work(backbone, config, cut)
    images = num_train * config.num_views + num_validation
    epoch = (_BACKWARD * num_train + num_validation) * _work(backbone, config, cut)
    once = images * (prefix / _rate(_FROZEN_RATE) + _PER_IMAGE / _cores())
    return times * once + config.fine_tune_epochs * (_PER_EPOCH + epoch / _rate(_LEARNING_RATE))


def _work(backbone: Backbone, config: TrainConfig, first: int) -> float:
    """Count the multiply-adds of the blocks from ``first`` on, for one image of the run's size."""
    area = (config.image_size / backbone.default_size) ** 2
    return area * sum(block.multiply_adds for block in backbone.blocks[first:])


def _rate(per_core: float) -> float:
    gpu = shutil.which("nvidia-smi") is not None
    return per_core * (_GPU_FACTOR * 4 if gpu else _cores())


def _cores() -> int:
    return os.cpu_count() or 1
