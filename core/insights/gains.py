"""What each position of the dial buys: on these images where that was measured, else in general."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from core import files, runs
from core.datasets import head_scores
from core.insights.comparing import comparability
from core.models import solving
from core.records import Accuracy, HeadScore, ModelCard, TrainConfig
from core.workspace import Workspace

_NEWEST = 50  # runs that are looked through


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """What a position scored on sets of others: its mean, or its points over the one before."""

    mean: float  # share of right answers
    points: float = 0.0  # over the position before it, with the bounds of 95 % over sets
    low: float = 0.0
    high: float = 0.0


GENERAL_SETS = 8
IN_GENERAL: Mapping[str, General] = {  # docs/decisions/defaults.md: heads alone
    "quick": General(mean=0.834),
    "balanced": General(mean=0.857, points=2.2, low=0.1, high=4.4),
    "thorough": General(mean=0.861, points=0.5, low=-0.1, high=1.1),
}
TUNED_TRIALS, TUNED_IMAGES = 3, 630
TUNED_IN_GENERAL = General(
    mean=0.926, points=1.4, low=0.5, high=2.3
)  # docs/decisions/fine-tuning.md


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedRun:
    """A run that fine-tuned as a position would, and what it scored on the validation images."""

    run_id: str
    name: str
    validation: Accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What was measured of a position on the images of a data set."""

    head: Accuracy | None = None  # of its head, on training images held back from it
    version: int = 0  # of the data set on which that was
    beats: str = ""  # the position before, where this one was right more often on the same images
    tuned: TunedRun | None = None


def measured(ws: Workspace, configs: Mapping[str, TrainConfig]) -> dict[str, Gain]:
    """Look up what is known of each position, given as what it would train; nothing is computed."""
    found = {name: _newest_score(ws, config) for name, config in configs.items()}
    better = dict(_better({name: score for name, (_, score) in found.items()}))
    return {
        name: Gain(
            head=score.accuracy if score else None,
            version=version,
            beats=better.get(name, ""),
            tuned=_tuned(ws, configs[name]) if configs[name].thaws else None,
        )
        for name, (version, score) in found.items()
    }


def _newest_score(ws: Workspace, config: TrainConfig) -> tuple[int, HeadScore | None]:
    """Give what a solved head scored, on this version of the data set or the last one before."""
    number = config.dataset_version
    for version in range(number, -1, -1) if _is_solved(config) else ():
        if score := head_scores.read(ws, replace(config, dataset_version=version)):
            return version, score
    return number, None


def _is_solved(config: TrainConfig) -> bool:
    return solving.solves(config) and not config.is_fitted


def _better(scores: Mapping[str, HeadScore | None]) -> Iterator[tuple[str, str]]:
    """Give each position that is better than the one before it by more than chance, with that."""
    for before, name in pairwise(scores):
        one, other = scores[name], scores[before]
        if one and other and head_scores.by_more_than_chance(one, other):
            yield name, before


def _tuned(ws: Workspace, config: TrainConfig) -> TunedRun | None:
    """Find the newest run with a score that did to these images what this configuration says."""
    alike = (card for card in _cards(ws) if _is_like(card.config, config))
    found = ((card, card.validation) for card in alike if card.validation is not None)
    card, score = next(found, (None, None))
    if card is None or score is None:
        return None
    name = ws.run(card.run_id).name
    return TunedRun(
        run_id=card.run_id,
        name=name.read_text(encoding="utf-8") if name.exists() else "",
        validation=score,
    )


def _cards(ws: Workspace) -> Iterator[ModelCard]:
    newest = (ws.run(run_id).card for run_id in reversed(runs.ids(ws)))
    for path in islice(newest, _NEWEST):
        if path.exists():
            yield files.read_record(path, ModelCard)


def _is_like(one: TrainConfig, other: TrainConfig) -> bool:
    """Tell whether two runs do the same to the same images, however long."""
    names = (
        *("preset", "backbone", "weights", "freeze", "image_size", "augmentation"),
        *("fine_tune_learning_rate", "layer_decay"),
    )
    return (
        one.thaws
        and comparability.task(one) == comparability.task(other)
        and all(getattr(one, name) == getattr(other, name) for name in names)
    )
