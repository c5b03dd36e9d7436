"""Records that a run leaves for its judge: read as written, damaged ones are not there."""

from pathlib import Path

import pytest

from core.records import BlockMovement, Movement, RunEvaluation
from core.run_folder import RunFolder
from core.run_results import evaluation, movement


def moved(*last: float) -> Movement:
    blocks = [
        BlockMovement(
            name=f"block_{i}", weights=0.0, weights_last=0.1, features=1.0, features_last=one
        )
        for i, one in enumerate(last)
    ]
    return Movement(images=200, blocks=tuple(blocks))


def test_what_is_written_is_read(tmp_path: Path):
    folder = RunFolder(tmp_path)
    assert evaluation.read(folder) is movement.read(folder) is None

    evaluation.write(folder, RunEvaluation(temperature=1.5))
    movement.write(folder, moved(0.9))

    assert evaluation.read(folder) == RunEvaluation(temperature=1.5)
    assert movement.read(folder) == moved(0.9)
    assert '"task": "classification"' in folder.evaluation.read_text()
    assert '"task": "classification"' in folder.movement.read_text()


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_not_there(tmp_path: Path, share: float):
    folder = RunFolder(tmp_path)
    movement.write(folder, moved(0.9))
    whole = folder.movement.read_text()

    folder.movement.write_text(whole[: int(share * len(whole))])

    assert movement.read(folder) is None


def test_a_backbone_is_destroyed_where_the_last_state_sees_other_things_at_its_end():
    assert movement.is_destroyed(moved(0.9, 0.3))
    assert not movement.is_destroyed(moved(0.3, 0.9))
    assert not movement.is_destroyed(moved())
