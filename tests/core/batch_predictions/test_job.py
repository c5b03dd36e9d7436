"""A batch of predictions: bounded, one broken image costs itself, and a kill costs nothing."""

import os
import zipfile
from pathlib import Path

import pytest

from core import files, trash
from core.batch_predictions import job, store
from core.batch_predictions.folder import folder_of
from core.cli import trashing
from core.errors import UserError
from core.records.batches import BatchStage, BatchState
from core.words import say
from core.workspace import Workspace
from pages._shared import trash as shown
from tests import builders
from tests.core.batch_predictions.conftest import Colours, as_engine, begun


def many(folder: Path, num: int) -> Path:
    for seed in range(num):
        builders.write_image(folder / f"{seed}.png", seed=seed, size=8)
    return folder


def test_every_image_is_answered_and_what_cannot_be_read_says_why(worked):
    ws, batch_id = worked

    rows = {row.answer.file: row for row in store.rows(ws, batch_id)}

    state = store.get(ws, batch_id).state
    assert (state.stage, state.done, state.total, state.num_others) == (BatchStage.DONE, 7, 7, 1)
    assert {name: row.answer.label for name, row in rows.items()} == {
        "site 1/red/1.png": "red",
        "site 1/red/2.png": "red",
        "site 1/green/1.png": "green",
        "site 2/red/1.png": "green",
        "site 2/green/=cmd()|' !A0.png": "green",
        "site 2/broken.jpg": "",
        "site 2/empty.png": "",
    }
    assert rows["site 2/broken.jpg"].answer.problem
    assert (folder_of(ws, batch_id).copies / rows["site 1/red/1.png"].stored).is_file()


class KilledError(BaseException):
    """As if the process had been killed."""


