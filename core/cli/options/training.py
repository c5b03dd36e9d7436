"""Every setting of a training as an option: what it takes, and what it means."""

from collections.abc import Mapping
from typing import Any

from core.models.catalog import AUGMENTATIONS, CLASSIFIERS, HEADS, OPTIMIZERS, SCHEDULES
from core.records.training import OUTPUTS, WEIGHTS
from core.words import mark

_COUNT: Mapping[str, Any] = {"type": int, "metavar": "N"}
_RATE: Mapping[str, Any] = {"type": float, "metavar": "RATE"}

# option, what it takes, what it means; each overrides the field of TrainConfig of that name.
# Of a registry, what each entry does is added, and the default.
SETTINGS: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    (
        "backbone",
        {"metavar": "NAME"},
        mark(
            "the pretrained network to build on; 'python -m core backbones' lists them "
            "(default: {default}, or another whose weights are on this machine)"
        ),
    ),
    (
        "weights",
        {"choices": WEIGHTS},
        mark(
            "what the backbone starts from. imagenet: what it learned from the photos of ImageNet; "
            "none: random values (default: {default})"
        ),
    ),
    (
        "freeze",
        {"metavar": "BLOCK"},
        mark(
            "the last frozen block, or all, or none; 'python -m core backbones NAME' lists the "
            "blocks (default: all; with --fine-tune-epochs, or the preset thorough and enough "
            "images, the last blocks are not frozen)"
        ),
    ),
    (
        "epochs",
        _COUNT,
        mark(
            "epochs of the first phase, for a head that learns in steps and is not solved; an "
            "epoch is one look at all training images, and 600 steps are the least unless a "
            "number is chosen (default: {default})"
        ),
    ),
    (
        "fine-tune-epochs",
        _COUNT,
        mark(
            "epochs of fine-tuning, the second phase, in which the blocks that are not frozen "
            "learn too; of few images as many as make 200 steps, 50 at most, unless a number is "
            "chosen (default: {default}; 0 when all blocks are frozen)"
        ),
    ),
    (
        "image-size",
        {"type": int, "metavar": "PIXELS"},
        mark(
            "width and height of the images as the network sees them, in pixels, 32 to 1024 "
            "(default: {default}; at most 160 for images of about 64)"
        ),
    ),
    ("batch-size", _COUNT, mark("images in each learning step (default: {default})")),
    (
        "augment",
        {"choices": AUGMENTATIONS},
        mark("how far variations of the training images differ from them."),
    ),
    (
        "seed",
        _COUNT,
        mark(
            "chance starts from this number: the same seed gives the same training "
            "(default: {default})"
        ),
    ),
    ("pooling", {"choices": HEADS}, mark("what the head is given.")),
    ("classifier", {"choices": CLASSIFIERS}, mark("what names the classes by the features.")),
    (
        "hidden-units",
        _COUNT,
        mark("units of an extra layer in the head; 0: no extra layer (default: {default})"),
    ),
    (
        "dropout",
        {"type": float, "metavar": "SHARE"},
        mark(
            "share of the features that is hidden at random in each learning step, 0 to 0.9 "
            "(default: {default})"
        ),
    ),
    (
        "output",
        {"choices": OUTPUTS},
        mark(
            "softmax: one probability per class; sigmoid: a single one, for two classes only "
            "(default: {default})"
        ),
    ),
    (
        "learning-rate",
        _RATE,
        mark("size of a learning step in the first phase (default: {default})"),
    ),
    (
        "fine-tune-learning-rate",
        _RATE,
        mark("size of a learning step in fine-tuning (default: {default})"),
    ),
    (
        "layer-decay",
        {"type": float, "metavar": "SHARE"},
        mark(
            "what remains of the step size in fine-tuning with each block further from the head; "
            "1: all blocks learn at the same rate (default: {default})"
        ),
    ),
    (
        "optimizer",
        {"choices": OPTIMIZERS},
        mark(
            "how the head learns. What counts in steps alone (--epochs, --learning-rate and, "
            "without fine-tuning, --batch-size, --schedule, --dropout, --patience) or "
            "--hidden-units chooses adam."
        ),
    ),
    ("schedule", {"choices": SCHEDULES}, mark("what becomes of the learning rate in a phase.")),
    (
        "patience",
        _COUNT,
        mark(
            "epochs without getting better on the validation images after which a phase ends, "
            "with its last epoch kept; 0: it never ends early (default: {default})"
        ),
    ),
    (
        "num-views",
        _COUNT,
        mark(
            "variations made of each training image, where there is augmentation "
            "(default: {default})"
        ),
    ),
    (
        "teacher",
        {"metavar": "RUN_ID"},
        mark(
            "a run whose model's answers are learned from too: a small backbone takes over what a "
            "larger one knows"
        ),
    ),
    (
        "teacher-share",
        {"type": float, "metavar": "SHARE"},
        mark("share of the teacher in the loss; the labels have the rest (default: {default})"),
    ),
    (
        "teacher-temperature",
        {"type": float, "metavar": "T"},
        mark(
            "how soft the teacher's answers are made: the larger, the more its second and third "
            "guesses count (default: {default})"
        ),
    ),
)
