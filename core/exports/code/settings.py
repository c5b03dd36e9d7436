"""What of a run's settings its code says: which parts, which lines of them, with which values."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from core import spreadsheets
from core.exports.code.trained_run import TrainedRun, last_layers
from core.images.pixels import LOSSLESS_SIDE, STORED_SIDE
from core.judging import solver
from core.judging.numbers import ridge
from core.models import solving
from core.records import Split
from core.words import mark

# Each field of `TrainConfig`: where it stands in the code ...
WRITTEN: Mapping[str, str] = {
    "dataset_id": "split.csv",
    "dataset_version": "split.csv",
    "left_out": "split.csv and labels.txt",
    "backbone": "the constructor, and how pixels are scaled",
    "weights": "what the backbone starts from",
    "freeze": "the last frozen layer",
    "image_size": "SIZE",
    "pooling": "the layer above the backbone",
    "hidden_units": "a layer of the head",
    "dropout": "a layer of the head",
    "output": "the last layer and the loss",
    "epochs": "what the head is trained with",
    "fine_tune_epochs": "what fine-tuning is done with",
    "batch_size": "BATCH",
    "learning_rate": "what the head is trained with",
    "fine_tune_learning_rate": "what fine-tuning is done with",
    "layer_decay": "the share of each variable",
    "optimizer": "the optimizer, or the solver",
    "schedule": "the rate of each step",
    "augmentation": "how views are made",
    "num_views": "VIEWS",
    "flips": "whether views are mirrored",
    "class_weights": "weights",
    "patience": "when a phase ends",
    "seed": "SEED",
    "train_on": "which parts are loaded",
    "task": "the last layer, the loss and what is judged by",
    "teacher": "teacher.keras, and the loss",
    "teacher_share": "SHARE",
    "teacher_temperature": "HEAT",
}
# ... or why it does not.
WITHOUT_EFFECT: Mapping[str, str] = {
    "preset": "its values are in the other fields; what it searched through is the strength",
    "cloned_from": "says where the settings were copied from",
    "refit_of": "says whose temperature is taken, which stands there as a number",
    "study": "names what it is a part of",
    "protocol": "another leaves no model",
    "fold": "of a protocol that leaves no model",
    "most_images": "of a protocol that leaves no model",
}
# ... or what is written for one value alone; of a run with another there is no code.
ONLY: Mapping[str, tuple[str, str]] = {
    "classifier": ("linear", mark("Its classifier is no linear head.")),
}
POOLINGS: Mapping[str, str] = {
    "average": "keras.layers.GlobalAveragePooling2D",
    "flatten": "keras.layers.Flatten",
}
OPTIMIZERS: Mapping[str, str] = {
    "solve": "AdamW(weight_decay=0.05)",  # in fine-tuning
    "adam": "Adam()",
    "adamw": "AdamW()",
    "sgd": "SGD(momentum=0.9, nesterov=True)",
    "rmsprop": "RMSprop()",
}
SCHEDULES = ("constant", "cosine", "plateau")
PREPROCESSINGS = ("inside", "tf", "torch", "caffe")
APART = (
    "pictures",
    "augmentation",
    "teacher",
)  # the parts of data.py, where one script would be too long
_SIZED: Mapping[str, str] = {  # where the teacher looks at pictures of another size
    "def read(name):": "def read(name, size=SIZE):",
    "as the network sees it, (SIZE, SIZE, 3)": "as a network sees it, (size, size, 3)",
    'draft("RGB", (SIZE, SIZE))': 'draft("RGB", (size, size))',
    "image.resize((SIZE, SIZE), ": "image.resize((size, size), ",
    "def load(*parts):": "def load(*parts, size=SIZE):",
    'return [read(row["file"]) for row in rows], ': (
        'pictures = [read(row["file"], size) for row in rows]\n    return pictures, '
    ),
    "ask(seen(": "ask(shown(",
}
_WAYS = ("flips", "brightness", "contrast", "colour", "erased")  # to augment
_WIDTH = 100
_HEIF = (".heic", ".heif", ".hif")


def parts(run: TrainedRun) -> list[str]:
    """Name the parts of the code in the order in which they stand."""
    solves, augments = solving.solves(run.config), run.config.augmentation != "none"
    steps = ["stepping"] if not solves or run.tunes else []
    return [
        *("start", "pictures"),
        *(["augmentation"] if augments else []),
        *("backbone", "head"),
        *(["solving"] if solves else []),
        *(["teacher"] if run.teacher else []),
        *(steps if solves else [*steps, "head_in_steps"]),
        *(["fine_tuning"] if run.tunes else []),
        "finish_number" if run.is_number else "finish",
    ]


def flags(run: TrainedRun) -> frozenset[str]:
    """Name what applies to a run, as the parts ask for it."""
    config, views = run.config, run.views
    solves = solving.solves(config)
    learned = {image.label for image in run.images if image.split in run.learned_parts}
    steps = not solves or run.tunes
    applies = {
        "heif": any(PurePosixPath(i.file).suffix.lower() in _HEIF for i in run.images),
        "shrunk": any(min(i.width, i.height) > STORED_SIDE for i in run.images),
        "copied": any(min(i.width, i.height) > LOSSLESS_SIDE for i in run.images),
        "accented": not all(image.file.isascii() for image in run.images),
        "quoted": any(map(spreadsheets.is_quoted, run.card.labels)),
        **_of_teacher(run),
        "number": run.is_number,
        "single": run.is_number or config.output == "sigmoid",
        "judged": config.validates,
        "grouped": any(i.group for i in run.images if i.split is Split.VALIDATION),
        "absent": bool(set(run.card.labels) - learned),
        "pair": len(learned) == 2 and not run.is_number,
        "class_weights": config.class_weights,
        "augmented": views.name != "none",
        **{name: bool(getattr(views, name)) for name in _WAYS},
        "random": config.weights == "none",
        "solves": solves,
        "steps": steps,
        "hidden": bool(config.hidden_units),
        "dropout": bool(config.dropout) and steps,
        "tunes": run.tunes,
        "cut": run.tunes and config.freeze != "none",
        "afresh": run.tunes and config.freeze == "none",
        "by_depth": run.tunes and config.layer_decay < 1,
        "patience": bool(config.patience),
        "watched": config.patience > 0 or config.schedule == "plateau",
    }
    kinds = {run.backbone.preprocessing, config.schedule, config.optimizer}
    kinds |= set() if run.is_number else {config.output}
    return frozenset(name for name, does in applies.items() if does) | kinds | run.changes


def _of_teacher(run: TrainedRun) -> Mapping[str, bool]:
    """Say what applies to the teacher of a run; nothing where there is none."""
    if run.teacher is None:
        return {}
    fresh = run.views.name != "none" and run.tunes and run.config.freeze == "none"
    return {
        "taught": True,
        "resized": run.teacher.image_size != run.config.image_size,
        "teacher_sigmoid": run.teacher.is_single,
        "reordered": run.teacher.labels != run.card.labels,
        "fresh": fresh,
        "stored": not (fresh and solving.solves(run.config)),
    }


def values(run: TrainedRun) -> Mapping[str, str]:
    """Give the text of each value that the parts have in capitals."""
    config, views = run.config, run.views
    return {
        "SEED": str(config.seed),
        "SIZE": str(config.image_size),
        "BATCH": str(config.batch_size),
        "VIEWS": str(config.num_views),
        "SMALLEST_CROP": str(views.smallest_crop),
        "STRETCH": str(views.stretch),
        "ROTATION": str(views.rotation),
        "BRIGHTNESS": str(views.brightness),
        "CONTRAST": str(views.contrast),
        "COLOUR": str(views.colour),
        "ERASED": str(views.erased),
        "DROPOUT": str(config.dropout),
        "HIDDEN_UNITS": str(config.hidden_units),
        "STRENGTH": _strength(run),
        "SOLVED_VIEWS": str(solving.solved_views(config, run.num_train)),
        "EPOCHS": str(config.epochs),
        "RATE": str(config.learning_rate),
        "PATIENCE": str(config.patience),
        "FINE_TUNE_EPOCHS": str(config.fine_tune_epochs),
        "FINE_TUNE_RATE": str(config.fine_tune_learning_rate),
        "LAYER_DECAY": str(config.layer_decay),
        "LAST_FROZEN": f'"{_last_frozen(run)}"',
        "BLOCK_ENDS": _several(run.thawed),
        "TEMPERATURE": str(run.card.temperature),
        "SHARE": str(config.teacher_share),
        "HEAT": str(config.teacher_temperature),
        "ORDER": str([run.teacher.labels.index(i) for i in run.card.labels]) if run.teacher else "",
        "TEACHER_SIZE": str(run.teacher.image_size) if run.teacher else "",
        "TUNER": _by_depth(config.optimizer) if config.layer_decay < 1 else "optimizer",
    }


def texts(run: TrainedRun) -> Mapping[str, str]:
    """Give what stands in the place of an example in the parts."""
    made = OPTIMIZERS[run.config.optimizer]
    kind = made.partition("(")[0]
    return {
        "keras.applications.MobileNetV2": f"keras.applications.{run.backbone.constructor}",
        'weights="imagenet"': f"weights={_weights(run)}",
        "alpha=0.35, ": "".join(f"{name}={value}, " for name, value in run.backbone.arguments),
        "keras.layers.GlobalAveragePooling2D": POOLINGS[run.config.pooling],
        "keras.optimizers.OPTIMIZER()": f"keras.optimizers.{made}",
        "keras.optimizers.OPTIMIZER": f"keras.optimizers.{kind}",
        "ByDepth(keras.optimizers.AdamW)": "ByDepth(keras.optimizers.Adam)",
        **(_SIZED if "resized" in flags(run) else {}),
    }


def _by_depth(optimizer: str) -> str:
    """Make the optimizer of a name by depth; it takes its decay off by itself."""
    made = OPTIMIZERS[optimizer]
    return made.replace(made.partition("(")[0], "ByDepth").replace("weight_decay=0.05", "")


def _strength(run: TrainedRun) -> str:
    """Give the strength of the decay as it was solved with: less where there are several views."""
    if run.is_number:  # the log rounds it
        return f"{min(ridge.STRENGTHS, key=lambda one: abs(one - (run.strength or 0.0))):.4g}"
    several = solving.solved_views(run.config, run.num_train) > 1
    return f"{(run.strength or 0.0) * (solver.VIEWS if several else 1):.6g}"


def _weights(run: TrainedRun) -> str:
    if run.config.weights == "none":
        return "None"
    return 'str(HERE / "weights.h5")' if run.comes_with_weights else '"imagenet"'


def _several(names: Sequence[str]) -> str:
    """Write a list of names, over several lines where it is long."""
    return f'"""{textwrap.fill(" ".join(names), _WIDTH - 32)}""".split()'


def _last_frozen(run: TrainedRun) -> str:
    ends = last_layers()[run.backbone.constructor]
    return ends[len(ends) - len(run.thawed) - 1]
