"""The record of what to train: the whole of what a user can choose."""

from dataclasses import dataclass

from core.errors import UserError
from core.records.choices import CLASSIFIERS, HEADS, OPTIMIZERS, SCHEDULES, TASKS, check
from core.words import Message, say

OUTPUTS = ("softmax", "sigmoid")
WEIGHTS = ("imagenet", "none")
PRESETS = ("quick", "balanced", "thorough")
TRAIN_ON = ("train", "train+validation")
NUM_FOLDS = 5
# parts: validation images judge; fold: a fifth of training and validation images does; folds: each
# fifth in turn, heads alone; curve: the same, of heads that learned from fewer and more images
PROTOCOLS = ("parts", "fold", "folds", "curve")
SMALLEST_IMAGE, LARGEST_IMAGE = 32, 1024  # pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """What to train. Names of backbones, blocks and augmentations are checked by the catalog."""

    dataset_id: str
    dataset_version: int = 0
    left_out: tuple[str, ...] = ()  # classes the user leaves out
    preset: str = "balanced"
    backbone: str = "MobileNetV2"
    weights: str = "imagenet"
    freeze: str = "all"  # all | none | the last frozen block
    image_size: int = 160  # pixels, both sides
    pooling: str = "average"
    hidden_units: int = 0  # 0: no hidden layer
    dropout: float = 0.2
    output: str = "softmax"
    epochs: int = 10  # head phase
    fine_tune_epochs: int = 0
    batch_size: int = 32
    learning_rate: float = 1e-3  # head phase, at the peak of its schedule
    fine_tune_learning_rate: float = 1e-4  # of the head and the last block
    layer_decay: float = 1.0  # of that, for each block further from the head
    optimizer: str = "adam"
    schedule: str = "constant"
    augmentation: str = "none"
    num_views: int = 1  # augmented versions of each image kept in the cache
    flips: bool = True  # may augmentation swap left and right
    class_weights: bool = False
    patience: int = 0  # epochs without improvement before a phase ends; 0: never
    seed: int = 7
    cloned_from: str = ""
    train_on: str = "train"  # which parts it learns from; of `TRAIN_ON`
    refit_of: str = ""  # the run whose recipe learns from the validation images too
    study: str = ""  # that it is a part of
    protocol: str = "parts"  # which images judge it; of `PROTOCOLS`
    fold: int = 0  # that judges, of five, under that protocol
    most_images: int = 0  # that take part where heads alone are judged; 0: all
    classifier: str = "linear"  # on the features
    teacher: str = ""  # the run whose model's answers are learned from too (Hinton et al. 2015)
    teacher_share: float = 0.5  # of the loss; the labels have the rest
    teacher_temperature: float = 2.0  # both networks' logits are divided by it in that share
    task: str = "classification"  # that of the data set

    @property
    def thaws(self) -> bool:
        """Tell whether any of the backbone learns; old records may name a depth and no epochs."""
        return self.freeze != "all" and self.fine_tune_epochs > 0

    @property
    def is_fitted(self) -> bool:
        """Tell whether the classifier is fitted at once, so that nothing learns in steps."""
        return CLASSIFIERS[self.classifier].fits

    @property
    def validates(self) -> bool:
        """Tell whether validation images are kept to judge by."""
        return self.train_on == "train"

    @property
    def judges_apart(self) -> bool:
        """Tell whether some images judge; else heads alone are judged, by each fold in turn."""
        return self.protocol in ("parts", "fold")

    @property
    def keeps_model(self) -> bool:
        """Tell whether a model is what comes of it; else it is only judged, for a study."""
        return self.protocol == "parts"

    def __post_init__(self) -> None:
        _check_range(say("Image size"), self.image_size, SMALLEST_IMAGE, LARGEST_IMAGE)
        _check_range(say("Epochs for the head"), self.epochs, 1, 1000)
        _check_range(say("Epochs of fine-tuning"), self.fine_tune_epochs, 0, 1000)
        _check_range(say("Batch size"), self.batch_size, 1, 1024)
        _check_range(say("Hidden units"), self.hidden_units, 0, 8192)
        _check_range(say("Dropout"), self.dropout, 0, 0.9)
        _check_range(say("Learning rate of the head"), self.learning_rate, 1e-8, 10)
        _check_range(say("Learning rate of fine-tuning"), self.fine_tune_learning_rate, 1e-8, 10)
        _check_range(say("Learning rate kept per block"), self.layer_decay, 0.1, 1)
        _check_range(say("Views of each image"), self.num_views, 1, 64)
        _check_range(say("Patience"), self.patience, 0, 1000)
        _check_range(say("Seed"), self.seed, 0, 2**31 - 1)
        check(OPTIMIZERS, self.optimizer, say("optimizer"))
        check(SCHEDULES, self.schedule, say("schedule"))
        check(HEADS, self.pooling, say("pooling"))
        check(CLASSIFIERS, self.classifier, say("classifier"))
        check(OUTPUTS, self.output, say("output"))
        check(WEIGHTS, self.weights, say("weights"))
        check(PRESETS, self.preset, say("preset"))
        check(TRAIN_ON, self.train_on, say("part to learn from"))
        check(PROTOCOLS, self.protocol, say("protocol"))
        _check_range(say("Fold"), self.fold, 0, NUM_FOLDS - 1)
        _check_range(say("Share of the teacher"), self.teacher_share, 0.05, 1)
        _check_range(say("Temperature of the teacher"), self.teacher_temperature, 1, 20)
        check(TASKS, self.task, say("task"))
        _check_task(self)
        _check_classifier(self)
        _check_phases(self)
        _check_layers(self)
        _check_teacher(self)


