"""Write trained weights as one small HDF5 file, in the form of the Keras Applications files.

`python -m tools.starter.export --weights student.weights.h5 --out FILE.h5`
"""

import argparse
from pathlib import Path

import h5py
import keras
import numpy as np

from tools.starter.network import build

LARGEST_FLOAT16 = float(np.finfo(np.float16).max)


def write(model: keras.Model, out: Path) -> None:
    """Write one group per layer in order, as float16 where the values fit, for half the size."""
    with h5py.File(out, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = keras.__version__.encode()
        for layer in model.layers:
            group = file.create_group(layer.name)
            group.attrs["weight_names"] = [weight.name.encode() for weight in layer.weights]
            for weight in layer.weights:
                group.create_dataset(weight.name, data=shrink(weight.numpy()))


def shrink(values: np.ndarray) -> np.ndarray:
    """Give float16, or the values as they are where they do not fit."""
    return values.astype(np.float16) if np.abs(values).max() < LARGEST_FLOAT16 else values


def main() -> None:
    """Convert from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--alpha", type=float, default=0.35)
    options = parser.parse_args()
    model = build(options.alpha)
    model.load_weights(options.weights)
    write(model, options.out)


if __name__ == "__main__":
    main()
