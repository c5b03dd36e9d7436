"""Questions that the serving process answers: predictions, a learning-rate sweep, a ping.

A model is asked without TensorFlow where training left it ready; the rest loads it when asked.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from core import files
from core.engine.explaining import answering, class_heat, opening
from core.engine.explaining.explainer import Explainer
from core.engine.networks import openvino_network
from core.engine.prediction import compiled, predicting
from core.engine.prediction.compiled import Predictor
from core.engine.serving import completing, evaluation, junk, timing
from core.errors import UserError
from core.models import original
from core.models.catalog import CLASSIFIERS
from core.records import ClassHeat, Explanation, JunkTest, LearningRateCurve, ModelCard, TestScore
from core.records.requests import (
    CompleteResults,
    Embed,
    Explain,
    ExplainClass,
    FindLearningRate,
    OpenTest,
    Ping,
    Predict,
    PredictOriginal,
    Ready,
    ShowJunk,
    TimeModels,
)
from core.records.results import Embedded, Predictions, Times
from core.words import say
from core.workspace import RunFolder, Workspace

K = TypeVar("K")
V = TypeVar("V")
KEPT_MODELS = 3
KEPT_OF_SEVERAL = 6  # where models of several workspaces are asked


@dataclass(slots=True)
class KeptModels:
    """What was used last, of all workspaces that one process serves."""

    models: OrderedDict[tuple[Path, int], Predictor] = field(default_factory=OrderedDict)
    explainers: OrderedDict[tuple[Path, int], Explainer | None] = field(default_factory=OrderedDict)
    originals: OrderedDict[str, Predictor] = field(default_factory=OrderedDict)
    roots: set[Path] = field(default_factory=set)

    @property
    def most(self) -> int:
        """Say how many models may stay."""
        return KEPT_MODELS if len(self.roots) < 2 else KEPT_OF_SEVERAL


class Server:
    """Answers requests about one workspace; what was used last is kept."""

    def __init__(self, ws: Workspace, kept: KeptModels | None = None) -> None:
        self._ws, self._kept = ws, kept or KeptModels()
        self._kept.roots.add(ws.root)
        self.handlers: Mapping[type, Callable[[Any], Any]] = {  # a user's mistake is a `UserError`
            Ping: lambda request: Ready(ready=True),
            Predict: self._predict,
            PredictOriginal: self._predict_original,
            Explain: self._explain,
            ExplainClass: self._explain_class,
            OpenTest: self._test,
            CompleteResults: self._complete,
            ShowJunk: self._show_junk,
            FindLearningRate: lambda request: _find_learning_rate(ws, request),
            Embed: lambda request: _embed(ws, request),
            TimeModels: self._time,
        }

    def _predict(self, request: Predict) -> Predictions:
        predictor = self._predictor(request.run_id)
        paths = [Path(file) for file in request.files]
        folder = self._ws.run(request.run_id)
        found = predicting.predict(folder, predictor, paths, stored=request.stored)
        return Predictions(predictions=tuple(found))

    def _predict_original(self, request: PredictOriginal) -> Predictions:
        card = files.read_record(self._ws.run(request.run_id).card, ModelCard)
        backbone = original.backbone_of(card.config)
        original.locate_original(backbone)  # before TensorFlow is loaded, which takes seconds
        from core.engine.prediction import original as asking

        predictor = _kept(
            self._kept.originals, backbone.name, lambda: asking.load_original(backbone), most=1
        )
        paths = [Path(file) for file in request.files]
        found = asking.predict_original(backbone, predictor, paths, bands=card.bands)
        return Predictions(predictions=tuple(found))

    def _explain(self, request: Explain) -> Explanation:
        predictor = self._predictor(request.run_id)
        card = files.read_record(self._ws.run(request.run_id).card, ModelCard)
        explainer = None if request.occlude else self._explainer(card, predictor)
        return answering.explain(card, predictor, explainer, request)

    def _explain_class(self, request: ExplainClass) -> ClassHeat:
        predictor = self._predictor(request.run_id)
        card = files.read_record(self._ws.run(request.run_id).card, ModelCard)
        explainer = self._explainer(card, predictor)
        return class_heat.look(self._ws, card, explainer, request.label)

    def _test(self, request: OpenTest) -> TestScore:
        run_id = request.run_id
        return evaluation.test(self._ws, run_id, lambda: self._predictor(run_id))

    def _complete(self, request: CompleteResults) -> Ready:
        completing.complete(self._ws, request.run_id, lambda: self._full(request.run_id))
        return Ready(ready=True)

    def _show_junk(self, request: ShowJunk) -> JunkTest:
        return junk.show(self._ws, request.run_id, self._full(request.run_id))

    def _time(self, request: TimeModels) -> Times:
        predictors = [self._predictor(run_id) for run_id in request.run_ids]
        return Times(milliseconds=tuple(timing.milliseconds(predictors)))

    def _full(self, run_id: str) -> Predictor:
        """Give a model with its pooled features; one that was converted without is made anew."""
        predictor = self._predictor(run_id)
        if predictor.outputs is None:
            predictor = completing.convert(self._ws, run_id)
            self._kept.models[_key(self._ws.run(run_id))] = predictor
        return predictor

    def _predictor(self, run_id: str) -> Predictor:
        folder = self._ws.run(run_id)
        if not folder.card.exists():
            raise UserError(
                say("The run '{run}' has no model.", run=run_id),
                expected=say("A run that has finished an epoch has one."),
                mend=say("Choose another run."),
            )
        return _kept(
            self._kept.models,
            _key(folder),
            lambda: compiled.load(folder.model, self._ws.features),
            most=self._kept.most,
        )

    def _explainer(self, card: ModelCard, predictor: Predictor) -> Explainer | None:
        folder = self._ws.run(card.run_id)
        if not CLASSIFIERS[card.config.classifier].is_linear:
            return None
        return _kept(
            self._kept.explainers,
            _key(folder),
            lambda: opening.load(folder.model, self._ws.features, predictor),
            most=self._kept.most,
        )


def load_quick_library() -> None:
    """Load what answers quickly where it is installed, before anybody asks."""
    if openvino_network.installed():
        openvino_network.library()


def _key(folder: RunFolder) -> tuple[Path, int]:
    return folder.path, folder.model.stat().st_mtime_ns


def _kept(kept: OrderedDict[K, V], key: K, load: Callable[[], V], *, most: int) -> V:
    """Take up what was used lately, or load it and let go of what was used longest ago."""
    if key not in kept:
        kept[key] = load()
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]


def _find_learning_rate(ws: Workspace, request: FindLearningRate) -> LearningRateCurve:
    from core.engine import device
    from core.engine.serving import learning_rates

    return learning_rates.find(ws, request.config, device.choose())


def _embed(ws: Workspace, request: Embed) -> Embedded:
    from core.engine import device
    from core.engine.serving import embedding

    return Embedded(images=embedding.embed(ws, request.config, device.choose()))
