"""Networks in OpenVINO, the fastest engine for them on a processor without a GPU.

A network is converted once and kept in the cache. Precision bfloat16 is taken where the processor
computes in it and the outputs for a few of the user's images stay close to TensorFlow's.
"""

import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core import files
from core.engine.disk_space import check_space
from core.engine.networks import converting
from core.engine.networks.converting import Convert
from core.words import Message, say

LARGEST_ERROR = {"bf16": 2e-2, "f32": 1e-3}  # of an image's features: |ours - theirs| / |theirs|


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionCheck:
    """What was found out about a network on this machine, kept beside what was converted."""

    precision: str  # bf16 | f32 | none: OpenVINO is not to be used
    reason: Message | None = None  # why not bf16 or not at all, where that is so
    error: float = 0.0
    version: str = ""  # of OpenVINO
    checksum: int = 0  # of the converted network's files


class OpenVinoNetwork:
    """Runs images through a converted network, a few in a request, several requests at once."""

    engine = "openvino"
    batch_size = 4  # measured: docs/decisions/features.md

    def __init__(self, compiled: Any, precision: str) -> None:
        self.precision, self.size = precision, int(compiled.input(0).shape[1])
        self.num_ahead = 2 * compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._queue = converting.library().AsyncInferQueue(compiled, self.num_ahead)
        self._queue.set_callback(_deliver)

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Compute the features of up to ``batch_size`` images; waits while all requests are busy.

        The network knows one batch size only: a smaller batch is filled up. ``images``: (batch,
        size, size, 3) uint8; gives (batch, *features) float32.
        """
        missing = self.batch_size - len(images)
        filled = np.concatenate([images, images[:1].repeat(missing, axis=0)]) if missing else images
        answer: Future[np.ndarray] = Future()
        self._queue.start_async({0: filled}, (answer, len(images)))
        return answer

    def drain(self) -> None:
        """Wait until nothing computes: requests that outlive their network crash the process."""
        self._queue.wait_all()


def _deliver(request: Any, waiting: "tuple[Future[np.ndarray], int]") -> None:
    answer, num = waiting
    try:
        answer.set_result(request.get_output_tensor(0).data[:num].copy())
    except Exception as error:  # raised here it would end the process
        answer.set_exception(error)


def kept(folder: Path) -> PrecisionCheck | None:
    """Read what was found out earlier with this version of OpenVINO; OpenVINO is not imported."""
    try:
        choice = files.read_record(folder / "choice.json", PrecisionCheck)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    known = choice.precision in (*LARGEST_ERROR, "none")
    return choice if known and choice.version == installed() else None


def installed() -> str:
    """Give the version of OpenVINO on this machine, empty where it is missing."""
    try:
        return metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return ""


def open_network(
    model: keras.Model,
    samples: np.ndarray,
    folder: Path,
    precisions: Sequence[str] = ("bf16", "f32"),
    convert: Convert | None = None,
) -> tuple[OpenVinoNetwork | None, Message | None]:
    """Open a network in the first precision that agrees, converted where it was not before.

    ``samples``: one to four real images (num, size, size, 3), uint8, on which it must agree with
    TensorFlow. Without a network, TensorFlow is to be used; the message says why. ``convert`` is
    another way than the usual one to write the network into a folder.
    """
    choice = kept(folder)
    if choice is None or not _is_usable(choice, folder):
        choice = _choose(model, samples, folder, precisions, convert or converting.to_files)
    if choice.precision == "none":
        return None, choice.reason
    compiled = _compile(folder, choice.precision, choice.checksum)
    return OpenVinoNetwork(compiled, choice.precision), choice.reason


def is_there(folder: Path) -> bool:
    """Tell whether `open_network` left a converted network that is whole."""
    choice = kept(folder)
    return choice is not None and choice.precision != "none" and _is_usable(choice, folder)


def reopen(folder: Path) -> OpenVinoNetwork | None:
    """Open what `open_network` left, without the model; None where that is not to be had."""
    choice = kept(folder)
    if choice is None or not is_there(folder):
        return None
    try:
        return OpenVinoNetwork(
            _compile(folder, choice.precision, choice.checksum), choice.precision
        )
    except Exception:  # the cache may be emptied at any time
        return None


def _is_usable(choice: PrecisionCheck, folder: Path) -> bool:
    """Tell whether the converted files are whole, and this processor still the one it was."""
    if choice.precision == "none":
        return True
    if choice.precision == "bf16" and not _computes_in_bf16():
        return False
    return _checksum(folder) == choice.checksum


def _choose(
    model: keras.Model,
    samples: np.ndarray,
    folder: Path,
    precisions: Sequence[str],
    convert: Convert,
) -> PrecisionCheck:
    if not installed():
        return PrecisionCheck(
            precision="none",
            reason=say("OpenVINO is not installed; TensorFlow does its work, slower."),
        )
    check_space(folder, 4 * model.count_params())
    try:
        convert(model, (OpenVinoNetwork.batch_size, *samples.shape[1:]), folder)
        choice = _compare(model, samples, folder, precisions)
    except Exception as error:  # a converter may raise anything; TensorFlow does the same, slower
        reason = say(
            "OpenVINO could not take this network over ({name}); TensorFlow does its work, slower.",
            name=type(error).__name__,
        )
        choice = PrecisionCheck(precision="none", reason=reason, version=installed())
    files.write_record(folder / "choice.json", choice)
    return choice


def _compare(
    model: keras.Model, samples: np.ndarray, folder: Path, precisions: Sequence[str]
) -> PrecisionCheck:
    """Choose the first precision in which the converted network answers as Keras does."""
    checksum, reason = _checksum(folder), None
    possible = [p for p in precisions if p != "bf16" or _computes_in_bf16()]
    with ThreadPoolExecutor(1, thread_name_prefix="keras") as beside:
        answer = beside.submit(model, samples.astype(np.float32), training=False)
        for precision in possible:
            _compile(folder, precision, checksum)  # needs no Python, as opposed to Keras
        theirs = answer.result().numpy()
    for precision in possible:
        network = OpenVinoNetwork(_compile(folder, precision, checksum), precision)
        error = _error(network, samples, theirs)
        if error <= LARGEST_ERROR[precision]:
            break
    else:
        precision = "none"
        reason = say(
            "With OpenVINO what the network sees would be off by {error:.1%}, which is too much; "
            "TensorFlow does its work, slower.",
            error=error,
        )
    return PrecisionCheck(
        precision=precision, reason=reason, error=error, version=installed(), checksum=checksum
    )


def _error(network: OpenVinoNetwork, samples: np.ndarray, theirs: np.ndarray) -> float:
    """Give the largest relative error of an image's features."""
    ours = network.start(samples).result()
    network.drain()
    axes = tuple(range(1, ours.ndim))
    size = np.sqrt(np.square(theirs, dtype=np.float64).sum(axes))
    error = np.sqrt(np.square(ours - theirs, dtype=np.float64).sum(axes))
    return float(np.nan_to_num((error / np.maximum(size, 1e-12)).max(), nan=1e9, posinf=1e9))


@lru_cache(maxsize=3)
def _compile(folder: Path, precision: str, checksum: int) -> Any:
    """Compile the converted network; the last three are kept, for the next part of the run."""
    hints = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": precision,
        "ENABLE_MMAP": False,  # the cache may delete the file meanwhile
    }
    return converting.library().Core().compile_model(folder / "network.xml", "CPU", hints)


def _computes_in_bf16() -> bool:
    return "BF16" in converting.library().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _checksum(folder: Path) -> int:
    total = 0
    for name in ("network.xml", "network.bin"):
        try:
            total = zlib.crc32((folder / name).read_bytes(), total)
        except OSError:
            return -1
    return total
