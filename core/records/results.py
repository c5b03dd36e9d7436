"""Records of what training leaves: a model card, scores with intervals, predictions, exports."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import Problem
from core.records.choices import TASKS, Task
from core.records.data import LearnedTarget
from core.records.training import TrainConfig

SURE = 0.05  # a difference that chance makes less often than this is no chance
# epoch: the best one was kept, in runs of old; phase: fine-tuned or the head alone; end: that a
# phase ended before its last epoch
PICKED = ("epoch", "phase", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """A share of right answers, never without how sure it is."""

    accuracy: float
    low: float  # 95 %: Wilson's or by groups; moved down by what choosing by these images costs
    high: float
    images: int
    majority: float  # what always naming the most frequent class would score


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberScore:
    """How near the numbers of a model are, with 95 % intervals, and what it has to beat."""

    images: int
    r2: float  # share of the spread of the true numbers that is explained; 0: as their mean
    r2_low: float
    r2_high: float
    mae: float  # mean absolute error, in the unit of the number
    mae_low: float
    mae_high: float
    rmse: float  # root of the mean squared error
    mean_mae: float  # of always saying the mean of the training images
    nearest_mae: float | None = None  # of the number of the most similar picture, by pixels
    p_mean: float = 1.0  # how often chance alone would set it so far from always the mean
    p_nearest: float | None = None
    rmse_range: tuple[float, float] | None = None  # None: in runs of old

    @property
    def beats_mean(self) -> bool:
        """Tell whether it is surely nearer than always the mean."""
        return self.mae < self.mean_mae and self.p_mean < SURE and self.r2_low > 0

    @property
    def nearest_beats(self) -> bool:
        """Tell whether the number of the most similar picture is surely nearer."""
        if self.nearest_mae is None or self.p_nearest is None:
            return False
        return self.nearest_mae < self.mae and self.p_nearest < SURE


class JudgedOn(StrEnum):
    """Which images a score stands on."""

    FOLDS = "folds"  # training and validation, each held back in turn
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScore:
    """The score that a run leads with."""

    judged_on: JudgedOn
    accuracy: Accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """How a second model names the images that a first one named, and whether that is chance."""

    fixed: int  # images that the first named wrongly and the second rightly
    broke: int  # the other way round
    better: int  # groups of which the second names more images rightly; images that stand alone
    worse: int
    p: float  # how often chance alone would make the last two so uneven, or more

    @property
    def is_worse(self) -> bool:
        """Tell whether the second is surely worse."""
        return self.broke > self.fixed and self.worse > self.better and self.p < SURE

    @property
    def is_better(self) -> bool:
        """Tell whether the second is surely better."""
        return self.fixed > self.broke and self.better > self.worse and self.p < SURE


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a saved model is: enough to use it, judge it and make it again."""

    run_id: str
    config: TrainConfig
    labels: tuple[str, ...]  # in the order of the outputs
    dataset_name: str
    dataset_fingerprint: str
    num_train: int
    validation: Accuracy | None  # through the prediction path; None: it learned from these images
    kept_phase: str = field(metadata={"was": "best_phase"})
    kept_epoch: int = field(metadata={"was": "best_epoch"})
    num_epochs: int  # epochs trained in all
    seconds: float
    num_parameters: int
    num_trainable: int  # in the fine-tuning phase, or the head's when all is frozen
    weights_file: str  # name of the pretrained weights, empty for random
    weights_sha256: str
    device: str
    precision: str
    versions: tuple[tuple[str, str], ...]  # library, version
    created_at: float
    bands: str = ""  # first: of pictures with more bands than colours, the first three are taken
    fine_tune_seconds: float = 0.0  # in epochs of fine-tuning; 0: none, or not noted by old runs
    picked: tuple[str, ...] = ("epoch",)  # what the validation images decided; of `PICKED`
    tuned: Paired | None = None  # fine-tuning against the head alone; None: none, or not noted
    temperature: float = 1.0  # the logits are divided by it, in the saved model
    target: LearnedTarget | None = None  # None: it names classes
    numbers: NumberScore | None = None  # on the validation images, of a model of numbers

    @property
    def task(self) -> Task:
        """Give what the model answers."""
        return TASKS[self.config.task]

    @property
    def num_validation(self) -> int:
        """Count the images behind the validation score."""
        score = self.validation or self.numbers
        return score.images if score is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One class and its probability."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a model says of one image, most likely class first; or why it cannot be read."""

    file: str
    label: str = ""
    scores: tuple[Score, ...] = ()
    problem: Problem | None = None
    unknown: bool | None = None  # like nothing that was learned; None: it cannot be told
    similarity: float | None = None  # to what was learned: the largest cosine to a prototype
    similar: tuple[str, ...] = ()  # training pictures by content, the nearest first
    number: float | None = None  # what a model of numbers reads off it
    low: float | None = None  # the range in which the truth lies nine times in ten; None: not known
    high: float | None = None

    @property
    def confidence(self) -> float:
        """How strongly the model leans to its class."""
        return self.scores[0].probability if self.scores else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """What a model says of files, in their order."""

    predictions: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """How an exported model, opened elsewhere, answers what the model here answered."""

    images: int  # with the same pixels
    files: int  # read anew by the script that goes with the model
    max_difference: float  # of a probability, over both
    worst: str  # the file of it
    agreement: float  # share of the same class, over both
    agreement_low: float | None = None  # 95 %, with the same pixels; None: not measured
    agreement_high: float | None = None
    kappa: float | None = None  # agreement beyond chance; None: too few differ to tell
    accuracy: float | None  # on held-out images; None: there are none
    accuracy_change: float | None  # against the model here, on the same images
    change_low: float | None = None  # 95 %, of the change (of accuracy or error) on the same images
    change_high: float | None = None
    milliseconds: float  # for an image, on one processor
    passed: bool
    is_of_sample: bool = False  # tried on pictures of Thaw's sample: those of the run are gone
    is_number: bool = False  # it answers one: differences are shares of how far numbers spread
    mean_difference: float | None = None  # with the same pixels, of the largest of each image
    error: float | None = None  # mean absolute one, on held-out images; None: none, or of classes
    error_change: float | None = None  # against the model here, on the same images


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that takes the model away."""

    format: str
    path: str
    num_bytes: int
    sha256: str
    parity: Parity | None = None  # None: not tried
    parts: tuple["Export", ...] = ()  # the models in a bundle, those first that are preferred
    rule: int = 1  # by which it was tried: `core.exports.formats.RULE`; 1: before that was noted


@dataclass(frozen=True, slots=True, kw_only=True)
class TestScore:
    """What a model scores on images that took no part in making it, and how often one looked."""

    __test__ = False  # for pytest: no test, in spite of its name

    test: Accuracy | None  # None: of a model of numbers
    openings: int  # of the test part of the data set, this one included
    numbers: NumberScore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadScore:
    """What a head scores on training images that were held back from it, fold by fold."""

    accuracy: Accuracy
    contents: tuple[str, ...]  # of these images
    right: tuple[bool, ...]
    groups: tuple[str, ...]  # an image whose group is empty stands alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Of how many images features are kept."""

    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long models take for an image, in their order."""

    milliseconds: tuple[float, ...]
