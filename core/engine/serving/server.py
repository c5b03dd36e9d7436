"""Questions that the serving process answers: predictions, a learning-rate sweep, a ping.

A model is asked without TensorFlow where training left it ready; the rest loads it when asked.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.engine.networks import openvino_network
from core.engine.prediction import compiled, predicting
from core.engine.prediction.compiled import Predictor
from core.engine.serving import evaluation
from core.errors import UserError
from core.records import LearningRateCurve, TestScore
from core.records.requests import (
    AnswerValidation,
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


class Server:
    """Answers requests; keeps the models that were used last."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._models: OrderedDict[tuple[str, int], Predictor] = OrderedDict()
        self.handlers: Mapping[type, Callable[[Any], Any]] = {  # a user's mistake is a `UserError`
            Ping: lambda request: Ready(ready=True),
            Predict: self._predict,
            OpenTest: self._test,
            AnswerValidation: self._answer,
            FindLearningRate: lambda request: _find_learning_rate(ws, request),
            Embed: lambda request: _embed(ws, request),
        }
        if openvino_network.installed():
            openvino_network.library()  # so that the first answer is quick

    def _predict(self, request: Predict) -> Predictions:
        predictor = self._predictor(request.run_id)
        paths = [Path(file) for file in request.files]
        found = predicting.predict(self._ws.run(request.run_id), predictor, paths)
        return Predictions(predictions=tuple(found))

    def _test(self, request: OpenTest) -> TestScore:
        run_id = request.run_id
        return evaluation.test(self._ws, run_id, lambda: self._predictor(run_id))

    def _answer(self, request: AnswerValidation) -> Ready:
        run_id = request.run_id
        evaluation.answer_validation(self._ws, run_id, lambda: self._predictor(run_id))
        return Ready(ready=True)

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


def _find_learning_rate(ws: Workspace, request: FindLearningRate) -> LearningRateCurve:
    from core.engine import device
    from core.engine.serving import learning_rates

    return learning_rates.find(ws, request.config, device.choose())


def _embed(ws: Workspace, request: Embed) -> Embedded:
    from core.engine import device
    from core.engine.serving import embedding

    return Embedded(images=embedding.embed(ws, request.config, device.choose()))
