"""The recipe of the Keras transfer-learning guide, as a user would run it.

https://keras.io/guides/transfer_learning/: `image_dataset_from_directory`, the frozen base inside
the model, called with ``training=False``, then `fit`. One child process for each run, so that
nothing is warm but what the guide's own reader would have warm: ``python -m benchmarks.guide``.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What a recipe took, and what it came to."""

    seconds: float
    processor_seconds: float
    accuracy: float  # of the validation photographs, in the last epoch, which Thaw keeps too
    epoch_seconds: tuple[float, ...] = ()


def run(
    photographs: Path, weights: Path | None, *, size: int, epochs: int, seed: int, thaw: str = ""
) -> Timed:
    """Run the recipe in a process of its own; with ``thaw``, fine-tune from that layer on."""
    arguments = [str(photographs), str(weights or ""), str(size), str(epochs), str(seed), thaw]
    command = [sys.executable, "-m", "benchmarks.guide", *arguments]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Timed(**json.loads(said.stdout.splitlines()[-1]))


def recipe(
    photographs: Path, weights: str, *, size: int, epochs: int, seed: int, thaw: str
) -> Timed:
    """Load, build, fit: the clock starts when the libraries are loaded."""
    import keras

    began, worked = time.monotonic(), time.process_time()
    keras.utils.set_random_seed(seed)
    train, validation = (
        keras.utils.image_dataset_from_directory(
            photographs / part, image_size=(size, size), batch_size=32, seed=seed, verbose=False
        )
        for part in ("train", "val")
    )
    shape = (size, size, 3)
    base = keras.applications.MobileNetV2(
        input_shape=shape, include_top=False, weights=weights or None
    )
    base.trainable = False
    inputs = keras.Input(shape)
    x = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs), training=False)
    x = keras.layers.Dropout(0.2)(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, keras.layers.Dense(len(train.class_names))(x))
    history = _fit(model, train, validation, rate=1e-3, epochs=1 if thaw else epochs)
    if thaw:
        _thaw(base, thaw)
        history = _fit(model, train, validation, rate=1e-4, epochs=epochs)
    return Timed(
        seconds=time.monotonic() - began,
        processor_seconds=time.process_time() - worked,
        accuracy=float(history["val_accuracy"][-1]),
        epoch_seconds=tuple(history["seconds"]),
    )


def _thaw(base, last_frozen: str) -> None:
    """Make what comes after a layer trainable, batch normalisation apart, as the guide advises."""
    import keras

    base.trainable = True
    frozen = True
    for layer in base.layers:
        layer.trainable = not frozen and not isinstance(layer, keras.layers.BatchNormalization)
        frozen = frozen and layer.name != last_frozen


def _fit(model, train, validation, *, rate: float, epochs: int) -> dict[str, list[float]]:
    import keras

    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    marks = [time.monotonic()]
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: marks.append(time.monotonic())
    )
    fitted = model.fit(
        train, validation_data=validation, epochs=epochs, verbose=0, callbacks=[clock]
    )
    seconds = [after - before for before, after in pairwise(marks)]
    return {**fitted.history, "seconds": seconds}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("photographs", type=Path)
    parser.add_argument("weights")
    for name in ("size", "epochs", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("thaw")
    options = vars(parser.parse_args())
    print(json.dumps(asdict(recipe(options.pop("photographs"), options.pop("weights"), **options))))
