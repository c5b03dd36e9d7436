"""A run's model in another format, with what the model in Keras answers to some images."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.engine.disk_space import check_export
from core.engine.exporting import litert, onnx_file, openvino_files, saved_model
from core.engine.features import pipeline
from core.engine.networks import pooled
from core.engine.prediction import in_keras
from core.images import pixels
from core.records.requests import ConvertModel, Ready
from core.workspace import Workspace

_MARGIN = 16 * 2**20  # bytes, of what the trial writes and of a graph; the rest is counted
Write = Callable[[keras.Model, Path, np.ndarray], None]  # model, folder, images for calibration
CONVERTERS: Mapping[str, Write] = {  # of each proved entry in EXPORT_FORMATS that is not a copy
    "savedmodel": lambda model, folder, _: saved_model.write(model, folder / "saved_model"),
    "onnx": lambda model, folder, _: onnx_file.write_onnx(model, folder),
    "openvino": lambda model, folder, _: openvino_files.write_openvino(model, folder),
    **litert.WRITERS,
}


def convert(ws: Workspace, request: ConvertModel) -> Ready:
    """Write the model, ``pixels.npy`` and ``expected.npz`` into a folder.

    The pixels are (images, size, size, 3) uint8; the answers ``probabilities`` (images, outputs)
    and, where they are asked for and there, ``features`` (images, channels), float32.
    """
    folder = Path(request.folder)
    model = in_keras.read(ws.run(request.run_id).model)
    full = pooled.with_features(model) if request.features else model
    size = int(model.input_shape[1])
    images = _read(request.images, size)
    check_export(folder, _MARGIN + 2 * images.nbytes + 20 * model.count_params())
    np.save(folder / "pixels.npy", images)
    np.savez(folder / "expected.npz", **_answers(full, images))
    if request.format in CONVERTERS:
        sys.path.append(request.packages)  # behind what is installed, which it cannot replace
        CONVERTERS[request.format](full, folder, _read(request.calibration, size))
    return Ready(ready=True)


def _read(copies: Sequence[str], size: int) -> np.ndarray:
    read = pipeline.parallel(partial(pixels.read_copy, size=size), map(Path, copies))
    return np.array(list(read), np.uint8).reshape(-1, size, size, 3)


def _answers(model: keras.Model, images: np.ndarray) -> dict[str, Any]:
    """Ask a model in Keras, some images at a time."""
    function = saved_model.forward(model)
    batches = np.array_split(images, max(1, -(-len(images) // 16)))
    given = [function(keras.ops.convert_to_tensor(batch, "float32")) for batch in batches]
    return {name: np.concatenate([one[name] for one in given]) for name in given[0]}
