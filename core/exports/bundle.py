"""Take a model away: the ``.keras`` file alone, or with its labels, its card and a script."""

import ast
import inspect
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from core import files
from core.errors import UserError
from core.images import pixels, tiff_layouts, tiffs
from core.records import Export, ModelCard
from core.runs import inference
from core.words import mark, say
from core.workspace import RunFolder, Workspace

FORMATS: Mapping[str, str] = {
    "keras": mark("The Keras model, one file"),
    "keras-zip": mark("The Keras model with labels, model card and a script that predicts"),
}


def export(ws: Workspace, run_id: str, *, format: str, out: Path) -> Export:
    """Write a finished run's model to ``out``, whole or not at all."""
    if format not in FORMATS:
        raise UserError(
            say("There is no export format called '{format}'.", format=format),
            expected=say("Known are: {known}.", known=", ".join(FORMATS)),
            mend=say("Choose one of them."),
        )
    inference.check_finished(ws, run_id)
    if not out.parent.is_dir() or out.is_dir():
        raise UserError(
            say("'{path}' cannot be written as a file.", path=str(out)),
            expected=say("A file name in a folder that exists."),
            mend=say("Make the folder first, or choose another name."),
        )
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        WRITERS[format](ws.run(run_id), part)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
    return Export(
        format=format, path=str(out), num_bytes=out.stat().st_size, sha256=files.sha256(out)
    )


def bundle(ws: Workspace, run_id: str) -> Path:
    """Give the zip of a finished run, made on first use and kept in the run folder."""
    path = ws.run(run_id).exports / f"thaw-{run_id}.zip"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        export(ws, run_id, format="keras-zip", out=path)
    return path


def _write_keras(folder: RunFolder, out: Path) -> None:
    shutil.copyfile(folder.model, out)


def _write_bundle(folder: RunFolder, out: Path) -> None:
    card = files.read_record(folder.card, ModelCard)
    with zipfile.ZipFile(out, "w") as archive:  # stored: weights do not compress
        archive.write(folder.model, "model.keras")
        archive.writestr("labels.txt", "".join(f"{label}\n" for label in card.labels))
        archive.writestr("model.json", json.dumps(asdict(card), indent=2, ensure_ascii=False))
        archive.writestr("README.md", card_text(card))
        archive.writestr("predict.py", script(card))


WRITERS: Mapping[str, Callable[[RunFolder, Path], None]] = {
    "keras": _write_keras,
    "keras-zip": _write_bundle,
}


def script(card: ModelCard) -> str:
    """Give a short script that loads the model and predicts as Thaw does, step for step."""
    sure = SIGMOID if card.config.output == "sigmoid" else SOFTMAX
    told = {"SIZE": str(card.config.image_size), "SURE": sure, "BANDS": repr(card.bands)}
    told["KINDS_READ"] = repr(pixels.FORMATS)
    text = SCRIPT
    for name, value in told.items():
        text = text.replace(name, value)
    return text.replace("# TIFF", "".join(map(_own_text, (tiff_layouts, tiffs))))


def _own_text(module: ModuleType) -> str:
    """Give the text of a module that needs nothing of Thaw, without what a script has already."""
    text = inspect.getsource(module)
    body = ast.parse(text).body[1:]  # after what it says of itself
    first = next(node for node in body if not isinstance(node, ast.Import | ast.ImportFrom))
    return "".join(text.splitlines(keepends=True)[first.lineno - 1 :]) + "\n\n"


