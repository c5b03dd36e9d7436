"""Ask a trained model. TensorFlow lives in a child process that is kept for the next question."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core import runs
from core.errors import UserError
from core.records import (
    ClassHeat,
    Explanation,
    JunkTest,
    LearnedTarget,
    LearningRateCurve,
    PicturePart,
    Prediction,
    TestScore,
    TrainConfig,
)
from core.records.choices import TASKS, check_classes
from core.records.requests import (
    A,
    CompleteResults,
    Embed,
    EngineRequest,
    Explain,
    ExplainClass,
    FindLearningRate,
    OpenTest,
    Predict,
    PredictOriginal,
    ShowJunk,
    TimeModels,
)
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.runs.sharing.asking import Asked, process_for
from core.words import say
from core.workspace import Workspace


class Engine:
    """The serving process of a workspace, or of its class, for callers one after another."""

    def __init__(self, ws: Workspace, process: Asked | None = None) -> None:
        self._ws = ws
        self._process = process or process_for(ws)
        self._lock = threading.Lock()  # Streamlit serves several people from several threads

    def predict(
        self, run_id: str, images: Sequence[Path], *, stored: bool = False
    ) -> tuple[Prediction, ...]:
        """Say what the run's model sees in each image, or why one cannot be read.

        ``stored``: they are copies as data sets have them, and read as those are.
        """
        check_finished(self._ws, run_id)
        paths = [str(image.absolute()) for image in images]
        said = self._ask(Predict(run_id=run_id, files=tuple(paths), stored=stored)).predictions
        return tuple(
            replace(prediction, file=str(image))
            for image, prediction in zip(images, said, strict=True)
        )

    def target(self, run_id: str) -> LearnedTarget | None:
        """Give what number the run's model reads off an image; None: it names classes."""
        card = runs.get(self._ws, run_id).card
        return card.target if card else None

    def predict_original(self, run_id: str, images: Sequence[Path]) -> tuple[Prediction, ...]:
        """Say what the network that the run began with names in each image, of ImageNet's classes.

        Raises `UserError` where there is none, or its files are not on this machine.
        """
        check_finished(self._ws, run_id)
        paths = tuple(str(image.absolute()) for image in images)
        said = self._ask(PredictOriginal(run_id=run_id, files=paths)).predictions
        return tuple(replace(one, file=str(i)) for i, one in zip(images, said, strict=True))

    def explain(
        self,
        run_id: str,
        image: Path,
        label: str = "",
        *,
        occlude: bool = False,
        cover: PicturePart | None = None,
        stored: bool = False,
    ) -> Explanation:
        """Say where the run's model sees a class, the likeliest unless it is named, in an image.

        ``occlude``: by covering one part after another. ``cover``: and what it says with this part
        covered. ``stored``: it is a copy as data sets have it. Raises `UserError`.
        """
        check_finished(self._ws, run_id)
        request = Explain(
            run_id=run_id,
            file=str(image.absolute()),
            label=label,
            occlude=occlude,
            cover=cover,
            stored=stored,
        )
        return self._ask(request)

    def explain_class(self, run_id: str, label: str) -> ClassHeat:
        """Say where the run's model sees a class, on average over its validation pictures.

        The picture of it is kept as `RunFolder.class_picture`. Raises `UserError`.
        """
        check_finished(self._ws, run_id)
        check_classes(TASKS[runs.get(self._ws, run_id).config.task], say("a map of one"))
        return self._ask(ExplainClass(run_id=run_id, label=label))

    def find_learning_rate(self, config: TrainConfig) -> LearningRateCurve:
        """Sweep the learning rate of the head phase (Smith 2017; fastai's valley rule)."""
        return self._ask(FindLearningRate(config=config))

    def test(self, run_id: str) -> TestScore:
        """Open the test part of the run's data set, which is remembered, and judge its model."""
        check_finished(self._ws, run_id)
        return self._ask(OpenTest(run_id=run_id))

    def answers(self, run_id: str) -> PartPredictions:
        """Give what the run's model answers to its validation images, asking it where need be.

        Raises `UserError` where it learned from them, or they are gone.
        """
        check_finished(self._ws, run_id)
        check_classes(TASKS[runs.get(self._ws, run_id).config.task], say("this"))
        found = predictions.read(self._ws.run(run_id))
        if found is None:
            self.check_validates(run_id)
            self.complete(run_id)
            found = predictions.read(self._ws.run(run_id))
        assert found is not None  # it was written just now
        return found

    def check_validates(self, run_id: str) -> None:
        """Refuse a run that learned from its validation images. Raises `UserError`."""
        if not runs.get(self._ws, run_id).config.validates:
            raise _learned_from(run_id)

    def complete(self, run_id: str) -> None:
        """Have what the run did not leave for whoever judges it written now.

        Raises `UserError` where its images are gone.
        """
        check_finished(self._ws, run_id)
        self._ask(CompleteResults(run_id=run_id))

    def show_junk(self, run_id: str) -> JunkTest:
        """Show the run's model pictures that are none of its classes, and tell what it refuses.

        Raises `UserError` where it cannot tell what it does not know.
        """
        check_finished(self._ws, run_id)
        check_classes(TASKS[runs.get(self._ws, run_id).config.task], say("what is refused"))
        return self._ask(ShowJunk(run_id=run_id))

    def embed(self, config: TrainConfig) -> int:
        """Keep the pooled features of a data set's images, for `core.datasets.features`."""
        return self._ask(Embed(config=config)).images

    def milliseconds(self, run_ids: Sequence[str]) -> tuple[float, ...]:
        """Measure how long each run's model takes for an image on this machine, side by side."""
        for run_id in run_ids:
            check_finished(self._ws, run_id)
        return self._ask(TimeModels(run_ids=tuple(run_ids))).milliseconds

    def warm(self) -> None:
        """Start the process without a question, so that the first one is quick; never wait."""
        if self._lock.acquire(blocking=False):  # else somebody asks, so it has started
            try:
                self._process.start()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._process.close()

    def _ask(self, request: EngineRequest[A]) -> A:
        with self._lock:
            return self._process.ask(request)


def check_finished(ws: Workspace, run_id: str) -> None:
    """Refuse a run that has no model. Raises `UserError`."""
    run = runs.get(ws, run_id)
    if run.card is not None:
        return
    state = runs.STATE_WORDS[run.state.state]
    if run.config.study:
        raise UserError(
            say("The run '{run}' is a part of a study and keeps no model.", run=run_id),
            expected=say("A run that was trained on its own."),
            mend=say("Train and keep what the study chose, on the page of the study."),
        )
    raise UserError(
        say("The run '{run}' has no model: it is {state}.", run=run_id, state=state),
        expected=say("A run that is done, or was stopped after its first epoch, has one."),
        mend=say("Choose another run, or wait until this one has finished."),
    )


def _learned_from(run_id: str) -> UserError:
    return UserError(
        say("The run '{run}' learned from its validation images too.", run=run_id),
        expected=say("Images that a model did not learn from can judge it."),
        mend=say("Open the test part, or look at the run that it was made from."),
    )
