"""What THAW_EXECUTOR may say, and what is refused with a sentence."""

import pytest

from core import runs
from core.errors import UserError
from core.records import TrainConfig
from core.runs import executors
from core.runs.sharing import clusters
from core.workspace import Workspace

RAY = {"THAW_EXECUTOR": "ray:head.local:6379", "RAY_AUTH_MODE": "token"}


@pytest.mark.parametrize("environment", [{}, {"THAW_EXECUTOR": ""}, {"THAW_EXECUTOR": "local"}])
def test_runs_are_trained_here_unless_asked_otherwise(environment: dict[str, str]):
    assert clusters.kind_of(environment) == "local"


@pytest.mark.parametrize("value", ["slurm", "ray", "ray:", "ray:head", "RAY:head:6379", "inline"])
def test_an_executor_that_there_is_not_is_refused(value: str):
    with pytest.raises(UserError, match="THAW_EXECUTOR") as refused:
        clusters.kind_of({"THAW_EXECUTOR": value})

    assert f"'{value}'" in str(refused.value)
    assert "ray:HEAD:6379" in str(refused.value)


def test_a_cluster_without_ray_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clusters, "find_spec", lambda name: None)

    with pytest.raises(UserError, match=r"requirements-cluster\.txt"):
        clusters.kind_of(RAY)


@pytest.mark.parametrize("mode", ["", "disabled"])
def test_a_cluster_without_a_token_is_refused(mode: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clusters, "find_spec", lambda name: True)

    with pytest.raises(UserError, match="RAY_AUTH_MODE"):
        clusters.kind_of({**RAY, "RAY_AUTH_MODE": mode})


@pytest.mark.parametrize("address", ["head.local:6379", "10.0.0.1:6379", "[::1]:6379"])
def test_the_address_of_the_cluster_is_read(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clusters, "find_spec", lambda name: True)

    assert clusters.address_of({**RAY, "THAW_EXECUTOR": f"ray:{address}"}) == address


def test_the_process_that_takes_runs_is_another_for_a_cluster(monkeypatch: pytest.MonkeyPatch):
    assert executors.module() == "core.runs.worker"

    monkeypatch.setattr(clusters, "find_spec", lambda name: True)
    for name, value in RAY.items():
        monkeypatch.setenv(name, value)

    assert executors.module() == "core.cluster"


def test_no_run_is_queued_for_an_executor_that_there_is_not(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("THAW_EXECUTOR", "slurm")

    with pytest.raises(UserError, match="slurm"):
        runs.create(ws, TrainConfig(dataset_id="d"))

    assert runs.ids(ws) == []
