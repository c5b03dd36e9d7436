"""What a training and an export can be made of: one record a choice, read wherever one chooses.

`core.models.catalog` shows these too; engine and exports have the code of each under its name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from core.errors import UserError
from core.words import Message, enumeration, mark, say

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all choices have: a name, plain words, and what it does."""

    name: str
    title: str  # English; translated when shown, as is the sentence
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Entry):
    """What is answered for an image; whoever learns, judges or shows reads it: `loop.losses`."""

    is_number: bool = False  # the label of an image is a number, not the name of a class
    loss: str  # what falls in training
    figure: str  # the field of metrics beside the loss; that of validation has "val_" before it
    figure_title: str
    grows: bool  # the figure is better the larger it is
    usual: tuple[tuple[str, object], ...] = ()  # what the dial takes otherwise than for classes
    only: tuple[tuple[str, object], ...] = ()  # fields of `TrainConfig` that it leaves no choice
    spoiled_by: tuple[str, ...] = ()  # fields that may change what is right, or add noise to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling(Entry):
    """How a head turns the feature map of a backbone into one vector: `networks.heads`."""

    keeps_places: bool = False  # the vector holds every place, so it grows with the image


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimizer(Entry):
    """How the numbers of a network are moved: `loop.optimizers`."""

    head_only: bool = False  # cannot fine-tune
    solves: bool = False  # finds the head at once, without steps; fine-tuning takes steps
    ignores: tuple[str, ...] = ()  # fields of `TrainConfig` that mean nothing to it in the head


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier(Entry):
    """What tells the classes apart by the features of the backbone: `core.judging.classifiers`."""

    fits: bool = False  # at once and on features alone: no optimizer, no second phase
    ignores: tuple[str, ...] = ()  # fields of `TrainConfig` that mean nothing to it
    most_images: int = 0  # training images that it takes; 0: any number
    is_linear: bool = True  # a Dense layer: its answers can be taken apart, place by place
    is_calibrated: bool = True  # its confidence is fitted to how often it is right
    is_exported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Entry):
    """What becomes of the learning rate in a phase: `loop.schedules`."""

    falls_when_stuck: bool = False  # lowered when epochs pass without progress
    spans_phase: bool = False  # a phase of another length has other rates from its first step


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat(Entry):
    """What a finished model is exported as: `core.exports.formats`."""

    suffix: str  # of the file; of each format another
    runtime: str = ""  # what opens it, in a process of its own; empty: written as it is, not tried
    file: str = ""  # or folder, as `core.exports.predict` looks for it
    needs: tuple[str, ...] = ()  # of `core.exports.environments.ENVIRONMENTS`
    tolerance: float | None = None  # largest difference of a probability; None: compressed
    file_limits: tuple[float, float] | None = None  # the same of files, and the least agreement
    reads: tuple[str, ...] = ()  # suffixes of files that it reads; empty: all that Predict reads
    folder: str = ""  # the same as several files, where they lie
    gathers: bool = False  # models of other formats, with all that they are used by

    @property
    def is_proved(self) -> bool:
        """Tell whether it is tried before it is offered."""
        return self.gathers or bool(self.runtime)


CLASSIFICATION, REGRESSION = "classification", "regression"
TASKS: Mapping[str, Task] = {
    CLASSIFICATION: Task(
        name=CLASSIFICATION,
        title=mark("Classes"),
        sentence=mark("Names the class of each picture."),
        loss=mark("Cross-entropy"),
        figure="accuracy",
        figure_title=mark("Accuracy"),
        grows=True,
    ),
    REGRESSION: Task(
        name=REGRESSION,
        title=mark("A number"),
        sentence=mark("Reads a number off each picture: an age, a size, a count."),
        is_number=True,
        loss=mark("Mean squared error"),
        figure="mae",
        figure_title=mark("Mean absolute error"),
        grows=False,
        usual=(("dropout", 0.0), ("fine_tune_learning_rate", 2e-5)),  # docs/decisions/tasks.md
        only=(
            ("left_out", ()),
            ("output", "softmax"),
            ("classifier", "linear"),
            ("class_weights", False),
            ("protocol", "parts"),
            ("study", ""),
            ("teacher", ""),
        ),
        spoiled_by=("augmentation", "dropout"),  # a zoomed picture may have another size
    ),
}

