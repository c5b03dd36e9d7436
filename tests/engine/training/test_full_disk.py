"""Training on a full disk: a sentence, nothing lost, and on to the bit once there is room."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core import runs
from core.errors import UserError
from core.records import EpochMetrics, State
from core.records.requests import TrainRun
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace
from tests import builders, disks
from tests.engine import jobs

pytestmark = pytest.mark.engine
TINY = replace(jobs.TINY, backbone="MobileNet-0.25", freeze="block_12")  # files of some size
FULLER = (0, 20_000, 1_000_000, 2_000_000, 3_200_000)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with disks.small(tmp_path_factory.mktemp("small") / "disk", megabytes=24) as folder:
        ws = Workspace(folder / "workspace")
        builders.make_dataset(ws, num=20)
        yield ws


@pytest.fixture(scope="module")
def engine(disk: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THAW_LOCKS", str(tmp_path_factory.mktemp("locks")))
        process = EngineProcess("train", disk)
        process.start()
    yield process
    process.kill()


@pytest.fixture
def _empty_cache(disk: Workspace) -> None:
    """Have everything that a run writes written anew."""
    shutil.rmtree(disk.cache, ignore_errors=True)


@pytest.fixture(scope="module")
def whole(disk: Workspace, engine: EngineProcess) -> list[EpochMetrics]:
    """What a run tells that had room all the time."""
    run_id = runs.create(disk, TINY)
    engine.ask(TrainRun(run_id=run_id))
    return told(disk, run_id)


@pytest.mark.usefixtures("_empty_cache")
@pytest.mark.parametrize(
    "free",
    [
        2_400_000,
        *(pytest.param(n, marks=pytest.mark.slow) for n in FULLER),
    ],
)
def test_a_run_on_a_full_disk_says_so_and_goes_on_when_there_is_room(
    disk: Workspace, engine: EngineProcess, whole: list[EpochMetrics], free: int
):
    run_id = runs.create(disk, TINY)
    full = disks.filled(disk.root.parent, leave=free)
    with full, pytest.raises(UserError, match=r"disk is (nearly )?full"):
        engine.ask(TrainRun(run_id=run_id))

    answer = engine.ask(TrainRun(run_id=run_id))

    assert answer.ended is State.DONE
    assert told(disk, run_id) == whole


def told(ws: Workspace, run_id: str) -> list[EpochMetrics]:
    return [replace(e, seconds=0.0, images_per_second=0.0) for e in runs.epochs(ws, run_id)]


def test_a_log_that_cannot_be_written_silences_no_answer(disk: Workspace, engine: EngineProcess):
    """The log of the engine lies on the full disk, too."""
    run_id = runs.create(disk, TINY)
    disk.run(run_id).config.unlink()

    with disks.filled(disk.root.parent, leave=0), pytest.raises(UserError, match="not be read"):
        engine.ask(TrainRun(run_id=run_id))

    assert engine.alive
