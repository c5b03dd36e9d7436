"""Networks in OpenVINO: what was converted is opened and run, with no TensorFlow anywhere near."""

import sys
import zlib
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from core import files
from core.words import Message

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
        self.widths = tuple(int(result.shape[-1]) for result in compiled.outputs)
        self.num_ahead = 2 * compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._queue = library().AsyncInferQueue(compiled, self.num_ahead)
        self._queue.set_callback(_deliver)

    def start(self, images: np.ndarray) -> "Future[np.ndarray]":
        """Compute the features of up to ``batch_size`` images; waits while all requests are busy.

        The network knows one batch size only: a smaller batch is filled up. ``images``: (batch,
        size, size, 3) uint8; gives (batch, *features) float32, the columns of several results of
        a network one after another, each as wide as ``widths`` says.
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
        given = [tensor.data[:num] for tensor in request.output_tensors]
        answer.set_result(np.hstack(given) if len(given) > 1 else given[0].copy())
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


def is_there(folder: Path) -> bool:
    """Tell whether `openvino_choice.open_network` left a converted network that is whole."""
    choice = kept(folder)
    return choice is not None and choice.precision != "none" and is_usable(choice, folder)


def reopen(folder: Path) -> OpenVinoNetwork | None:
    """Open what was converted before, without the model; None where that is not to be had."""
    choice = kept(folder)
    if choice is None or not is_there(folder):
        return None
    try:
        compiled = compile_files(folder, choice.precision, choice.checksum)
        return OpenVinoNetwork(compiled, choice.precision)
    except Exception:  # the cache may be emptied at any time
        return None


def is_usable(choice: PrecisionCheck, folder: Path) -> bool:
    """Tell whether the converted files are whole, and this processor still the one it was."""
    if choice.precision == "none":
        return True
    if choice.precision == "bf16" and not computes_in_bf16():
        return False
    return checksum_of(folder) == choice.checksum


@lru_cache(maxsize=3)
def compile_files(folder: Path, precision: str, checksum: int) -> Any:
    """Compile the converted network; the last three are kept, for the next part of the run."""
    hints = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": precision,
        "ENABLE_MMAP": False,  # the cache may delete the file meanwhile
    }
    return library().Core().compile_model(folder / "network.xml", "CPU", hints)


def computes_in_bf16() -> bool:
    """Tell whether this processor computes in bfloat16, so that it is worth its rounding."""
    return "BF16" in library().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def checksum_of(folder: Path) -> int:
    """Sum up the converted files; -1 where one is missing."""
    total = 0
    for name in ("network.xml", "network.bin"):
        try:
            total = zlib.crc32((folder / name).read_bytes(), total)
        except OSError:
            return -1
    return total


def library() -> Any:
    """Import OpenVINO without its telemetry, which posts usage and writes to the home folder."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino
    import openvino.opset13
    import openvino.preprocess

    return openvino
