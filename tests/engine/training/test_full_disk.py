"""Training on a full disk: a sentence, nothing lost, and on to the bit once there is room."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core import runs
from core.errors import UserError
from core.records import EpochMetrics, State, TrainConfig
from core.records.requests import Predict, TrainRun
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace
from tests import builders, disks
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
LARGER = replace(jobs.TINY, backbone="MobileNet-0.25", freeze="block_12")  # files of some size
FULLER = (0, 20_000, 1_000_000, 2_000_000, 2_400_000, 3_200_000)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with disks.small(tmp_path_factory.mktemp("small") / "disk", megabytes=24) as folder:
        ws = Workspace(folder / "workspace")
        builders.make_dataset(ws, num=20)
        yield ws


@pytest.fixture(autouse=True)
def _empty_cache(disk: Workspace) -> None:
    """Have everything that a run writes written anew."""
    shutil.rmtree(disk.cache, ignore_errors=True)


def test_a_run_on_a_full_disk_ends_and_goes_on_when_there_is_room(disk: Workspace):
    whole, _ = jobs.run(disk)
    run_id = runs.create(disk, jobs.TINY)
    full = disks.filled(disk.root.parent, leave=400_000)
    with full, pytest.raises((OSError, UserError), match=r"nearly full|No space left"):
        jobs.run(disk, run_id=run_id)
    interrupted = len(runs.epochs(disk, run_id))

    _, ended = jobs.run(disk, run_id=run_id)

    assert 0 < interrupted < 5
    assert ended == "done"
    assert jobs.history(disk, run_id) == jobs.history(disk, whole)


@pytest.fixture(scope="module")
def engine(disk: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THAW_LOCKS", str(tmp_path_factory.mktemp("locks")))
        process = EngineProcess("train", disk)
        process.start()
    yield process
    process.kill()


@pytest.fixture(scope="module")
def whole(disk: Workspace, engine: EngineProcess) -> list[EpochMetrics]:
    """What a run tells that had room all the time."""
    run_id = runs.create(disk, LARGER)
    engine.ask(TrainRun(run_id=run_id))
    return jobs.history(disk, run_id)


@pytest.mark.slow
@pytest.mark.parametrize("free", FULLER)
def test_a_larger_run_on_a_full_disk_says_so_and_goes_on_when_there_is_room(
    disk: Workspace, engine: EngineProcess, whole: list[EpochMetrics], free: int
):
    run_id = runs.create(disk, LARGER)
    full = disks.filled(disk.root.parent, leave=free)
    with full, pytest.raises(UserError, match=r"disk is (nearly )?full"):
        engine.ask(TrainRun(run_id=run_id))

    answer = engine.ask(TrainRun(run_id=run_id))

    assert answer.ended is State.DONE
    assert jobs.history(disk, run_id) == whole


def test_a_log_that_cannot_be_written_silences_no_answer(disk: Workspace):
    """The log of the engine lies on the full disk, too."""
    config = TrainConfig(dataset_id="colours-0000")
    run_id = builders.make_run(disk, config=config)
    disk.run(run_id).model.unlink()
    server = EngineProcess("serve", disk)
    server.start()

    try:
        with disks.filled(disk.root.parent, leave=0), pytest.raises(UserError, match="not be read"):
            server.ask(Predict(run_id=run_id, files=()))

        assert server.alive
    finally:
        server.kill()
