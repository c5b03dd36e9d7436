"""The one dial: quick, balanced or thorough, each a complete config, with what the user changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import UserError
from core.models import catalog, image_sizes, solving, tuning, weights
from core.models.catalog import AUGMENTATIONS, BACKBONES, STARTER, Backbone, choose
from core.models.image_sizes import HasWeights
from core.records import TrainConfig
from core.records.choices import CLASSIFICATION, TASKS
from core.words import Message, nsay, say

USUAL = TrainConfig(dataset_id="")
STEPS = 600  # learning steps of a head, at least, where the number of epochs was not chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One position of the dial."""

    backbones: tuple[str, ...]  # the first whose weights are on this machine is taken
    image_size: int  # of images that are large enough for it
    epochs: int
    fine_tune_epochs: int  # at least, where blocks learn
    fine_tunes: bool = False  # where there are images enough
    schedule: str = "constant"
    augmentation: str = "none"
    num_views: int = 1


# Adam 1e-3 for the head (Keras transfer-learning guide). Epochs on kept features cost next to
# nothing: on 500 satellite tiles 60 of them gave 0.86, 30 gave 0.85 and 10 gave 0.84.
PRESETS: Mapping[str, Preset] = {
    "quick": Preset(
        backbones=("MobileNetV2-0.35", "MobileNet-0.25", "MobileNetV3Small", "MobileNetV2"),
        image_size=128,
        epochs=15,
        fine_tune_epochs=2,
        schedule="cosine",
    ),
    "balanced": Preset(
        backbones=("MobileNetV2", "EfficientNetV2B0", "MobileNetV3Large", "MobileNetV2-0.35"),
        image_size=224,
        epochs=40,
        fine_tune_epochs=3,
        schedule="cosine",
    ),
    "thorough": Preset(
        backbones=("EfficientNetV2B0", "ResNet50V2", "MobileNetV2", "MobileNetV2-0.35"),
        image_size=224,
        epochs=60,
        fine_tune_epochs=5,
        fine_tunes=True,
        schedule="cosine",
        augmentation="light",
        num_views=4,
    ),
}


def has_weights_here(backbone: str, image_size: int) -> bool:
    """Tell whether the weights lie on this machine."""
    return weights.on_disk(catalog.backbone(backbone), image_size)


def configure(
    dataset_id: str,
    *,
    preset: str = "balanced",
    has_weights: HasWeights = has_weights_here,
    num_train: int | None = None,
    side: int | None = None,
    **overrides: Any,
) -> TrainConfig:
    """Make a complete config of a preset and of what the user chose otherwise.

    ``overrides`` are fields of `TrainConfig`; None stands for not chosen. The head is solved
    unless an optimizer is chosen, or what means nothing to a solved one. ``side`` is that of
    the images (`datasets.usual_side`): small ones are made no larger than gains anything.
    """
    start = choose(PRESETS, preset, say("preset"))
    given = solving.without_meaningless({n: v for n, v in overrides.items() if v is not None})
    sizes = image_sizes.wanted(start.image_size, side)
    backbone = _backbone(start, given, sizes, has_weights)
    size = given.get("image_size", image_sizes.choose(backbone, sizes, has_weights))
    image_sizes.check_size(backbone, size)
    depth = tuning.depth(start, given, backbone, num_train)
    config = {
        "preset": preset,
        "epochs": tuning.at_least(start.epochs, STEPS, given, num_train),
        "schedule": start.schedule,
        **tuning.rates(depth["freeze"], given),
        **dict(TASKS[given.get("task", CLASSIFICATION)].usual),
        **given,
        **_views(start, given),
        **depth,
        "backbone": backbone.name,
        "image_size": size,
    }
    made = TrainConfig(dataset_id=dataset_id, **config)
    solving.check_images(made, num_train or 0)
    names = {name: name for name in given}
    if "optimizer" in given or solving.why_in_steps(made, names, num_train) is not None:
        return made
    return replace(made, optimizer=solving.SOLVE)


def fine_tunes(preset: str, num_train: int) -> bool:
    """Tell whether a preset fine-tunes so many training images where no depth is chosen."""
    return PRESETS[preset].fine_tunes and tuning.pays(num_train)


def check_output(output: str, num_classes: int) -> None:
    """Refuse one sigmoid for anything but two classes. Raises `UserError`."""
    if output == "sigmoid" and num_classes != 2:
        raise UserError(
            say("The output 'sigmoid' was chosen for {num} classes.", num=num_classes),
            expected=say("One sigmoid tells two classes apart."),
            mend=say("Choose the output 'softmax'."),
        )


def advice(config: TrainConfig, num_train: int, side: int | None = None) -> tuple[Message, ...]:
    """Say what is allowed, but hardly what the user wants, and what their images decided.

    ``side``: of the images, where it decided their size; None: the size was chosen outright.
    """
    usual = PRESETS[config.preset].image_size
    return (
        *image_sizes.why(config.image_size, usual, side),
        *_advice_on_weights(config),
        *_advice_on_tuning(config, num_train),
        *_advice_on_steps(config, num_train),
    )


def _advice_on_tuning(config: TrainConfig, num_train: int) -> tuple[Message, ...]:
    is_asked = PRESETS[config.preset].fine_tunes
    return () if config.thaws or not is_asked or tuning.pays(num_train) else (tuning.few(),)


def _advice_on_steps(config: TrainConfig, num_train: int) -> tuple[Message, ...]:
    per_epoch = -(-num_train // config.batch_size)
    if solving.solves(config) or not 0 < config.epochs * per_epoch < STEPS:
        return ()
    short = nsay(
        "The head learns in {num} step only; with {epochs} epochs there would be {steps}, which "
        "is about what it needs.",
        "The head learns in {num} steps only; with {epochs} epochs there would be {steps}, which "
        "is about what it needs.",
        num=config.epochs * per_epoch,
        epochs=-(-STEPS // per_epoch),
        steps=STEPS,
    )
    return (short,)


def _advice_on_weights(config: TrainConfig) -> tuple[Message, ...]:
    if config.weights == "none":
        learns = config.freeze == "none" and config.thaws
        return () if learns else (say("What is frozen holds random values: freeze nothing."),)
    note = weights.note_on_size(catalog.backbone(config.backbone), config.image_size)
    return (note,) if note else ()


def _backbone(
    start: Preset, given: Mapping[str, Any], sizes: tuple[int, ...], has_weights: HasWeights
) -> Backbone:
    if "backbone" in given:
        return catalog.backbone(given["backbone"])
    if given.get("weights") == "none":
        return BACKBONES[start.backbones[0]]
    sizes = (given["image_size"],) if "image_size" in given else sizes
    here = (name for name in start.backbones if any(has_weights(name, size) for size in sizes))
    otherwise = STARTER if STARTER in BACKBONES else start.backbones[0]
    return BACKBONES[next(here, otherwise)]


def _views(start: Preset, given: Mapping[str, Any]) -> dict[str, Any]:
    """One view of each image is enough where all its views are alike."""
    name = given.get("augmentation", start.augmentation)
    choose(AUGMENTATIONS, name, say("augmentation"))
    several = max(start.num_views, PRESETS["thorough"].num_views)
    views = 1 if name == "none" else given.get("num_views", several)
    return {"augmentation": name, "num_views": views}
