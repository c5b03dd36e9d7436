"""The epochs of a run, counted through both of its phases, and the one that became the model."""

from collections.abc import Sequence

from core.models import solving
from core.records import EpochMetrics, Phase, Run


def positions(epochs: Sequence[EpochMetrics]) -> list[int]:
    """Number epochs through both phases."""
    offset = num_head(epochs)
    return [e.epoch if e.phase is Phase.HEAD else offset + e.epoch for e in epochs]


def num_head(epochs: Sequence[EpochMetrics]) -> int:
    """Count the epochs of the head, from which those of fine-tuning count on."""
    return max((e.epoch for e in epochs if e.phase is Phase.HEAD), default=0)


def kept_epoch(run: Run) -> int | None:
    """Give the number of the epoch whose model was kept, counted through both phases."""
    kept = kept_position(run)
    return None if kept is None else positions(run.epochs)[kept]


def is_solved(run: Run) -> bool:
    """Tell whether the model of a run is its head as solved."""
    tuned = run.card is not None and run.card.kept_phase == Phase.FINE_TUNE
    return solving.solves(run.config) and not tuned


def kept_position(run: Run) -> int | None:
    """Give which line of the epochs is that of the model; None: no line is."""
    if run.card is None:
        return None
    kept = (run.card.kept_phase, run.card.kept_epoch)
    found = [i for i, e in enumerate(run.epochs) if (e.phase, e.epoch) == kept]
    return found[-1] if found else None
