"""A head on a network that is converted already answers as the whole model does."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.engine.features.cache_folder import Cache
from core.engine.networks import converting, network, openvino_choice, openvino_network
from core.engine.prediction import compiled, in_keras
from core.records import Phase, TrainConfig
from core.workspace import Workspace
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
FROZEN = replace(jobs.TINY, freeze="all", fine_tune_epochs=0)
CLOSE = openvino_network.LARGEST_ERROR["f32"]  # rounding differs with every order of training
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def refuse(*arguments: object) -> None:
    raise AssertionError("the network was converted a second time")


@pytest.mark.parametrize(
    "config",
    [
        FROZEN,
        replace(FROZEN, hidden_units=8, dropout=0.5),
        replace(FROZEN, output="sigmoid", pooling="flatten"),
        replace(FROZEN, optimizer="solve"),
    ],
)
def test_a_head_on_a_converted_network_answers_as_keras(
    tmp_path: Path, config: TrainConfig, monkeypatch: pytest.MonkeyPatch
):
    made = network.build(config, 2, None)
    frozen, prefix = network.prefix(made, Phase.HEAD), tmp_path / "prefix"
    prefix.mkdir()
    assert frozen is not None
    rng = np.random.default_rng(0)
    for variable in made.head.variables:  # as if it had learned: no bias is zero
        variable.assign(rng.normal(0, 0.3, variable.shape))
    openvino_choice.open_network(frozen, IMAGES, prefix)
    monkeypatch.setattr(converting, "to_files", refuse)

    whole, cache = network.whole(made), Cache.at(tmp_path / "cache")
    predictor, reason = in_keras.prepare(
        whole,
        IMAGES,
        cache,
        "run",
        convert=lambda _, __, to: converting.graft(prefix, made.head, to, channels=40),
    )

    assert (predictor.network.engine, reason) == ("openvino", None)
    theirs = np.asarray(whole(IMAGES.astype(np.float32), training=False))
    assert np.abs(said(predictor)[:, : theirs.shape[1]] - theirs).max() < CLOSE
    last_map = np.asarray(made.backbone(IMAGES.astype(np.float32), training=False))
    features = said(predictor)[:, predictor.outputs :]
    assert features == pytest.approx(last_map.mean(axis=(1, 2)), abs=1e-3 * float(last_map.max()))


def test_a_run_whose_backbone_never_learned_is_converted_once(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    jobs.run(ws, FROZEN)  # leaves the converted network in the cache
    monkeypatch.setattr(converting, "to_files", refuse)

    run_id, ended = jobs.run(ws, replace(FROZEN, learning_rate=0.02))

    assert ended == "done"
    check(ws, run_id)


def test_a_fine_tuned_model_is_converted_as_a_whole(ws: Workspace):
    run_id, _ = jobs.run(ws, replace(jobs.TINY, epochs=1, fine_tune_learning_rate=0.05))

    check(ws, run_id)


def check(ws: Workspace, run_id: str) -> None:
    """OpenVINO answers for the run, as the saved model does in Keras."""
    path, folder = ws.run(run_id).model, ws.cache / f"model-{run_id}"
    os.utime(folder, (1e9, 1e9))
    ready = compiled.load(path, ws.cache)
    assert folder.stat().st_mtime > 1e9  # just used: of those that make room it is the last
    assert ready.network.engine == "openvino"
    assert np.abs(said(ready) - said(in_keras.load_saved(path))).max() < CLOSE


def said(predictor: compiled.Predictor) -> np.ndarray:
    answer = predictor.network.start(IMAGES).result()
    predictor.network.drain()
    return answer
