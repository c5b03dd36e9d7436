"""Questions that the serving process answers: predictions, a learning-rate sweep, a ping."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.engine import device
from core.engine.device import Device
from core.engine.features.feature_cache import Stopped
from core.engine.prediction import compiled, predicting
from core.engine.prediction.compiled import Predictor
from core.engine.serving import evaluation, learning_rates
from core.engine.training import phases, setup, training_data
from core.engine.training.progress import Silent
from core.engine.training.setup import ORIGINALS
from core.errors import UserError
from core.records import LearningRateCurve, Phase, TestScore, TrainConfig
from core.records.requests import (
    Embed,
    Embedded,
    FindLearningRate,
    OpenTest,
    Ping,
    Predict,
    Predictions,
    Ready,
)
from core.words import say
from core.workspace import Workspace

KEPT_MODELS = 3
PATIENCE = 2.0  # seconds; meanwhile nobody else is answered


class Server:
    """Answers requests; keeps the models that were used last."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._device = device.choose()
        self._models: OrderedDict[tuple[str, int], Predictor] = OrderedDict()
        self.handlers: Mapping[type, Callable[[Any], Any]] = {  # a user's mistake is a `UserError`
            Ping: lambda request: Ready(ready=True),
            Predict: self._predict,
            FindLearningRate: lambda request: find_learning_rate(ws, request.config, self._device),
            OpenTest: self._test,
            Embed: self._embed,
        }

    def _predict(self, request: Predict) -> Predictions:
        predictor = self._predictor(request.run_id)
        paths = [Path(file) for file in request.files]
        found = predicting.predict(self._ws.run(request.run_id), predictor, paths)
        return Predictions(predictions=tuple(found))

    def _test(self, request: OpenTest) -> TestScore:
        run_id = request.run_id
        return evaluation.test(self._ws, run_id, lambda: self._predictor(run_id))

    def _embed(self, request: Embed) -> Embedded:
        return Embedded(images=evaluation.embed(self._ws, request.config, self._device))

    def _predictor(self, run_id: str) -> Predictor:
        folder = self._ws.run(run_id)
        if not folder.card.exists():
            raise UserError(
                say("The run '{run}' has no model.", run=run_id),
                expected=say("A run that has finished an epoch has one."),
                mend=say("Choose another run."),
            )
        path = folder.model
        key = (run_id, path.stat().st_mtime_ns)
        if key not in self._models:
            self._models[key] = compiled.load(path, self._ws.cache)
        self._models.move_to_end(key)
        while len(self._models) > KEPT_MODELS:
            self._models.popitem(last=False)
        return self._models[key]


def find_learning_rate(ws: Workspace, config: TrainConfig, device: Device) -> LearningRateCurve:
    """Find a learning rate for the head on the training part, as its images are.

    Raises `UserError` where a run is at the same images: whoever asks next would wait for it, too.
    """
    data = training_data.read(ws, config)
    ready = setup.prepare(ws, config, data, device=device, report=Silent())
    images = data.train
    try:
        features = setup.features_of(
            ready, Phase.HEAD, images.images, ORIGINALS, Silent(), patience=PATIENCE
        )
    except Stopped:
        raise _busy() from None
    return learning_rates.sweep(
        phases.make_learner(ready, Phase.HEAD),
        phases.make_part(features, images, balanced=config.class_weights),
        batch_size=config.batch_size,
        seed=config.seed,
        stop=Silent().stop,
    )


def _busy() -> UserError:
    return UserError(
        say("The same images are being prepared for a training at the moment."),
        expected=say("The trial uses what is prepared, and does not wait until it is."),
        mend=say("Try again in a moment, at the latest when the training shows its first epoch."),
    )
