"""A run of a study that judges heads alone: a frozen network looks once, heads are solved on that.

Under the protocol "folds" one head for each fold is judged on what it did not learn from; under
"curve" heads learn from fewer and more images. No model is kept.
"""

import contextlib
import time
from dataclasses import replace

import keras
import numpy as np

from core.engine.features import speed
from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Stopped
from core.engine.loop.schedules import TrainingState
from core.engine.networks import network
from core.engine.training import progress, setup, training_data
from core.engine.training.evidence import pooling
from core.engine.training.job import Job
from core.engine.training.progress import RunReport
from core.engine.training.setup import ORIGINALS, Setup
from core.errors import UserError
from core.judging.evaluation import draws, learning_curve
from core.judging.evaluation.draws import Images
from core.records import Phase, Stage
from core.records.studies import JudgedRun
from core.run_results import curve, folds, judged
from core.run_results.pooled import PooledFeatures
from core.words import say


def train(job: Job) -> str:
    """Judge heads on the features of a frozen network: ``done`` or ``stopped``.

    Cut off, it begins again: the features are kept, and the heads take seconds. Raises `UserError`
    where nothing can be judged.
    """
    if job.folder.judged.exists():
        return "done"
    began = time.monotonic()
    keras.utils.clear_session(free_memory=True)
    data = training_data.read(job.ws, job.config)
    with progress.reporting(job, job.config, data, TrainingState()) as report:
        ready = setup.prepare(job.ws, job.config, data, device=job.device, report=report)
        with contextlib.suppress(Stopped):
            found = _features(ready, report)
            report.enter(Stage.TRAINING, Phase.HEAD)
            _PROTOCOLS[job.config.protocol](job, ready, found, report)
            judged.write(job.folder, _outcome(ready, time.monotonic() - began))
            report.progress(1.0)
            return "done"
    return "stopped"


def _features(ready: Setup, report: RunReport) -> PooledFeatures:
    """Let the frozen network look at all images that take part. Raises `Stopped`."""
    report.enter(Stage.FEATURES, Phase.HEAD)
    images = ready.data.train
    seen = setup.features_of(ready, Phase.HEAD, images.images, ORIGINALS, report)
    return PooledFeatures(
        contents=images.contents,
        labels=images.labels,
        groups=images.groups,
        learned=np.ones(len(images.labels), np.bool_),
        features=pooling.means_of(seen, ready.network.backbone),
    )


def _judge_folds(job: Job, ready: Setup, found: PooledFeatures, report: RunReport) -> None:
    quick = replace(job.config, preset="quick")
    score = folds.score(found, quick, num_classes=len(ready.data.labels))
    if score is None:
        raise _no_fold_tells()
    _ask_to_stop(report)
    folds.write(job.folder, score)


def _draw_curve(job: Job, ready: Setup, found: PooledFeatures, report: RunReport) -> None:
    labels = found.labels.astype(np.int64)
    images = Images(
        features=found.features, labels=labels, groups=found.groups, contents=found.contents
    )
    tells = draws.can_tell(images)
    if not tells.any():
        raise _no_fold_tells()
    solved = []
    for head in draws.solve(images, len(ready.data.labels)):
        _ask_to_stop(report)
        solved.append(head)
        report.progress(len(solved) / (draws.DRAWS * len(draws.SHARES)))
    seen = draws.some(draws.judged(images, solved), tells)
    if seen.learned[0] > learning_curve.LARGEST_START * seen.learned[-1]:
        raise _no_shares(round(seen.learned[0]), round(seen.learned[-1]))
    groups = [found.groups[row] for row in np.flatnonzero(tells)]
    curve.write(job.folder, learning_curve.read(seen, labels[tells], groups, ready.data.labels))


def _no_shares(least: int, most: int) -> UserError:
    return UserError(
        say(
            "The smallest share of these images that can be learned from is {least} of {most}.",
            least=least,
            most=most,
        ),
        expected=say("A curve needs heads that learn from half of them, and fewer."),
        mend=say("Add images to each class, or divide large groups."),
    )


def _no_fold_tells() -> UserError:
    return UserError(
        say("No fold of these images can tell."),
        expected=say("Each class needs images in two folds at least."),
        mend=say("Add images, or leave small classes out."),
    )


def _ask_to_stop(report: RunReport) -> None:
    if report.stop():
        raise Stopped


def _outcome(ready: Setup, seconds: float) -> JudgedRun:
    network.learner(ready.network, Phase.HEAD)  # builds the head
    trainable = network.count(network.thaw(ready.network, Phase.HEAD))
    whole = ready.network.backbone.count_params() + trainable
    return JudgedRun(
        trainable=trainable, parameters=whole, seconds=seconds, milliseconds=_milliseconds(ready)
    )


def _milliseconds(ready: Setup) -> float:
    prefix = setup.prefix_of(ready, Phase.HEAD)
    if prefix is None or ready.config.protocol != "folds":
        return 0.0
    return speed.milliseconds(ready.data.train.images, prefix, Cache.at(ready.cache))


_PROTOCOLS = {"folds": _judge_folds, "curve": _draw_curve}
