"""An exported model opened by the runtime of its format; the script carries this text."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

Model = Callable[[np.ndarray], dict[str, np.ndarray]]  # (1, size, size, 3) float32 -> outputs


def opened_model(folder: Path, threads: int = 0, name: str = "") -> Model:
    """Open the model that lies in a folder, in whatever format; 0 threads: as many as it likes.

    ``name``: which of several; else the one that model.json names, or the first. It takes images
    (1, size, size, 3) float32 in 0..255. Raises `SystemExit` without a model, or its runtime, or
    where it is damaged.
    """
    path = folder / (name or chosen_model(folder))
    opener = next((open for end, open in OPENERS.items() if path.name.endswith(end)), None)
    if opener is None or not path.exists():
        raise SystemExit(f"There is no model '{path.name}' beside this script.")
    try:
        return opener(str(path), threads)
    except ImportError as error:
        raise SystemExit(f"{path.name} needs another library: {error}") from None
    except Exception as error:  # runtimes raise what they like
        reason = " ".join(str(error).split())[:200]
        raise SystemExit(f"{path.name} cannot be opened, it may be damaged: {reason}") from None


def chosen_model(folder: Path) -> str:
    """Name the model that is opened where nobody says which."""
    card = folder / "model.json"
    told = json.loads(card.read_text("utf-8")).get("model") if card.exists() else None
    found = [path.name for end in OPENERS for path in sorted(folder.glob(f"*{end}"))]
    return str(told or next(iter(found), "model"))


def in_keras(path: str, threads: int) -> Model:
    """Open a Keras model: images (1, size, size, 3) float32.

    Its pooled features are taken from before its head.
    """
    import keras
    import tensorflow as tf

    if threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    model = keras.models.load_model(path, compile=False)
    is_number = model.layers[-1].name == "number"
    outputs, names = [model.output], ["number" if is_number else "probabilities"]
    if "pool" in [layer.name for layer in model.layers]:
        pool = model.get_layer("pool")
        is_flat = pool.output.shape[-1] != pool.input.shape[-1]
        outputs += [keras.layers.GlobalAveragePooling2D()(pool.input) if is_flat else pool.output]
        names += ["features"]
    full = tf.function(keras.Model(model.input, outputs), autograph=False)
    return lambda images: {
        name: given.numpy() for name, given in zip(names, full(images, training=False), strict=True)
    }


def in_tensorflow(path: str, threads: int) -> Model:
    """Open a SavedModel: images (1, size, size, 3) float32."""
    import tensorflow as tf

    if threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    model = tf.saved_model.load(path)
    return lambda images: {k: v.numpy() for k, v in model.serve(tf.constant(images)).items()}


def in_litert(path: str, threads: int) -> Model:
    """Open a file of LiteRT: images (1, size, size, 3) float32."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=path, num_threads=threads or None)
    runner = interpreter.get_signature_runner(next(iter(interpreter.get_signature_list())))
    (name,) = runner.get_input_details()
    return lambda images: dict(runner(**{name: images}))


def in_onnxruntime(path: str, threads: int) -> Model:
    """Open a file of ONNX: images (1, size, size, 3) float32."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda images: dict(zip(names, session.run(names, {"pixels": images}), strict=True))


def in_openvino(path: str, threads: int) -> Model:
    """Open files of OpenVINO: images (1, size, size, 3) float32.

    On some processors it would compute in 16 bits unless told.
    """
    import openvino

    hints = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
    compiled = openvino.Core().compile_model(path, "CPU", hints)
    names = [output.any_name for output in compiled.outputs]
    return lambda images: dict(zip(names, compiled(images).values(), strict=True))


OPENERS: dict[str, Callable[[str, int], Model]] = {  # by how the file or folder of it ends
    ".keras": in_keras,
    "saved_model": in_tensorflow,
    ".tflite": in_litert,
    ".onnx": in_onnxruntime,
    ".xml": in_openvino,
}
