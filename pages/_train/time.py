"""How long a training will take on this machine, with these images."""

from core import durations
from core.models import cache_budget
from core.records import Dataset, TrainConfig
from core.runs import estimates
from core.words import Message
from core.workspace import Workspace
from pages._shared.listings import listing
from pages._shared.widgets import t


def guess(ws: Workspace, dataset: Dataset, config: TrainConfig) -> tuple[str, Message]:
    """Give the range in words, and what it is based on."""
    images = estimates.count(listing(ws, dataset), config.left_out)
    found = estimates.estimate(ws, config, *images)
    return t(durations.between(found.low_seconds, found.high_seconds)), found.basis


def warning(ws: Workspace, dataset: Dataset, config: TrainConfig) -> Message | None:
    """Say what makes a run slow that could be quick: features for which there is no room."""
    images = estimates.count(listing(ws, dataset), config.left_out)
    need, may = cache_budget.needed(config, *images), cache_budget.allowed(ws.features)
    return cache_budget.too_little(need, may) if need > may else None
