"""How long a run will take, said before it starts: a range, and what it is based on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from statistics import median

from core import datasets, files, runs
from core.classroom.folder import class_of
from core.models import cache_budget, catalog, step_times, summary
from core.models.step_times import Kind, Step
from core.records import ImageRecord, ModelCard, Split, TrainConfig
from core.words import Message, nsay, say
from core.workspace import Workspace

_GUESS = (0.5, 2.0)  # of what the model says or other networks took, for what never ran here
_MEASURED = (0.7, 1.4)  # of what runs of this network took
_COUNTS = 0.25  # share of the time from which on any kind of work must have been measured
_LEAST = 1.0  # seconds; shorter fine-tuning says nothing of its rate
_NEWEST = 8  # runs to learn from


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A range of seconds; the truth may still lie outside, as other work on the machine counts."""

    low_seconds: float
    high_seconds: float
    basis: Message


@dataclass(frozen=True, slots=True)
class _Observation:
    """What the model of time is to be multiplied with, as one run has shown for a kind of work."""

    backbone: str
    factor: float


def estimate(ws: Workspace, config: TrainConfig, num_train: int, num_validation: int) -> Estimate:
    """Estimate a run, from runs that ended in this workspace where there are any.

    Features that an earlier run left make it quicker; that is not known before it starts.
    """
    measured = _measured(ws)
    seconds = step_times.by_kind(_model(ws, config, num_train, num_validation))
    ranges = {kind: _range(measured[kind], config.backbone) for kind in Kind}
    return Estimate(
        low_seconds=sum(seconds[kind] * ranges[kind][0] for kind in Kind),
        high_seconds=sum(seconds[kind] * ranges[kind][1] for kind in Kind),
        basis=_basis(measured, _matter(config, seconds), config.backbone),
    )


def expected(
    ws: Workspace, config: TrainConfig, num_train: int, num_validation: int
) -> dict[Step, float]:
    """Give the seconds of every step of a run: the middle of the range of `estimate`."""
    measured = _measured(ws)
    middle = {kind: sum(_range(measured[kind], config.backbone)) / 2 for kind in Kind}
    model = _model(ws, config, num_train, num_validation)
    return {step: guess * middle[step_times.KINDS[step]] for step, guess in model.items()}


def num_images(
    ws: Workspace, dataset_id: str, version: int, left_out: Sequence[str]
) -> tuple[int, int]:
    """Count the images to train on and to validate on."""
    return count(datasets.images(ws, dataset_id, version), left_out)


def count(images: Iterable[ImageRecord], left_out: Sequence[str]) -> tuple[int, int]:
    """Count them among images that were read already."""
    kept = [image.split for image in images if image.label not in left_out]
    return kept.count(Split.TRAIN), kept.count(Split.VALIDATION)


def _model(
    ws: Workspace, config: TrainConfig, num_train: int, num_validation: int
) -> dict[Step, float]:
    need = cache_budget.needed(config, num_train, num_validation)
    streamed = need > cache_budget.allowed(ws.features)
    found = step_times.seconds(config, num_train, num_validation, streamed=streamed)
    step = step_times.FINE_TUNING if config.thaws else step_times.FEATURES
    return found | {step: found[step] + _teaching(ws, config, num_train)}


def _teaching(ws: Workspace, config: TrainConfig, num_train: int) -> float:
    """Guess how long the teacher looks at the images, in every epoch where each has new views."""
    if config.teacher not in runs.ids(ws):
        return 0.0
    fresh = config.thaws and config.freeze == "none" and config.augmentation != "none"
    views = config.fine_tune_epochs if fresh else summary.num_views(config)
    return step_times.answering(runs.get(ws, config.teacher).config, num_train * views)


def _range(measured: Sequence[_Observation], backbone: str) -> tuple[float, float]:
    """Give what the model is to be multiplied with."""
    own = _usual([m.factor for m in measured if m.backbone == backbone])
    found = own or _usual([m.factor for m in measured])
    low, high = _MEASURED if own else _GUESS
    return (min(found) * low, max(found) * high) if found else _GUESS


def _matter(config: TrainConfig, seconds: Mapping[Kind, float]) -> list[Kind]:
    """Give the kinds of work without which a run was not measured, be it little of the time.

    A short run tells no rate, so where little but the start is done, a start is all that counts.
    """
    tuned = [Kind.FINE_TUNING] if config.thaws else []
    if _is_mostly_start(seconds):
        return [Kind.START, *tuned]
    most = (kind for kind in Kind if seconds[kind] > _COUNTS * sum(seconds.values()))
    return [*most, *tuned]


