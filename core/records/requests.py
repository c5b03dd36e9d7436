"""What the engine is asked and what it answers: a record each, and the line that carries it.

A line is one JSON object with one key: the verb of a request, or ``answer`` or ``refused``.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core import files
from core.errors import Problem, UserError
from core.records.backbones import FoundModel, RangeTrial
from core.records.choices import choose
from core.records.evaluation import JunkTest
from core.records.explanations import ClassHeat, Explanation, PicturePart
from core.records.results import Embedded, Predictions, TestScore, Times
from core.records.runs import RunEnded as RunEnded
from core.records.training import LearningRateCurve, TrainConfig
from core.words import say

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRequest(Generic[A]):
    """Something to do for the engine, which answers with a record of type ``A``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Whether all is ready for what comes next."""

    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRun(EngineRequest[RunEnded]):
    """Train a run to its end."""

    run_id: str
    halved: bool = False  # with half the batch
    given_up: bool = False  # train no more: save what its last checkpoint keeps
    attempt: int = 0  # writes into the folder of that attempt; 0: into that of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareRun(EngineRequest[Ready]):
    """Have all ready for a run that may come, or a share of its features computed."""

    config: TrainConfig
    shard: int = 0  # from 1: the features of every so-manieth image, from that one on
    shards: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping(EngineRequest[Ready]):
    """Answer once the libraries are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predict(EngineRequest[Predictions]):
    """Say what a run's model sees in files."""

    run_id: str
    files: tuple[str, ...]  # paths
    stored: bool = False  # they are copies as data sets have them


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictOriginal(EngineRequest[Predictions]):
    """Say what the network that a run began with names in files, of ImageNet's classes."""

    run_id: str
    files: tuple[str, ...]  # paths


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTest(EngineRequest[TestScore]):
    """Open the test part for a run, and judge its model."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteResults(EngineRequest[Ready]):
    """Write what a run leaves for whoever judges it, where the run did not."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain(EngineRequest[Explanation]):
    """Say where in a file's picture a run's model sees a class."""

    run_id: str
    file: str  # path
    label: str = ""  # empty: the likeliest
    occlude: bool = False  # by covering one part after another
    cover: PicturePart | None = None  # and predict with this part covered
    stored: bool = False  # it is a copy as data sets have it


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainClass(EngineRequest[ClassHeat]):
    """Say where a run's model sees a class, over the validation pictures."""

    run_id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowJunk(EngineRequest[JunkTest]):
    """Show a run's model pictures that are none of its classes, and tell what it refuses."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed(EngineRequest[Embedded]):
    """Keep the pooled features of a data set's images."""

    config: TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertModel(EngineRequest[Ready]):
    """Write a run's model in another format, and what it answers to some images."""

    run_id: str
    format: str
    folder: str  # path: where to
    images: tuple[str, ...]  # paths of stored copies, to answer
    calibration: tuple[str, ...] = ()  # and of training images, for formats in 8 bits
    packages: str = ""  # path: a folder of libraries that the converter needs
    features: bool = False  # give pooled features as a second output


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeModels(EngineRequest[Times]):
    """Measure how long the models of runs take for an image, side by side."""

    run_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLearningRate(EngineRequest[LearningRateCurve]):
    """Sweep the learning rate of the head phase."""

    config: TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel(EngineRequest[FoundModel]):
    """Make a backbone of what the inspection of a user's model left."""

    folder: str  # path of a `BackboneFolder`


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRanges(EngineRequest[RangeTrial]):
    """Try in which range a backbone wants its pixels, on images to train on."""

    folder: str  # path of a `BackboneFolder`
    dataset_id: str
    dataset_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenModel(EngineRequest[Ready]):
    """Open the model of a run that was brought in, and show it a picture."""

    path: str
    classes: int  # that its card names


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(Generic[A]):
    """The name of a request on the pipe, its record, and that of the answer."""

    name: str
    request: type[EngineRequest[A]]
    answer: type[A]


_VERBS = (
    Verb(name="train", request=TrainRun, answer=RunEnded),
    Verb(name="prepare", request=PrepareRun, answer=Ready),
    Verb(name="ping", request=Ping, answer=Ready),
    Verb(name="predict", request=Predict, answer=Predictions),
    Verb(name="predict_original", request=PredictOriginal, answer=Predictions),
    Verb(name="explain", request=Explain, answer=Explanation),
    Verb(name="explain_class", request=ExplainClass, answer=ClassHeat),
    Verb(name="test", request=OpenTest, answer=TestScore),
    Verb(name="complete_results", request=CompleteResults, answer=Ready),
    Verb(name="show_junk", request=ShowJunk, answer=JunkTest),
    Verb(name="embed", request=Embed, answer=Embedded),
    Verb(name="time_models", request=TimeModels, answer=Times),
    Verb(name="read_model", request=ReadModel, answer=FoundModel),
    Verb(name="try_ranges", request=TryRanges, answer=RangeTrial),
    Verb(name="open_model", request=OpenModel, answer=Ready),
    Verb(name="convert", request=ConvertModel, answer=Ready),
    Verb(name="learning_rates", request=FindLearningRate, answer=LearningRateCurve),
)
VERBS: Mapping[str, Verb[Any]] = {verb.name: verb for verb in _VERBS}
_OF: Mapping[type, Verb[Any]] = {verb.request: verb for verb in _VERBS}


def encode_request(request: EngineRequest[Any]) -> str:
    """Give the line that asks for this."""
    return _line(_OF[type(request)].name, request)


def decode_request(row: Mapping[str, Any], known: Collection[type]) -> EngineRequest[Any]:
    """Rebuild a request of the known types. Raises `UserError` for a verb or a field too much."""
    verbs = {name: verb for name, verb in VERBS.items() if verb.request in known}
    verb = choose(verbs, ", ".join(row), say("request to this engine"))
    return files.build(verb.request, row[verb.name], exact=True)


def encode_answer(answer: Any) -> str:
    """Give the line that answers with a record. Raises `UserError` where it holds NaN."""
    try:
        return _line("answer", answer)
    except ValueError as error:
        raise UserError(
            say("The model answered with something that is no number."),
            expected=say("Each class has a probability between 0 and 1."),
            mend=say("Train again with a lower learning rate."),
        ) from error


def encode_refusal(problem: Problem) -> str:
    """Give the line that says why there is no answer."""
    return _line("refused", problem)


def decode_answer(request: EngineRequest[A], row: Mapping[str, Any]) -> A:
    """Rebuild the answer to a request. Raises `UserError` where it was refused."""
    if "refused" in row:
        raise UserError.of(files.build(Problem, row["refused"]))
    return files.build(_OF[type(request)].answer, row["answer"], exact=True)


def _line(key: str, record: Any) -> str:
    return f"{{{json.dumps(key)}: {files.encode(record)}}}"
