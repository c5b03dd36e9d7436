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

# Seconds, from runs on ordinary laptop processors; runs measured here correct the guess.
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
    computing = _computing(config, num_train, num_validation, streamed=streamed)
    starts, rates = _measured(ws)
    (low_start, high_start), (low, high) = _range(starts or rates), _range(rates)
    return Estimate(
        low_seconds=_START * low_start + computing * low,
        high_seconds=_START * high_start + computing * high,
        basis=_basis(len(rates if computing > _START else starts)),
    )


def _basis(num_measured: int) -> Message:
    """Say whether what takes most of the time was measured."""
    if not num_measured:
        return say("a guess from the size of the network, until a run like it was measured here")
    return nsay(
        "measured on {num} run on this machine",
        "measured on {num} runs on this machine",
        num=num_measured,
    )


def _range(factors: Sequence[float]) -> tuple[float, float]:
    """Give what the guess is to be multiplied with."""
    return (min(factors) * 0.7, max(factors) * 1.4) if factors else _GUESS


def _usual(factors: Sequence[float]) -> list[float]:
    """Leave out the odd ones."""
    return [factor for factor in factors if 0.25 * median(factors) <= factor <= 4 * median(factors)]


def _measured(ws: Workspace) -> tuple[list[float], list[float]]:
    """Compare recent runs with what would have been said: short ones for the start, else the rate.

    How fast networks run is not learned from a run that found its features in the cache.
    """
    cards = _cards(ws)
    same = [card for card in cards if card.device == cards[0].device]
    guesses = [_computing(c.config, c.num_train, c.validation.images) for c in same]
    wholes = [card.seconds / (_START + guess) for card, guess in zip(same, guesses, strict=True)]
    done = list(zip(same, guesses, wholes, strict=True))
    starts = [whole for _, guess, whole in done if guess <= _START]
    rates = [
        max(card.seconds - _START * (median(starts) if starts else whole), 0.0) / guess
        for card, guess, whole in done
        if guess > _START and not _is_cached(card, cards)
    ]
    return _usual(starts), _usual([rate for rate in rates if rate > 0])


def _is_cached(card: ModelCard, cards: Sequence[ModelCard]) -> bool:
    """Tell whether all features of a run had been left by an earlier one."""
    earlier = [c for c in cards if c.created_at < card.created_at]
    return not card.config.fine_tune_epochs and any(_seen(c) == _seen(card) for c in earlier)


def _seen(card: ModelCard) -> tuple[object, ...]:
    """Name what the frozen network looked at, and which it was."""
    config = card.config
    network = (config.backbone, card.weights_sha256, config.image_size)
    return network, card.dataset_fingerprint, config.augmentation, config.num_views, config.flips


def _cards(ws: Workspace) -> Sequence[ModelCard]:
    newest = [ws.run(run_id).card for run_id in reversed(runs.ids(ws))]
    cards = [files.read_record(path, ModelCard) for path in newest if path.exists()][:_NEWEST]
    return [card for card in cards if card.config.backbone in BACKBONES and card.seconds > 0]


def _computing(
    config: TrainConfig, num_train: int, num_validation: int, *, streamed: bool = False
) -> float:
    """Guess the seconds beyond the start, from the network's arithmetic and the pictures.

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
    return reading + frozen + head + checking + tuning


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