def _basis(
    measured: Mapping[Kind, Sequence[_Observation]], matters: Sequence[Kind], backbone: str
) -> Message:
    """Say whether what matters was measured, and on this network."""
    own = min(_num(measured[kind], backbone) for kind in matters)
    if own:
        return nsay(
            "measured on {num} run on this machine",
            "measured on {num} runs on this machine",
            num=own,
        )
    others = min(_num(measured[kind]) for kind in matters)
    if others:
        return nsay(
            "a guess, from {num} run of another network on this machine",
            "a guess, from {num} runs of other networks on this machine",
            num=others,
        )
    return say("a guess from the size of the network, until a run like it was measured here")


def _num(measured: Sequence[_Observation], backbone: str | None = None) -> int:
    return len(_usual([m.factor for m in measured if backbone in (None, m.backbone)]))


def _usual(factors: Sequence[float]) -> list[float]:
    """Leave out the odd ones."""
    return [factor for factor in factors if 0.25 * median(factors) <= factor <= 4 * median(factors)]


def _measured(ws: Workspace) -> Mapping[Kind, Sequence[_Observation]]:
    """Learn from runs of the workspace; without any, from those of the teacher on this machine."""
    room = class_of(ws)
    return _learned(_cards(ws) or (_cards(room.teacher) if room else ()))


@lru_cache(maxsize=8)  # a page asks for several estimates at a time
def _learned(cards: tuple[ModelCard, ...]) -> Mapping[Kind, Sequence[_Observation]]:
    """Compare recent runs with what the model says: short ones for the start, else the rate.

    How fast networks run is not learned from a run that found its features in the cache.
    """
    same = [card for card in cards if card.device == cards[0].device]
    starts = [_Observation(c.config.backbone, _whole(c)) for c in same if _is_short(c)]
    usual = median(m.factor for m in starts) if starts else None
    tuned = [(c, _guess(c)[Kind.FINE_TUNING]) for c in same if c.fine_tune_seconds]
    whole = [c for c in same if not _is_short(c) and not _is_cached(c, cards)]
    frozen = [c for c in whole if _is_mostly_frozen(_guess(c))]
    return {
        Kind.START: starts or [_Observation(c.config.backbone, _whole(c)) for c in whole],
        Kind.FROZEN: [
            _Observation(card.config.backbone, rate)
            for card in frozen
            if (rate := _frozen_rate(card, usual))
        ],
        Kind.FINE_TUNING: [
            _Observation(c.config.backbone, c.fine_tune_seconds / guess)
            for c, guess in tuned
            if c.fine_tune_seconds > _LEAST
        ],
    }


def _guess(card: ModelCard) -> dict[Kind, float]:
    """Give what the model says of a run that ended."""
    return step_times.by_kind(step_times.seconds(card.config, card.num_train, card.num_validation))


def _is_short(card: ModelCard) -> bool:
    return _is_mostly_start(_guess(card))


def _is_mostly_start(seconds: Mapping[Kind, float]) -> bool:
    return sum(seconds.values()) <= 2 * seconds[Kind.START]


def _is_mostly_frozen(seconds: Mapping[Kind, float]) -> bool:
    """Tell whether what frozen networks do is so much of a run that the run tells its rate."""
    return seconds[Kind.FROZEN] > _COUNTS * sum(seconds.values())


def _whole(card: ModelCard) -> float:
    return card.seconds / sum(_guess(card).values())


def _frozen_rate(card: ModelCard, start: float | None) -> float:
    """Take off what else a run did; 0 where nothing is left, or the rest cannot be told."""
    if card.config.thaws and not card.fine_tune_seconds:  # it was not noted in runs of old
        return 0.0
    guess = _guess(card)
    beginning = guess[Kind.START] * (_whole(card) if start is None else start)
    rest = card.seconds - card.fine_tune_seconds - beginning
    return max(rest, 0.0) / guess[Kind.FROZEN]


def _is_cached(card: ModelCard, cards: Sequence[ModelCard]) -> bool:
    """Tell whether all features of a run had been left by an earlier one."""
    earlier = [c for c in cards if c.created_at < card.created_at]
    return not card.config.thaws and any(_seen(c) == _seen(card) for c in earlier)


def _seen(card: ModelCard) -> tuple[object, ...]:
    """Name what the frozen network looked at, and which it was."""
    config = card.config
    seed = None if card.weights_sha256 else config.seed  # of random values
    network = (config.backbone, card.weights_sha256, seed, config.image_size, config.pooling)
    return network, card.dataset_fingerprint, config.augmentation, config.num_views, config.flips


def _cards(ws: Workspace) -> tuple[ModelCard, ...]:
    newest = (ws.run(run_id).card for run_id in reversed(runs.ids(ws)))
    there = islice((path for path in newest if path.exists()), _NEWEST)
    cards = [files.read_record(path, ModelCard) for path in there]
    return tuple(c for c in cards if catalog.is_known(c.config.backbone) and c.seconds > 0)
