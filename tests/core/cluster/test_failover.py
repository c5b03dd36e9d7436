"""Two nodes of a Ray cluster on this machine, of which one is killed while it trains."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from core import runs
from core.records import EpochMetrics, State, TrainConfig
from core.runs.executors import EXECUTORS, Inline
from core.workspace import Workspace
from tests import builders, ray_cluster

pytestmark = [*ray_cluster.MARKS, pytest.mark.engine]
CONFIG = TrainConfig(
    dataset_id="colours-0000",
    backbone="MobileNet-0.25",
    weights="none",
    image_size=32,
    freeze="none",
    epochs=2,
    fine_tune_epochs=12,
    batch_size=8,
    dropout=0.3,
)


def history(ws: Workspace, run_id: str) -> list[EpochMetrics]:
    """Give the epochs without what depends on the clock."""
    return [replace(e, seconds=0.0, images_per_second=0.0) for e in runs.epochs(ws, run_id)]


def wait_for(happened: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_run_whose_node_is_killed_goes_on_elsewhere_with_the_same_losses(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    builders.make_dataset(ws, num=20)
    here = runs.create(ws, CONFIG)
    Inline().submit(ws)
    run_id = runs.create(ws, CONFIG)

    with ray_cluster.running() as cluster:
        for name, value in cluster.environment.items():
            monkeypatch.setenv(name, value)
        EXECUTORS["ray"].submit(ws)
        wait_for(lambda: runs.num_kept(ws, run_id) > 3)
        first = runs.state_of(ws, run_id).node
        cluster.kill(first)
        wait_for(lambda: runs.state_of(ws, run_id).state in (State.DONE, State.FAILED))
        second = runs.state_of(ws, run_id)

    assert runs.state_of(ws, here).state is second.state is State.DONE
    assert {first, second.node} == {"one", "two"}
    assert history(ws, run_id) == history(ws, here)
    said = [str(sentence) for sentence in runs.log(ws, run_id)]
    assert any("interrupted" in sentence for sentence in said)
