"""What is made ready before Start, and that a run finds it and answers as without it."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from core.engine.features import cache_folder
from core.engine.networks import converting, network
from core.engine.training import prebuild
from core.errors import UserError
from core.records import TrainConfig
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs, tiny

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]

FROZEN = replace(jobs.TINY, weights="imagenet", freeze="all", epochs=2, fine_tune_epochs=0)


@pytest.fixture(scope="module")
def keras_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_weights(tmp_path_factory.mktemp("keras"))


@pytest.fixture(autouse=True)
def _nothing_kept(ws: Workspace, keras_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    network._unchanging.cache_clear()
    builders.make_dataset(ws, num=20)


def test_a_run_finds_its_network_built_and_converted(ws: Workspace, monkeypatch):
    plain = Workspace(ws.root.with_name("plain"))
    expected, _ = jobs.run(plain, FROZEN)
    network._unchanging.cache_clear()

    assert prebuild.build(ws, FROZEN, jobs.CPU)

    monkeypatch.setattr(converting, "to_files", _refuse)
    monkeypatch.setattr(network.backbones, "build_backbone", _refuse)
    run_id, ended = jobs.run(ws, FROZEN)
    assert ended == "done"
    assert jobs.history(ws, run_id) == jobs.history(plain, expected)
    assert all("TensorFlow does its work" not in line for line in jobs.sentences(ws, run_id))


def test_what_thaws_a_part_finds_the_network_for_its_head(ws: Workspace, monkeypatch):
    thawed = replace(FROZEN, freeze="block4")

    assert prebuild.build(ws, replace(thawed, fine_tune_epochs=1), jobs.CPU)

    monkeypatch.setattr(converting, "to_files", _refuse)
    run_id, _ = jobs.run(ws, thawed)
    assert "OpenVINO" in " ".join(jobs.sentences(ws, run_id))


@pytest.mark.parametrize(
    "config",
    [
        replace(FROZEN, weights="none"),
        replace(FROZEN, backbone="ResNet50"),  # no weights here
    ],
)
def test_what_would_download_or_learns_from_nothing_is_left_alone(
    ws: Workspace, config: TrainConfig, monkeypatch, tmp_path
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "empty"))

    assert not prebuild.build(ws, config, jobs.CPU)

    assert not ws.cache.exists()


def test_a_large_network_is_left_alone(ws: Workspace, monkeypatch):
    monkeypatch.setattr(prebuild, "MOST_PARAMETERS", 20_000)

    assert not prebuild.build(ws, FROZEN, jobs.CPU)


def test_what_a_run_is_converting_is_left_to_it(ws: Workspace, monkeypatch):
    prebuild.build(ws, FROZEN, jobs.CPU)
    [key] = [folder.name for folder in ws.cache.iterdir() if (folder / "choice.json").exists()]
    shutil.rmtree(ws.cache / key)

    with (
        cache_folder.locked(ws.cache, key, waiting=lambda: None, stop=lambda: False),
        ThreadPoolExecutor(1) as elsewhere,  # one thread may not wait for itself
    ):
        assert not elsewhere.submit(prebuild.build, ws, FROZEN, jobs.CPU).result()

    assert not (ws.cache / key).exists()


def test_what_a_run_would_be_refused_for_is_raised(ws: Workspace):
    with pytest.raises(UserError, match="data set"):
        prebuild.build(ws, replace(FROZEN, dataset_id="missing"), jobs.CPU)


def _refuse(*args: object, **kwargs: object) -> None:
    raise AssertionError("this was to be done before")
