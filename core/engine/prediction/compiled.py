"""A finished model as it was made ready after training; TensorFlow is not needed to ask it."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core import workspace
from core.engine.features import cache_folder
from core.engine.features.running import CompiledNetwork
from core.engine.networks import openvino_network


@dataclass(frozen=True, slots=True)
class Predictor:
    """A whole model: images (size, size, 3) uint8 in, probabilities and pooled features out."""

    network: CompiledNetwork
    size: int
    outputs: int | None = None  # columns of probabilities; None: no features follow them


def reopen(path: Path, cache: Path) -> Predictor | None:
    """Take up what training left in the cache for the run of a saved model, if it is there."""
    folder = folder_of(cache, path.parent.name)
    network = openvino_network.reopen(folder)
    if network is None:
        return None
    with suppress(OSError):  # a workspace that can only be read
        cache_folder.mark_used(folder)
    outputs = network.widths[0] if len(network.widths) > 1 else None  # of earlier versions
    return Predictor(network, network.size, outputs)


def load(path: Path, cache: Path) -> Predictor:
    """Take up what training left for the run of a saved model; without it, load the model."""
    if ready := reopen(path, cache):
        return ready
    from core.engine.prediction import in_keras  # takes seconds, so only where it is needed

    return in_keras.load_saved(path)


def folder_of(cache: Path, run_id: str) -> Path:
    """Give where in the cache the model of a run lies, converted."""
    return workspace.converted(cache, run_id)
