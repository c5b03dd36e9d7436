"""The steps of `benchmarks.gpu`, each role in a process of its own, which tells them line by line.

A process chooses the devices of TensorFlow once, so the GPU, the processor alone and a GPU with
little memory are three: ``python -m benchmarks.gpu_steps ROLE PLAN``.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks import ours, solving
from benchmarks.gpu import Plan
from core import datasets, files, machine, privacy, runs
from core.engine import device
from core.engine.device import Device
from core.engine.features import feature_cache
from core.engine.features.cache_folder import Cache
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan
from core.engine.networks import backbones
from core.engine.prediction import compiled, predicting
from core.engine.training import memory
from core.engine.training.job import Job
from core.errors import UserError
from core.models import weights
from core.models.catalog import BACKBONES
from core.records import ModelCard, Phase, Split, TrainConfig

Tell = Callable[..., None]
POLICIES = ("mixed_float16", "float32")  # the first is that of a run
BATCH = 32
LIMIT = 1024  # MB of the GPU's memory, where it is to run out
TOO_LARGE, TRIES = 128, 4  # a batch that should not fit into it, and how often another one is tried
HALVED, FITS = "trained with half of that", "they fit all the same"
MB, GPU = 1e6, "GPU:0"


def on_gpu(plan: Plan, tell: Tell, policies: Sequence[str] = POLICIES) -> None:
    """Look at the GPU as a run does, then measure in each precision."""
    began = time.monotonic()
    where = device.choose()  # tries the GPU in a process of its own
    if not where.is_gpu and not plan.is_trial:
        return tell(refused=str(where.note or "TensorFlow sees no GPU here."))
    result = "passed" if where.is_gpu or device.work() else "FAILED"
    tell(sentence=f"{where.name}: self-test {result} after {time.monotonic() - began:.1f} s")
    for policy in policies:
        measure(plan, replace(where, policy=policy), "GPU" if where.is_gpu else "CPU", tell)
    if where.is_gpu:
        tell(sentence=_of_the_card())


def on_processor(plan: Plan, tell: Tell) -> None:
    """Measure the same on the processor of this machine."""
    where = device.choose()
    tell(sentence=f"{where.name}: {machine.num_processors()} processors")
    measure(plan, where, "processor", tell)


def measure(plan: Plan, where: Device, kind: str, tell: Tell) -> None:
    """Compute features, solve a head, and fine-tune."""
    column, held = f"{kind}, {where.policy}", []
    if device.has_gpu():
        tf.config.experimental.reset_memory_stats(GPU)

    def cell(row: str, text: str) -> None:
        tell(row=row, column=column, text=text)

    cell("features, images a second", f"{features_per_second(plan, where):.0f}")
    held.append(_memory("current"))
    began = time.monotonic()
    head = train(plan, where, _config(plan))
    cell("a head solved, the whole run", f"{time.monotonic() - began:.1f} s")
    cell("its validation accuracy", f"{_card(plan, head).validation.accuracy:.3f}")
    held.append(_memory("current"))
    tuned = train(plan, where, _config(plan, freeze=plan.freeze, fine_tune_epochs=plan.epochs))
    cell("fine-tuning, images a second", f"{_fine_tuning_rate(plan, tuned):.0f}")
    cell("fine-tuned, validation accuracy", f"{_card(plan, tuned).validation.accuracy:.3f}")
    held.append(_memory("current"))
    cell("memory in use after each of the three", f"{' / '.join(f'{h:.0f}' for h in held)} MB")
    cell("memory at the peak", f"{_memory('peak'):.0f} MB")
    tell(column=column, right=right_answers(plan, tuned))


def features_per_second(plan: Plan, where: Device) -> float:
    """Compute the features of many images as a run does; what is before the first report, which
    holds the compiling, is left out.
    """
    keras.config.set_dtype_policy(where.policy)
    backbone = BACKBONES[plan.backbone]
    model = backbones.build_backbone(backbone, plan.size, weights.locate(backbone, plan.size))
    pooled = keras.layers.GlobalAveragePooling2D()(model.output)
    marks = [(0, time.monotonic())]

    def reported(done: int, *_: object) -> None:
        if done:  # else there is only something to say
            marks.append((done, time.monotonic()))

    feature_cache.prepare(
        _many(plan),
        Prefix(keras.Model(model.input, pooled), "b" * 32, plan.size),
        views=ViewPlan(),
        cache=Cache.at(plan.ws.root / "bench"),
        report=reported,
        stop=lambda: False,
    )
    (first, began), (last, ended) = marks[1 if len(marks) > 2 else 0], marks[-1]
    return (last - first) / (ended - began)


def _many(plan: Plan) -> list[tuple[str, Path]]:
    """Let the copies of the data set stand for as many images as are wanted."""
    ws, records = plan.ws, datasets.images(plan.ws, plan.dataset_id)
    some = [records[i % len(records)] for i in range(plan.num_features)]
    return [
        (f"{i:08x}{r.content[8:]}", datasets.image_path(ws, plan.dataset_id, r))
        for i, r in enumerate(some)
    ]


def train(
    plan: Plan, where: Device, config: TrainConfig, stop: Callable[[], bool] = lambda: False
) -> str:
    """Train a run in this process, and give its id."""
    run_id = runs.create(plan.ws, config)
    memory.train(Job(ws=plan.ws, run_id=run_id, config=config, device=where, stop=stop))
    return run_id


def _config(plan: Plan, **changes: Any) -> TrainConfig:
    asked: dict[str, Any] = {
        "dataset_id": plan.dataset_id,
        "backbone": plan.backbone,
        "weights": plan.weights,
        "image_size": plan.size,
        "optimizer": "solve",
        "batch_size": BATCH,
    }
    return TrainConfig(**{**asked, **changes})


def _card(plan: Plan, run_id: str) -> ModelCard:
    return files.read_record(plan.ws.run(run_id).card, ModelCard)


def _fine_tuning_rate(plan: Plan, run_id: str) -> float:
    """Give the rate of the fastest epoch; the first one compiles."""
    epochs = runs.epochs(plan.ws, run_id)
    return max(e.images_per_second for e in epochs if e.phase is Phase.FINE_TUNE)


def right_answers(plan: Plan, run_id: str) -> list[bool]:
    """Tell of each validation image whether the saved model names it rightly."""
    ws, labels = plan.ws, _card(plan, run_id).labels
    records = [r for r in datasets.images(ws, plan.dataset_id) if r.split is Split.VALIDATION]
    copies = [datasets.image_path(ws, plan.dataset_id, record) for record in records]
    rows = predicting.of_copies(compiled.load(ws.run(run_id).model, ws.cache), copies)
    return [labels[np.argmax(row)] == r.label for row, r in zip(rows, records, strict=True)]


def out_of_memory(plan: Plan, tell: Tell) -> None:
    """Train with a batch that does not fit, so that half of it is tried."""
    batch, where = (BATCH if plan.is_trial else TOO_LARGE), _with_little_memory(plan)
    for _ in range(TRIES):
        found = _tried(plan, where, batch)
        tell(sentence=f"Memory for batches of {batch} images is short: {found}.")
        if found == HALVED:
            return
        batch = min(1024, 2 * batch) if found == FITS else max(1, batch // 2)


def _tried(plan: Plan, where: Device, batch: int) -> str:
    config = _config(plan, freeze=plan.freeze, fine_tune_epochs=1, batch_size=batch)
    try:
        run_id = train(plan, where, config, _short_once() if plan.is_trial else lambda: False)
    except UserError:
        return "half of that did not fit either"
    return HALVED if _card(plan, run_id).config.batch_size < batch else FITS


def _with_little_memory(plan: Plan) -> Device:
    """Let TensorFlow have little of the first GPU, before anything runs on it."""
    strategy = tf.distribute.get_strategy()
    if plan.is_trial:
        return Device(name="CPU", strategy=strategy, policy="float32")
    gpu = tf.config.list_physical_devices("GPU")[0]
    tf.config.set_visible_devices([gpu], "GPU")
    little = tf.config.LogicalDeviceConfiguration(memory_limit=LIMIT)
    tf.config.set_logical_device_configuration(gpu, [little])
    return Device(name="GPU", strategy=strategy, policy=POLICIES[0])


def _short_once() -> Callable[[], bool]:
    """Run out of memory when a run asks for the first time whether it should stop."""
    calls = iter([True])

    def stop() -> bool:
        if next(calls, False):
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
        return False

    return stop


def _memory(which: str) -> float:
    """Give the MB in use now, "current", or the most, "peak": of the GPU, else of this process."""
    if device.has_gpu():
        return tf.config.experimental.get_memory_info(GPU)[which] / MB
    return solving.peak_memory() if which == "peak" else ours.anonymous_memory(os.getpid()) / MB


def _of_the_card() -> str:
    """Say how much of the card this process holds: without memory growth it would be all."""
    grows = tf.config.experimental.get_memory_growth(tf.config.list_physical_devices("GPU")[0])
    command = ["nvidia-smi", "--query-gpu=memory.used,memory.total", "--format=csv,noheader"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return f"memory growth {'on' if grows else 'OFF'}; in use of the card, and its size: {told}"


ROLES: Mapping[str, Callable[[Plan, Tell], None]] = {
    "gpu": on_gpu,
    "processor": on_processor,
    "memory": out_of_memory,
}


def main(role: str, plan: str) -> None:
    """Take the steps of a role; only what it tells goes to standard output."""
    privacy.begin()
    sys.modules["sklearn"] = None  # type: ignore[assignment]  # as in the engine
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(**told: Any) -> None:
        print(json.dumps(told), file=answers, flush=True)

    ROLES[role](Plan(**json.loads(plan)), tell)
    os._exit(0)  # as the engine ends: threads of TensorFlow and OpenVINO may abort a tidier end


if __name__ == "__main__":
    main(*sys.argv[1:])
