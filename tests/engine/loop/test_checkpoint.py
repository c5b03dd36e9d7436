"""Checkpoints: whole or not there, the last two kept, a broken one passed over."""

import errno
from pathlib import Path

import numpy as np
import pytest

from core.engine import disk_space
from core.engine.loop import checkpoint
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.errors import UserError


def made(num_epochs: int) -> Checkpoint:
    rng = np.random.default_rng(num_epochs)
    arrays = [rng.random((3, 2)).astype("float32"), np.array(num_epochs)]
    return Checkpoint(TrainingState(epoch=num_epochs, num_epochs=num_epochs), arrays, arrays[:1])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_saved_is_read_back_to_the_bit(tmp_path: Path):
    checkpoint.save(tmp_path / "c", made(12))

    found = checkpoint.latest(tmp_path / "c")

    assert found is not None
    assert found.state == made(12).state
    assert [a.tobytes() for a in found.arrays] == [a.tobytes() for a in made(12).arrays]
    assert [a.dtype for a in found.best] == [np.float32]


def test_only_the_last_two_are_kept(tmp_path: Path):
    for num_epochs in (1, 2, 9, 10):
        checkpoint.save(tmp_path, made(num_epochs))

    assert names(tmp_path) == ["00009.npz", "00010.npz"]


@pytest.mark.parametrize("length", [0, 40, -30])
def test_a_broken_checkpoint_is_passed_over_for_the_one_before(tmp_path: Path, length: int):
    checkpoint.save(tmp_path, made(1))
    checkpoint.save(tmp_path, made(2))
    newest = tmp_path / "00002.npz"
    newest.write_bytes(newest.read_bytes()[:length])

    found = checkpoint.latest(tmp_path)

    assert found is not None
    assert found.state.num_epochs == 1


def test_one_changed_bit_is_noticed(tmp_path: Path):
    checkpoint.save(tmp_path, made(1))
    path = tmp_path / "00001.npz"
    data = bytearray(path.read_bytes())
    data[data.index(made(1).arrays[0].tobytes())] ^= 1
    path.write_bytes(data)

    assert checkpoint.latest(tmp_path) is None


def test_no_changed_bit_is_an_error_or_another_checkpoint(tmp_path: Path):
    checkpoint.save(tmp_path, made(1))
    path = tmp_path / "00001.npz"
    sound = path.read_bytes()
    for bit in range(0, 8 * len(sound), 5):
        data = bytearray(sound)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)

        found = checkpoint.latest(tmp_path)

        if found is not None:
            assert found.state == made(1).state
            for ours, theirs in ((found.arrays, made(1).arrays), (found.best, made(1).best)):
                assert [a.tobytes() for a in ours] == [a.tobytes() for a in theirs]


@pytest.mark.parametrize(
    ("where", "error"), [(np, MemoryError()), (Path, OSError(errno.EMFILE, "Too many open files"))]
)
def test_what_the_system_refuses_costs_no_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, error: Exception
):
    checkpoint.save(tmp_path, made(1))

    def refuse(*args: object, **kwargs: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(where, "load" if where is np else "open", refuse)
        with pytest.raises(type(error)):
            checkpoint.latest(tmp_path)

    assert names(tmp_path) == ["00001.npz"]


def test_without_a_folder_there_is_none(tmp_path: Path):
    assert checkpoint.latest(tmp_path / "none") is None


def test_a_disk_without_room_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(UserError, match="nearly full"):
        disk_space.check_space(tmp_path, 2**60)

    assert names(tmp_path) == []