_OF_STEPS = ("epochs", "learning_rate", "schedule", "batch_size", "dropout", "patience")

HEADS: Mapping[str, Pooling] = {
    "average": Pooling(
        name="average",
        title=mark("Average over the picture"),
        sentence=mark("Asks what is in the picture."),
    ),
    "flatten": Pooling(
        name="flatten",
        title=mark("Keep every place"),
        sentence=mark("Asks where it is as well, and needs many more images."),
        keeps_places=True,
    ),
}

OPTIMIZERS: Mapping[str, Optimizer] = {
    "solve": Optimizer(
        name="solve",
        title=mark("Solve"),
        sentence=mark(
            "Computes the best head at once and chooses by itself how simple to keep it; "
            "fine-tuning uses AdamW."
        ),
        solves=True,
        ignores=_OF_STEPS,
    ),
    "adam": Optimizer(
        name="adam", title="Adam", sentence=mark("Finds its step sizes; nearly always right.")
    ),
    "adamw": Optimizer(
        name="adamw", title="AdamW", sentence=mark("Adam that keeps the weights small.")
    ),
    "sgd": Optimizer(
        name="sgd",
        title="SGD",
        sentence=mark("Plain steps with momentum; wants a larger learning rate."),
    ),
    "rmsprop": Optimizer(name="rmsprop", title="RMSprop", sentence=mark("Adam without momentum.")),
}

_OF_LEARNING = ("optimizer", *_OF_STEPS, "class_weights", "augmentation", "num_views", "flips")

CLASSIFIERS: Mapping[str, Classifier] = {
    "linear": Classifier(
        name="linear",
        title=mark("Linear head"),
        sentence=mark("Weighs the features for each class; right most often."),
    ),
    "class-mean": Classifier(
        name="class-mean",
        title=mark("Nearest class mean"),
        sentence=mark("Takes the class whose mean of features is nearest; nothing is tuned."),
        fits=True,
        ignores=_OF_LEARNING,
    ),
    "knn": Classifier(
        name="knn",
        title=mark("Nearest neighbours"),
        sentence=mark(
            "Lets the most similar training images vote. It remembers them all, so it takes up to "
            "5,000 and cannot be exported; its shares of votes are not calibrated."
        ),
        fits=True,
        ignores=_OF_LEARNING,
        most_images=5000,
        is_linear=False,
        is_calibrated=False,
        is_exported=False,
    ),
}

SCHEDULES: Mapping[str, Schedule] = {
    "constant": Schedule(
        name="constant",
        title=mark("Stay the same"),
        sentence=mark("The same rate from the first step to the last."),
    ),
    "cosine": Schedule(
        name="cosine",
        title=mark("Fall smoothly"),
        sentence=mark("From the whole rate down to nothing, slowly at both ends."),
        spans_phase=True,
    ),
    "plateau": Schedule(
        name="plateau",
        title=mark("Fall when stuck"),
        sentence=mark("Lowered each time nothing gets better any more."),
        falls_when_stuck=True,
    ),
}


def check_classes(task: Task, what: Message) -> None:
    """Refuse for numbers what there is for classes alone. Raises `UserError`."""
    if task.is_number:
        raise UserError(
            say("A number is learned, and no classes: {what} says nothing.", what=what),
            expected=say("It is for data sets of classes."),
            mend=say("Look at what the run itself shows: how far off its numbers are."),
        )  # fmt: skip


def choose(table: Mapping[str, T], key: str, noun: Message) -> T:
    """Look a name up, or say which names there are. Raises `UserError`."""
    check(table, key, noun)
    return table[key]


def check(known: Collection[str], key: str, noun: Message) -> None:
    """Refuse a name that is not known. Raises `UserError`, which names the nearest."""
    if key in known:
        return
    by_lower = {name.lower(): name for name in reversed(list(known))}
    near = [by_lower[name] for name in get_close_matches(key.lower(), by_lower, n=1)]
    raise UserError(
        say("There is no {noun} called '{name}'.", noun=noun, name=key),
        expected=say("Known are: {known}.", known=enumeration(list(known))),
        mend=say("Did you mean '{name}'?", name=near[0]) if near else say("Choose one of them."),
    )
