"""Checkpoints: whole or not there, the last two kept, a broken one passed over."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from core.engine import disk_space
from core.engine.loop import checkpoint
from core.engine.loop.checkpoint import Checkpoint
from core.engine.loop.schedules import TrainingState
from core.errors import UserError
from core.records import Phase


def made(num_epochs: int) -> Checkpoint:
    rng = np.random.default_rng(num_epochs)
    values = [rng.random((3, 2)).astype("float32")]
    state = TrainingState(epoch=num_epochs, num_epochs=num_epochs)
    right = [np.arange(5) % 2 == i for i in (0, 1)]
    return Checkpoint(state, values, [np.array(num_epochs)], right[0], [values[0] / 2], right[1])


def arrays(saved: Checkpoint) -> list[np.ndarray]:
    return [
        *saved.values,
        *saved.optimizer,
        *saved.before,
        saved.right,
        saved.right_before,
    ]


def same(one: Checkpoint, other: Checkpoint) -> bool:
    return one.state == other.state and [(a.dtype, a.tobytes()) for a in arrays(one)] == [
        (a.dtype, a.tobytes()) for a in arrays(other)
    ]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_saved_is_read_back_to_the_bit(tmp_path: Path):
    checkpoint.save(tmp_path / "c", made(12))

    found = checkpoint.latest(tmp_path / "c")

    assert found is not None
    assert same(found, made(12))
    assert [len(found.values), len(found.optimizer), len(found.before)] == [1, 1, 1]


def test_a_checkpoint_of_old_goes_on_with_its_best_as_what_is_kept(tmp_path: Path):
    """Versions that kept the best epoch wrote what learns, its optimizer, and the best of it."""
    learns, adam, best = np.float32([1, 2]), np.float32([0.1]), np.float32([3, 4])
    state = {"phase": "fine_tune", "epoch": 2, "num_epochs": 5, "batch_size": 8}
    state |= {"best_phase": "head", "best_epoch": 3, "best_loss": 0.5, "best_accuracy": 0.75}
    named = {"standing": np.array(json.dumps(state)), "counts": np.array([2, 1])}
    np.savez(tmp_path / "00005.npz", **named, state0=learns, state1=adam, best0=best)

    found = checkpoint.latest(tmp_path)

    assert found is not None
    kept = (found.state.kept_phase, found.state.kept_epoch, found.state.kept_accuracy)
    assert kept == (Phase.HEAD, 3, 0.75)
    [[values], [optimizer], [before]] = found.values, found.optimizer, found.before
    assert all(map(np.array_equal, (values, optimizer, before), (learns, adam, best)))
    assert len(found.right) == len(found.right_before) == 0


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
    data[data.index(made(1).values[0].tobytes())] ^= 1
    path.write_bytes(data)

    assert checkpoint.latest(tmp_path) is None


@pytest.mark.parametrize("every", [27, pytest.param(5, marks=pytest.mark.slow)])
def test_no_changed_bit_is_an_error_or_another_checkpoint(tmp_path: Path, every: int):
    checkpoint.save(tmp_path, made(1))
    path = tmp_path / "00001.npz"
    sound = path.read_bytes()
    for bit in range(0, 8 * len(sound), every):
        data = bytearray(sound)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)

        found = checkpoint.latest(tmp_path)

        if found is not None:
            assert same(found, made(1))


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
