"""Attempts at a run: each in a folder of its own, and what becomes of it."""

from pathlib import Path

import pytest

from core.cluster import attempts
from core.run_folder import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    (tmp_path / "run").mkdir()
    return RunFolder(tmp_path / "run")


def keep(folder: RunFolder, *epochs: int, text: str = "whole") -> None:
    folder.checkpoints.mkdir(exist_ok=True)
    for path in folder.checkpoints.iterdir():
        path.unlink()
    for epoch in epochs:
        (folder.checkpoints / f"{epoch:05d}.npz").write_text(text)


def kept(folder: RunFolder) -> list[str]:
    return sorted(path.name for path in folder.checkpoints.glob("*"))


def test_a_page_follows_the_attempt_in_the_folder_of_the_run(run: RunFolder):
    first = attempts.begin(run)
    first.folder.metrics.write_text("one\n")
    keep(first.folder, 1)
    attempts.mirror(first)
    first.folder.metrics.write_text("one\ntwo\n")
    keep(first.folder, 2, 3)
    attempts.mirror(first)

    assert run.metrics.read_text() == "one\ntwo\n"
    assert kept(run) == ["00002.npz", "00003.npz"]


def test_a_checkpoint_trained_again_is_taken_anew(run: RunFolder):
    first = attempts.begin(run)
    keep(first.folder, 1, text="of whole batches")
    attempts.mirror(first)
    keep(first.folder, 1, text="of half batches")
    attempts.mirror(first)

    assert (run.checkpoints / "00001.npz").read_text() == "of half batches"


def test_the_next_attempt_goes_on_from_the_last_though_nobody_looked(run: RunFolder):
    first = attempts.begin(run)
    first.folder.metrics.write_text("one\n")
    keep(first.folder, 1)

    second = attempts.begin(run)

    assert (second.number, second.folder.metrics.read_text()) == (2, "one\n")
    assert kept(second.folder) == kept(run) == ["00001.npz"]


def test_what_is_believed_dead_can_spoil_nothing(run: RunFolder):
    first = attempts.begin(run)
    keep(first.folder, 1)
    log = first.folder.log.open("a")
    second = attempts.begin(run)

    log.write("still here")
    log.close()
    with pytest.raises(FileNotFoundError):
        first.folder.metrics.write_text("wrong")
    second.folder.metrics.write_text("right")
    attempts.publish(second)

    assert run.metrics.read_text() == "right"
    assert run.log.read_text() == ""


def test_an_attempt_that_answered_leaves_a_folder_as_if_it_had_been_trained_here(run: RunFolder):
    first = attempts.begin(run)
    keep(first.folder, 1)
    attempts.mirror(first)
    first.folder.tensorboard.mkdir()
    (first.folder.tensorboard / "events").touch()
    first.folder.model.write_text("model")
    first.folder.card.write_text("card")
    keep(first.folder)
    first.folder.checkpoints.rmdir()

    attempts.publish(first)

    assert sorted(path.name for path in run.path.iterdir()) == [
        *("model.json", "model.keras", "tensorboard"),
    ]


def test_one_that_ended_with_an_error_leaves_its_checkpoint(run: RunFolder):
    first = attempts.begin(run)
    keep(first.folder, 1)

    attempts.publish(first)

    assert kept(run) == ["00001.npz"]
    assert attempts.begin(run).number == 1


def test_cut_off_while_it_is_moved_the_next_attempt_finds_the_card_or_the_checkpoint(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    first = attempts.begin(run)
    keep(first.folder, 1)
    attempts.mirror(first)
    keep(first.folder)
    first.folder.model.write_text("model")
    first.folder.card.write_text("card")
    moved: list[Path] = []

    def move(source: Path, target: Path) -> None:
        if source == first.folder.card:
            raise KeyboardInterrupt
        moved.append(source)

    monkeypatch.setattr(attempts, "_move", move)
    with pytest.raises(KeyboardInterrupt):
        attempts.publish(first)

    assert moved == [first.folder.model]
    assert kept(attempts.begin(run).folder) == ["00001.npz"]


def test_the_name_of_the_node_is_known_once_it_began(run: RunFolder):
    first = attempts.begin(run)
    assert first.node == ""

    first.folder.node.write_text("two")

    assert first.node == "two"
