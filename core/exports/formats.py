"""What a finished model can be exported as: one record a format."""

from collections.abc import Mapping

from core.records.choices import ExportFormat, choose
from core.words import mark, say

RULE = 2  # of what passes; one more where exports that were tried before must be tried again
TOLERANCE = 1e-3  # of a probability; float32 formats measured 1e-4 and less

BUNDLE = "bundle"  # the format for everybody

EXPORT_FORMATS: Mapping[str, ExportFormat] = {
    BUNDLE: ExportFormat(
        name=BUNDLE,
        title=mark("All in one ZIP"),
        sentence=mark(
            "The model, how to use it step by step, a script that answers photos, a small web "
            "server, and a card that says what it can do and cannot."
        ),
        suffix=".zip",
        gathers=True,
    ),
    "keras": ExportFormat(
        name="keras",
        title=mark("Keras model"),
        sentence=mark("The Keras model, one file; the preprocessing is inside."),
        suffix=".keras",
        runtime="tensorflow",
        file="model.keras",
        tolerance=TOLERANCE,
    ),
    "savedmodel": ExportFormat(
        name="savedmodel",
        title=mark("TensorFlow SavedModel"),
        sentence=mark("For TensorFlow Serving and other TensorFlow programs; pixels go in."),
        suffix="-savedmodel.zip",
        runtime="tensorflow",
        file="saved_model",
        tolerance=TOLERANCE,
    ),
    "litert": ExportFormat(
        name="litert",
        title=mark("LiteRT (TensorFlow Lite)"),
        sentence=mark("One file for Android, iPhone and small computers; nothing is lost."),
        suffix=".tflite",
        runtime="litert",
        file="model.tflite",
        needs=("litert",),
        tolerance=TOLERANCE,
    ),
    "litert-float16": ExportFormat(
        name="litert-float16",
        title=mark("LiteRT, half the size"),
        sentence=mark("Weights in 16 bits: half as large; look at what it loses."),
        suffix="-float16.tflite",
        runtime="litert",
        file="model.tflite",
        needs=("litert",),
    ),
    "litert-dynamic": ExportFormat(
        name="litert-dynamic",
        title=mark("LiteRT, a quarter of the size"),
        sentence=mark("Weights in 8 bits: about a quarter as large; look at what it loses."),
        suffix="-dynamic.tflite",
        runtime="litert",
        file="model.tflite",
        needs=("litert",),
    ),
    "litert-int8": ExportFormat(
        name="litert-int8",
        title=mark("LiteRT, 8 bits throughout"),
        sentence=mark(
            "For chips that only compute in 8 bits; fitted on training images. It loses most."
        ),
        suffix="-int8.tflite",
        runtime="litert",
        file="model.tflite",
        needs=("litert",),
    ),
    "onnx": ExportFormat(
        name="onnx",
        title="ONNX",
        sentence=mark("One file that many programs read, with or without Python."),
        suffix=".onnx",
        runtime="onnx",
        file="model.onnx",
        needs=("converters", "onnx"),
        tolerance=TOLERANCE,
    ),
    "openvino": ExportFormat(
        name="openvino",
        title="OpenVINO",
        sentence=mark(
            "Fast on Intel processors. Ask it for 32 bits (f32), or its answers differ on some."
        ),
        suffix="-openvino.zip",
        runtime="openvino",
        file="model.xml",
        needs=("openvino",),
        tolerance=TOLERANCE,
    ),
    "browser": ExportFormat(
        name="browser",
        title=mark("Web page"),
        sentence=mark(
            "One HTML file with the model inside: camera and photos in the browser, without a "
            "network. Or a folder for a web server."
        ),
        suffix="-page.html",
        runtime="browser",
        file="page.html",
        needs=("browser",),
        tolerance=TOLERANCE,
        file_limits=(0.05, 0.98),  # another program decodes them: measured .02 and less
        reads=(".jpg", ".jpeg", ".png", ".webp"),
        folder="page",
    ),
}

ALIASES: Mapping[str, str] = {"keras-zip": BUNDLE}  # other names that may be typed


def format_of(name: str) -> ExportFormat:
    """Give a format by its name, or by one that it had. Raises `UserError` for an unknown one."""
    return choose(EXPORT_FORMATS, ALIASES.get(name, name), say("export format"))
