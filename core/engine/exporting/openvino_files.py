"""A model as two files of OpenVINO, its weights in all their 32 bits."""

import tempfile
from pathlib import Path

import keras

from core.engine.exporting import saved_model
from core.engine.networks import openvino_network

FILE = "model.xml"  # and model.bin beside it


def write_openvino(model: keras.Model, folder: Path) -> None:
    """Write the files, for any number of images.

    OpenVINO reads the SavedModel in the order of its signature, by the names of the outputs.
    """
    openvino = openvino_network.library()
    with tempfile.TemporaryDirectory(dir=folder) as saved:
        saved_model.write(model, Path(saved))
        read = openvino.convert_model(saved)
        openvino.save_model(read, folder / FILE, compress_to_fp16=False)
