"""Where things lie in the folder of a run, of a study, of an import."""

from dataclasses import dataclass
from pathlib import Path

ATTEMPT = "attempt-"
OF_STUDY = "__"  # between the id of a study and the number of a run in it


def place(run_id: str) -> tuple[str, int, int, str]:
    """Give where a run of a study stands among others: study, fold, arm; what else, first."""
    study, _, number = run_id.partition(OF_STUDY)
    arm, _, fold = number.partition("-")
    is_number = arm.isdecimal() and fold.isdecimal()
    return (study, int(fold), int(arm), run_id) if is_number else (study, -1, -1, run_id)


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run on disk. Each file has exactly one writer."""

    path: Path

    def attempt(self, number: int) -> "RunFolder":
        """Give the folder of an attempt on a cluster, of the same files; 0: the run's own."""
        return RunFolder(self.path / f"{ATTEMPT}{number}") if number else self

    @property
    def node(self) -> Path:  # text, by the task of an attempt: name and id of its node
        return self.path / "node.txt"

    @property
    def config(self) -> Path:  # written once, by whoever asked for the run
        return self.path / "config.json"

    @property
    def name(self) -> Path:  # text: the name the user gave, written by the page or the command
        return self.path / "name.txt"

    @property
    def star(self) -> Path:  # empty: the user marked the run, on the page
        return self.path / "star"

    @property
    def stop(self) -> Path:  # written once, by whoever asked it to stop
        return self.path / "stop"

    @property
    def state(self) -> Path:  # RunState, written by the worker; in the queue, by whoever asks
        return self.path / "state.json"

    @property
    def lock(self) -> Path:  # held by the worker while the run trains
        return self.path / "lock"

    @property
    def reserve(self) -> Path:  # room for the state, given back to the disk when it is full
        return self.path / "reserve"

    @property
    def progress(self) -> Path:  # Progress, written by the training process
        return self.path / "progress.json"

    @property
    def metrics(self) -> Path:  # EpochMetrics and BatchMetrics, by the training process
        return self.path / "metrics.jsonl"

    @property
    def strip(self) -> Path:  # StripPictures, then one StripEpoch a line, by the training process
        return self.path / "strip.jsonl"

    @property
    def log(self) -> Path:  # one Message a line, by the training process
        return self.path / "log.jsonl"

    @property
    def output(self) -> Path:  # what libraries print, for debugging
        return self.path / "output.txt"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def model(self) -> Path:
        return self.path / "model.keras"

    @property
    def predictions(self) -> Path:  # of the validation images, by the training process
        return self.path / "predictions.npz"

    @property
    def test_predictions(self) -> Path:  # when the test part is opened, by the serving process
        return self.path / "test_predictions.npz"

    @property
    def features(self) -> Path:  # pooled, of validation and training, by the training process
        return self.path / "features.npz"

    @property
    def test_features(self) -> Path:  # when the test part is opened, by the serving process
        return self.path / "test_features.npz"

    @property
    def map(self) -> Path:  # EmbeddingMap, by the process that makes it when it is asked for
        return self.path / "map.npz"

    @property
    def map_state(self) -> Path:  # MapState, by the same process
        return self.path / "map.json"

    @property
    def map_stop(self) -> Path:  # by whoever wants it no more
        return self.path / "map_stop"

    @property
    def folds(self) -> Path:  # HeadScore, of few validation images with training ones, by training
        return self.path / "folds.json"

    @property
    def judged(self) -> Path:  # JudgedRun, of a run of a study: it keeps no model; written last
        return self.path / "judged.json"

    @property
    def curve(self) -> Path:  # LearningCurve, of such a run, by the training process
        return self.path / "curve.json"

    @property
    def unknown(self) -> Path:  # what tells a picture like nothing learned, by the same process
        return self.path / "unknown.npz"

    @property
    def junk_test(self) -> Path:  # JunkTest: what it refused, each time it is tried
        return self.path / "junk_test.json"

    @property
    def evaluation(self) -> Path:  # RunEvaluation, by the training process
        return self.path / "evaluation.json"

    @property
    def movement(self) -> Path:  # Movement, of a fine-tuned run, by the training process
        return self.path / "movement.json"

    @property
    def card(self) -> Path:  # ModelCard; written last, so a model with a card is whole
        return self.path / "model.json"

    @property
    def test(self) -> Path:  # TestScore, each time the test part is opened for this run
        return self.path / "test.json"

    def class_heat(self, index: int) -> Path:  # ClassHeat, by the serving process
        return self.path / "class_heat" / f"{index}.json"

    def class_picture(self, index: int) -> Path:  # of it; written before
        return self.class_heat(index).with_suffix(".png")

    @property
    def exports(self) -> Path:
        return self.path / "exports"

    @property
    def tensorboard(self) -> Path:
        return self.path / "tensorboard"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """One study on disk, with its runs."""

    path: Path

    @property
    def record(self) -> Path:  # Study, written once
        return self.path / "study.json"

    @property
    def asked(self) -> Path:  # StudyAsked, by whoever asks for more folds
        return self.path / "asked.json"

    @property
    def name(self) -> Path:  # text: the name the user gave
        return self.path / "name.txt"

    @property
    def runs(self) -> Path:  # holds only the folders of its runs
        return self.path / "runs"

    @property
    def heads(self) -> Path:  # checkpoints of heads that its runs share, by what they learned from
        return self.path / "heads"

    def run_id(self, arm: int, fold: int) -> str:
        return f"{self.path.name}{OF_STUDY}{arm}-{fold}"


@dataclass(frozen=True, slots=True)
class IngestFolder:
    """One ingest under way."""

    path: Path

    @property
    def state(self) -> Path:  # IngestState, written by the ingest process
        return self.path / "state.json"

    @property
    def request(self) -> Path:  # what to read, written once by whoever asked
        return self.path / "request.json"

    @property
    def answers(self) -> Path:  # one Answer a line, by the page that was asked
        return self.path / "answers.jsonl"

    @property
    def incoming(self) -> Path:  # files as they arrive from a browser
        return self.path / "incoming"

    @property
    def unpacked(self) -> Path:  # TARs out of their gzip
        return self.path / "unpacked"

    @property
    def lock(self) -> Path:  # held by the process that reads; the system frees it at its death
        return self.path / "lock"

    @property
    def dataset(self) -> Path:  # the data set being built; committed by one rename
        return self.path / "dataset"

    @property
    def stop(self) -> Path:
        return self.path / "stop"

    @property
    def log(self) -> Path:
        return self.path / "log.txt"