SOFTMAX = "model.predict(image, verbose=0)[0]"
SIGMOID = "[1 - (p := float(model.predict(image, verbose=0)[0, 0])), p]"
SCRIPT = '''\
"""Predict as Thaw does: python predict.py PHOTO ...   (pip install tensorflow pillow-heif)"""
import math, struct, sys, warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
import keras, numpy as np
from PIL import Image, ImageCms, ImageOps, ImagePalette, TiffImagePlugin
try:
    import pillow_heif
    pillow_heif.register_heif_opener()
except ImportError:
    pass  # photos of iPhones (HEIC) then need converting
Image.init()
FORMATS = [kind for kind in KINDS_READ if kind in Image.OPEN]

# TIFF
def rgb(path):  # upright, 8 bits, on white, in sRGB
    data = Path(path).read_bytes()
    found = read(data, BANDS)  # a TIFF that Pillow alone would not read right
    image = found.image if found else Image.open(BytesIO(data), formats=FORMATS)
    mend_palette(image)
    image.load()
    if image.mode in ("I", "F"):
        raise ValueError("its numbers have no fixed black and white")
    if image.mode.startswith("I;16"):
        turned, hole = image.getexif().get(274, 1), image.info.get("transparency")
        values = np.asarray(image).astype("uint16")
        grey = np.where(values == hole, 255, values >> 8)
        image = Image.fromarray(grey.astype("uint8"))
        image.getexif()[274] = turned
    image = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        white, image = Image.new("RGB", image.size, "white"), image.convert("RGBA")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                target = ImageCms.createProfile("sRGB")
                image = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass  # a damaged profile is none
    return image.convert("RGB")

def pixels(path):  # shorter side at most 512, stored as JPEG, squeezed to a square
    image, copy = rgb(path), BytesIO()
    short = min(image.size)
    if short > 512:
        size = [round(side * 512 / short) for side in image.size]
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    sampling = "4:4:4" if min(image.size) < 320 else "4:2:0"
    kind = "JPEG" if min(image.size) > 128 and max(image.size) <= 65500 else "PNG"
    Image.fromarray(np.array(image)).save(copy, kind, quality=95, subsampling=sampling)
    image = Image.open(copy)
    image.draft("RGB", (SIZE, SIZE))
    return np.array(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR), "float32")[None]

here = Path(__file__).parent
model = keras.models.load_model(here / "model.keras")
labels = (here / "labels.txt").read_text("utf-8").split("\\n")
for path in sys.argv[1:]:
    try:
        image = pixels(path)
    except Exception as error:  # the others are still answered
        print(path, "could not be read:", error, file=sys.stderr)
        continue
    scores = SURE
    print(path, labels[int(np.argmax(scores))], f"{max(scores):.1%}")
'''


def card_text(card: ModelCard) -> str:
    """Give the model card as Markdown (Mitchell et al. 2019, the parts that Thaw can know)."""
    score = card.validation
    classes = "\n".join(f"- {label}" for label in card.labels)
    return CARD.format(
        name=card.dataset_name,
        backbone=card.config.backbone,
        freeze=card.config.freeze if card.config.thaws else "all",
        size=card.config.image_size,
        accuracy=f"{score.accuracy:.1%}",
        low=f"{score.low:.1%}",
        high=f"{score.high:.1%}",
        images=score.images,
        majority=f"{score.majority:.1%}",
        train=card.num_train,
        fingerprint=card.dataset_fingerprint,
        weights=card.weights_file or "random",
        versions=", ".join(f"{library} {version}" for library, version in card.versions),
        classes=classes,
        bands=BANDS_TEXT if card.bands == "first" else "",
    )


BANDS_TEXT = "| pictures of many bands | the first three are taken as red, green and blue |\n"
CARD = """\
# Model card: {name}

An image classifier made with Thaw by transfer learning.

| | |
|---|---|
| backbone | {backbone}, frozen up to: {freeze} |
| pretrained weights | {weights} |
| input | {size} x {size} RGB pixels, 0 to 255; the preprocessing is inside the model |
| output | one probability per class, in the order of `labels.txt` |
| trained on | {train} images (data set fingerprint `{fingerprint}`) |
| validation accuracy | {accuracy} (95 % interval {low} to {high}, {images} images) |
| always naming the largest class | {majority} |
{bands}| made with | {versions} |

The validation images were used for choosing the best epoch, so the accuracy on new images may be
lower. The model names one of its classes for any picture, also for one that shows none of them.

## Classes

{classes}
"""