def test_a_batch_that_was_killed_goes_on_where_it_was(ws: Workspace, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(job, "AT_ONCE", 4)
    batch_id = begun(ws, many(tmp_path / "photos", 10))

    def kill(colours: Colours, images: object) -> None:
        if len(colours.asked) == 2:
            raise KilledError

    with pytest.raises(KilledError):
        job.work(ws, batch_id, as_engine(Colours(ends=kill)))
    with folder_of(ws, batch_id).rows.open("ab") as file:
        file.write(b'{"answer": {"fi')  # a line that was being written
    assert len(store.rows(ws, batch_id)) == 8

    again = Colours()
    job.work(ws, batch_id, as_engine(again))

    assert again.asked == [2]
    assert sorted(row.answer.file for row in store.rows(ws, batch_id)) == sorted(
        f"{number}.png" for number in range(10)
    )
    assert store.get(ws, batch_id).state.stage is BatchStage.DONE


def test_a_batch_is_stopped_and_goes_on(ws: Workspace, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(job, "AT_ONCE", 4)
    batch_id = begun(ws, many(tmp_path / "photos", 10))

    job.work(ws, batch_id, as_engine(Colours(ends=lambda *given: store.request_stop(ws, batch_id))))

    stopped = store.get(ws, batch_id).state
    assert stopped.stage is BatchStage.STOPPED
    assert 0 < stopped.done < 10
    store.go_on(ws, batch_id)
    job.work(ws, batch_id, as_engine(Colours()))
    assert store.get(ws, batch_id).state.done == len(store.rows(ws, batch_id)) == 10


def test_an_image_over_which_the_engine_ends_costs_itself_alone(ws: Workspace, tmp_path: Path):
    batch_id = begun(ws, many(tmp_path / "photos", 5))
    poison: Path | None = None

    def end(colours: Colours, images: list[Path]) -> None:
        nonlocal poison
        poison = poison or images[2]
        if poison in images:
            raise UserError(say("No."), expected=say("Yes."), mend=say("Ask again."))

    job.work(ws, batch_id, as_engine(Colours(ends=end)))

    assert store.get(ws, batch_id).state.stage is BatchStage.DONE
    assert [bool(row.answer.problem) for row in store.rows(ws, batch_id)].count(True) == 1


def test_an_engine_that_ends_over_everything_is_no_fault_of_the_images(
    ws: Workspace, tmp_path: Path
):
    batch_id = begun(ws, many(tmp_path / "photos", 3))

    def end(*given: object) -> None:
        raise UserError(say("No."), expected=say("Yes."), mend=say("Ask again."))

    job.work(ws, batch_id, as_engine(Colours(ends=end)))

    state = store.get(ws, batch_id).state
    assert (state.stage, store.rows(ws, batch_id)) == (BatchStage.FAILED, ())
    assert state.error
    assert state.error.what == say("No.")
    store.go_on(ws, batch_id)
    job.work(ws, batch_id, as_engine(Colours()))
    assert len(store.rows(ws, batch_id)) == 3


def test_an_archive_that_a_browser_sent_is_taken_over_and_read(ws: Workspace, tmp_path: Path):
    picture = builders.write_image(tmp_path / "1.png").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("cam/1.png", picture)
        packed.writestr("../../evil.png", picture)
    staged = ws.ingest("sent")
    staged.incoming.mkdir(parents=True)
    os.rename(tmp_path / "a.zip", staged.incoming / "000000")
    (staged.incoming / "names.jsonl").write_text('{"file": "a.zip", "stored": "000000"}\n')
    builders.make_dataset(ws)
    batch_id = store.begin(ws, builders.make_run(ws), name="a", uploaded="sent")

    job.work(ws, batch_id, as_engine(Colours()))

    assert not staged.path.exists()
    rows = {row.answer.file: row.answer for row in store.rows(ws, batch_id)}
    assert rows["cam/1.png"].label == "red"
    assert rows["../../evil.png"].problem
    store.delete(ws, batch_id)
    assert store.listing(ws) == []
    assert not folder_of(ws, batch_id).path.exists()


def test_a_batch_goes_to_the_trash_and_comes_back_as_it_was(ws: Workspace, tmp_path: Path):
    batch_id = begun(ws, builders.write_folder(tmp_path / "trap", num=1))
    job.work(ws, batch_id, as_engine(Colours()))
    before = store.get(ws, batch_id), store.rows(ws, batch_id)

    store.delete(ws, batch_id)

    [thing] = trash.listing(ws)
    assert (thing.kind, thing.id) == (trash.TrashKind.BATCH, batch_id)
    assert trash.name_of(thing) == before[0].request.name
    with pytest.raises(UserError) as refused:
        store.get(ws, batch_id)
    assert f"trash restore {batch_id}" in str(refused.value.problem.mend)
    assert (
        trashing.RESTORE.keys() == shown.RESTORE.keys() == shown.KINDS.keys() == {*trash.TrashKind}
    )
    trashing.RESTORE[thing.kind](ws, batch_id)
    assert (store.get(ws, batch_id), store.rows(ws, batch_id)) == before
    assert trash.listing(ws) == []


def test_a_folder_without_an_image_and_one_that_is_gone_are_refused(ws: Workspace, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", tmp_path / "gone"):
        batch_id = begun(ws, source)
        job.work(ws, batch_id, as_engine(Colours()))

        state = store.get(ws, batch_id).state
        assert state.stage is BatchStage.FAILED
        assert state.error


@pytest.mark.parametrize(
    ("stalled", "stop", "expected"),
    [(0, False, BatchStage.RUNNING), (9, False, BatchStage.FAILED), (0, True, BatchStage.STOPPED)],
)
def test_a_batch_whose_process_died_goes_on_unless_it_dies_again_and_again(
    ws: Workspace, tmp_path: Path, stalled: int, stop: bool, expected: BatchStage, monkeypatch
):
    batch_id = begun(ws, tmp_path)
    folder, started = folder_of(ws, batch_id), list[str]()
    monkeypatch.setattr(store, "start", lambda ws, batch_id: started.append(batch_id))
    files.write_record(folder.state, BatchState(stage=BatchStage.RUNNING, stalled=stalled))
    store.revive(ws)
    assert not started, "one that begins just now is left alone"
    if stop:
        store.request_stop(ws, batch_id)
    os.utime(folder.state, (0, 0))

    store.revive(ws)

    assert store.get(ws, batch_id).state.stage is expected
    assert started == ([batch_id] if expected is BatchStage.RUNNING else [])