def _check_range(name: Message, value: float, low: float, high: float) -> None:
    if low <= value <= high:  # NaN fails this too
        return
    raise UserError(
        say("{name} was {value}.", name=name, value=value),
        expected=say("It must lie between {low} and {high}.", low=low, high=high),
        mend=_nearest(value, low, high),
    )


def _nearest(value: float, low: float, high: float) -> Message:
    return say("Try {value}.", value=low if not value > high else high)


def _check_task(config: TrainConfig) -> None:
    """Refuse what has no meaning to a task. Raises `UserError`."""
    for name, value in TASKS[config.task].only:
        if (given := getattr(config, name)) != value:
            raise UserError(
                say(
                    "'{setting}' was '{value}', but these images have numbers and no classes.",
                    setting=name,
                    value=str(given),
                ),
                expected=say("It belongs to classes; a number is read off a picture without it."),
                mend=say("Leave it out."),
            )


def _check_classifier(config: TrainConfig) -> None:
    entry = CLASSIFIERS[config.classifier]
    beside = {
        say("blocks that are not frozen"): config.thaws,
        say("a hidden layer"): config.hidden_units > 0,
        say("the pooling '{name}'", name=config.pooling): HEADS[config.pooling].keeps_places,
        say("the output 'sigmoid'"): config.output == "sigmoid" and not entry.is_linear,
    }
    if not entry.fits or not any(beside.values()):
        return
    raise UserError(
        say(
            "The classifier '{name}' was chosen with {what}.",
            name=config.classifier,
            what=next(what for what, is_there in beside.items() if is_there),
        ),
        expected=say(
            "It stands on the averaged features of a backbone that is frozen, and gives each "
            "class its share."
        ),
        mend=say("Choose the classifier 'linear', or leave the other choice out."),
    )


def _check_phases(config: TrainConfig) -> None:
    if config.thaws and OPTIMIZERS[config.optimizer].head_only:
        raise UserError(
            say("The optimizer '{name}' cannot fine-tune.", name=config.optimizer),
            expected=say("It teaches the head alone."),
            mend=say("Freeze all blocks, or choose another optimizer."),
        )


def _check_layers(config: TrainConfig) -> None:
    if config.hidden_units and OPTIMIZERS[config.optimizer].solves:
        raise UserError(
            say(
                "The optimizer '{name}' was chosen with {num} hidden units.",
                name=config.optimizer,
                num=config.hidden_units,
            ),
            expected=say("It solves a head of one layer."),
            mend=say("Choose 0 hidden units, or the optimizer 'adam'."),
        )


def _check_teacher(config: TrainConfig) -> None:
    in_steps = config.thaws or not (config.is_fitted or OPTIMIZERS[config.optimizer].solves)
    if config.teacher and not in_steps:
        raise UserError(
            say("A teacher was chosen for a head that is solved at once."),
            expected=say("From a teacher is learned in steps."),
            mend=say("Choose the optimizer 'adam', or freeze less."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRateCurve:
    """A learning-rate sweep: the smoothed loss at each rate, and the rate to start from."""

    learning_rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggestion: float
