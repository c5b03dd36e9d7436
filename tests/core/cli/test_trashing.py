"""What the commands delete lies in the trash, unless it is to go at once."""

from dataclasses import replace

from core import datasets, runs, trash
from core.records import State
from core.workspace import Workspace
from tests import builders
from tests.core.cli.test_commands import answer, core


def test_what_was_deleted_is_listed_and_put_back(ws: Workspace):
    dataset, run_id = builders.make_dataset(ws), builders.make_run(ws)
    runs.rename(ws, run_id, "the best")

    assert f"trash restore {run_id}' puts it back" in core(ws, "delete", run_id).stdout
    assert core(ws, "delete-dataset", dataset.id).returncode == 0
    listed = answer(core(ws, "trash", "list", "--json"))["trash"]
    told = core(ws, "trash", "list").stdout
    restored = core(ws, "trash", "restore", run_id, dataset.id, run_id)

    assert sorted((row["kind"], row["id"], row["name"]) for row in listed) == [
        ("dataset", dataset.id, "colours"),
        ("run", run_id, "the best"),
    ]
    assert all(row["goes_at"] - row["deleted_at"] == 7 * 86_400 for row in listed)
    assert "MB  the best" in told
    assert restored.returncode == 0
    assert (runs.ids(ws), datasets.ids(ws)) == ([run_id], [dataset.id])


def test_who_still_learns_from_a_deleted_run_is_told(ws: Workspace):
    builders.make_dataset(ws)
    teacher = builders.make_run(ws)
    config = replace(runs.get(ws, teacher).config, teacher=teacher, optimizer="adam")
    builders.make_run(ws, state=State.QUEUED, config=config)

    assert "1 run still needs it and will fail." in core(ws, "delete", teacher).stdout


def test_now_deletes_for_good(ws: Workspace):
    dataset, run_id = builders.make_dataset(ws), builders.make_run(ws)

    assert answer(core(ws, "delete", run_id, "--now", "--json"))["in_trash"] is False
    assert "for good" in core(ws, "delete-dataset", dataset.id, "--now").stdout

    assert not trash.listing(ws)
    assert not [path for path in ws.trash.rglob("*") if path.is_file()]


def test_the_trash_is_emptied_of_one_thing_or_of_all(ws: Workspace):
    made = [builders.make_run(ws) for _ in range(3)]
    for run_id in made:
        runs.delete(ws, run_id)

    assert answer(core(ws, "trash", "empty", made[1], "--json")) == {"emptied": [made[1]]}
    assert {thing.id for thing in trash.listing(ws)} == {made[0], made[2]}
    assert "Deleted 2 things for good." in core(ws, "trash", "empty").stdout
    assert not trash.listing(ws)


def test_what_is_not_in_the_trash_is_a_sentence_and_nothing_is_done(ws: Workspace):
    run_id = builders.make_run(ws)
    runs.delete(ws, run_id)

    for words in (("restore",), ("restore", run_id, "x"), ("empty", run_id, "x"), ("away",)):
        done = core(ws, "trash", *words)
        assert (done.returncode, done.stderr[:6]) == (2, "error:")

    assert [thing.id for thing in trash.listing(ws)] == [run_id]
