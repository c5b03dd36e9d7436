"""Networks of Keras taken over by OpenVINO, the fastest engine on a processor without a GPU.

A network is converted once and kept in the cache. Precision bfloat16 is taken where the processor
computes in it and the outputs for a few of the user's images stay close to TensorFlow's.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np

from core import files
from core.engine.disk_space import check_space
from core.engine.networks import converting, openvino_network
from core.engine.networks.converting import Convert
from core.engine.networks.openvino_network import OpenVinoNetwork, PrecisionCheck
from core.words import Message, say


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
    choice = openvino_network.kept(folder)
    if choice is None or not openvino_network.is_usable(choice, folder):
        choice = _choose(model, samples, folder, precisions, convert or converting.to_files)
    if choice.precision == "none":
        return None, choice.reason
    compiled = openvino_network.compile_files(folder, choice.precision, choice.checksum)
    return OpenVinoNetwork(compiled, choice.precision), choice.reason


def _choose(
    model: keras.Model,
    samples: np.ndarray,
    folder: Path,
    precisions: Sequence[str],
    convert: Convert,
) -> PrecisionCheck:
    if not openvino_network.installed():
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
        choice = PrecisionCheck(
            precision="none", reason=reason, version=openvino_network.installed()
        )
    files.write_record(folder / "choice.json", choice)
    return choice


def _compare(
    model: keras.Model, samples: np.ndarray, folder: Path, precisions: Sequence[str]
) -> PrecisionCheck:
    """Choose the first precision in which the converted network answers as Keras does."""
    checksum, reason = openvino_network.checksum_of(folder), None
    possible = [p for p in precisions if p != "bf16" or openvino_network.computes_in_bf16()]
    with ThreadPoolExecutor(1, thread_name_prefix="keras") as beside:
        answer = beside.submit(model, samples.astype(np.float32), training=False)
        for precision in possible:
            openvino_network.compile_files(
                folder, precision, checksum
            )  # needs no Python, as opposed to Keras
        theirs = [np.asarray(given) for given in keras.tree.flatten(answer.result())]
    for precision in possible:
        network = OpenVinoNetwork(
            openvino_network.compile_files(folder, precision, checksum), precision
        )
        error = _error(network, samples, theirs)
        if error <= openvino_network.LARGEST_ERROR[precision]:
            break
    else:
        precision = "none"
        reason = say(
            "With OpenVINO what the network sees would be off by {error:.1%}, which is too much; "
            "TensorFlow does its work, slower.",
            error=error,
        )
    return PrecisionCheck(
        precision=precision,
        reason=reason,
        error=error,
        version=openvino_network.installed(),
        checksum=checksum,
    )


def _error(network: OpenVinoNetwork, samples: np.ndarray, theirs: list[np.ndarray]) -> float:
    """Give the largest relative error of an image's features, in any result of the network."""
    ours = network.start(samples).result()
    network.drain()
    if len(theirs) == 1:
        return _largest(ours, theirs[0])
    parts = np.split(ours, np.cumsum(network.widths)[:-1], axis=1)
    return max(_largest(part, wanted) for part, wanted in zip(parts, theirs, strict=True))


def _largest(ours: np.ndarray, theirs: np.ndarray) -> float:
    axes = tuple(range(1, ours.ndim))
    size = np.sqrt(np.square(theirs, dtype=np.float64).sum(axes))
    error = np.sqrt(np.square(ours - theirs, dtype=np.float64).sum(axes))
    return float(np.nan_to_num((error / np.maximum(size, 1e-12)).max(), nan=1e9, posinf=1e9))
