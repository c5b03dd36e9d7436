"""The trash: in and out whole, for seven days, and then really gone."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from core import datasets, locks, privacy, runs, trash, workspace
from core.errors import UserError
from core.records import State, TrainConfig
from core.runs import refitting
from core.workspace import Workspace
from tests.builders import make_dataset, make_run

ROOT = Path(__file__).parents[3]
CONFIG = TrainConfig(dataset_id="colours-0000", epochs=3)
DAY = 86_400


def content(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def age(ws: Workspace, thing: trash.Trashed, days: float) -> trash.Trashed:
    """Let a thing lie in the trash for so many days already."""
    at = thing.deleted_at - int(days * DAY)
    path = thing.path.rename(thing.path.with_name(f"{thing.id}.{at}"))
    return replace(thing, deleted_at=at, path=path)


def test_what_is_missed_and_lies_in_the_trash_is_said_to_lie_there(ws: Workspace):
    dataset = make_dataset(ws)
    run_id = make_run(ws)
    run = runs.get(ws, run_id)
    runs.delete(ws, run_id)
    datasets.delete(ws, dataset.id)

    for read, name in ((runs.get, run_id), (datasets.get, dataset.id)):
        with pytest.raises(UserError, match=f"python -m core trash restore {name}"):
            read(ws, name)
    refusal = refitting.why_not(ws, run)
    assert refusal is not None
    assert "put it back on the Data page" in str(refusal)
    trash.empty(ws)
    with pytest.raises(UserError, match="Choose one from the Runs page"):
        runs.get(ws, run_id)


def test_a_deleted_run_comes_back_as_it_was(ws: Workspace):
    run_id = make_run(ws)
    before, files_before = runs.get(ws, run_id), content(ws.run(run_id).path)

    runs.delete(ws, run_id)
    assert runs.ids(ws) == []
    assert [(thing.kind, thing.id) for thing in trash.listing(ws)] == [
        (trash.TrashKind.RUN, run_id)
    ]
    runs.restore(ws, run_id)

    assert runs.get(ws, run_id) == before
    assert content(ws.run(run_id).path) == files_before
    assert trash.listing(ws) == []


def test_a_deleted_data_set_comes_back_to_its_runs(ws: Workspace):
    dataset = make_dataset(ws)
    run_id = make_run(ws, config=replace(CONFIG, dataset_id=dataset.id))

    datasets.delete(ws, dataset.id)
    assert runs.ids(ws) == [run_id]
    assert datasets.ids(ws) == []
    datasets.restore(ws, dataset.id)

    assert datasets.get(ws, runs.get(ws, run_id).config.dataset_id) == dataset
    assert len(datasets.images(ws, dataset.id)) == dataset.num_images


def test_a_data_set_whose_name_was_taken_meanwhile_comes_back_with_a_number(ws: Workspace):
    first = make_dataset(ws, name="pets")
    datasets.delete(ws, first.id)
    make_dataset(ws, name="pets")

    datasets.restore(ws, first.id)

    assert datasets.get(ws, first.id).name == "pets 2"


def test_the_parent_of_a_clone_comes_back_under_its_id(ws: Workspace):
    parent = make_run(ws)
    clone = make_run(ws, config=replace(CONFIG, cloned_from=parent))

    runs.delete(ws, parent)
    runs.restore(ws, parent)

    assert runs.get(ws, runs.get(ws, clone).config.cloned_from).id == parent


def test_a_run_that_waited_waits_again(ws: Workspace):
    run_id = make_run(ws, state=State.QUEUED)

    runs.delete(ws, run_id)
    assert runs.next_queued(ws) is None
    runs.restore(ws, run_id)

    assert runs.next_queued(ws) == run_id


def test_a_run_that_a_worker_has_just_taken_is_not_deleted(ws: Workspace):
    run_id = make_run(ws, state=State.QUEUED)

    with locks.hold(ws.run(run_id).lock), pytest.raises(UserError, match="still training"):
        runs.delete(ws, run_id)

    assert runs.ids(ws) == [run_id]


def test_what_is_not_in_the_trash_or_is_there_already_is_a_sentence(ws: Workspace):
    run_id = make_run(ws)
    runs.delete(ws, run_id)
    shutil.copytree(trash.find(ws, run_id).path, ws.run(run_id).path)  # out of a backup

    with pytest.raises(UserError, match="something called"):
        runs.restore(ws, run_id)
    with pytest.raises(UserError, match="Nothing called 'x' lies in the trash"):
        trash.find(ws, "x")
    assert trash.find(ws, run_id)


def test_what_lay_there_for_seven_days_goes_for_good(ws: Workspace):
    old, new = make_run(ws), make_run(ws)
    for run_id in (old, new):
        runs.delete(ws, run_id)
    gone = age(ws, trash.find(ws, old), 7)
    age(ws, trash.find(ws, new), 6.9)

    trash.expire(ws)

    assert [thing.id for thing in trash.listing(ws)] == [new]
    assert not gone.path.exists()
    assert not list(ws.emptied.iterdir())


def test_emptying_leaves_no_byte_of_what_was_deleted(ws: Workspace):
    dataset, run_id = make_dataset(ws), make_run(ws)
    converted = workspace.converted(ws.cache, run_id)
    converted.mkdir(parents=True)
    (converted / "network.bin").write_bytes(b"the model")
    runs.delete(ws, run_id)
    datasets.delete(ws, dataset.id)
    assert all(trash.size_of(thing) > 1000 for thing in trash.listing(ws))

    trash.empty(ws)

    assert trash.listing(ws) == []
    assert content(ws.trash) == {}
    assert not converted.exists()


def test_what_was_deleted_first_goes_first(ws: Workspace):
    made = [make_run(ws) for _ in range(3)]
    for days, run_id in enumerate(made):
        runs.delete(ws, run_id)
        age(ws, trash.find(ws, run_id), days)

    for left in ([made[0], made[1]], [made[0]], []):
        assert trash.drop_oldest(ws)
        assert [thing.id for thing in trash.listing(ws)] == left
    assert not trash.drop_oldest(ws)


def test_the_trash_is_its_owners_alone(ws: Workspace):
    with privacy.private():
        runs.delete(ws, make_run(ws))
    ws.trash.chmod(0o755)

    privacy.close(ws.root)

    assert not any(path.stat().st_mode & 0o077 for path in (ws.trash, *ws.trash.rglob("*")))


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from core import datasets, runs, trash
    from core.workspace import Workspace

    ws, doing, run_id, dataset_id, last = Workspace(Path(sys.argv[1])), *sys.argv[2:]
    steps = []
    EVENTS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")

    def step(event, values):
        if event in EVENTS:
            steps.append(event)
            if len(steps) == wanted:
                os.kill(os.getpid(), signal.SIGKILL)

    wanted = 0
    for wanted in range(1, int(last) + 1):
        child = os.fork()
        if not child:
            ws = Workspace(ws.root.parent / f"{doing}-{wanted}")
            sys.addaudithook(step)
            if doing == "delete":
                runs.delete(ws, run_id)
                datasets.delete(ws, dataset_id)
            elif doing == "restore":
                runs.restore(ws, run_id)
                datasets.restore(ws, dataset_id)
            else:
                trash.empty(ws)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize(("doing", "num_steps"), [("delete", 5), ("restore", 2), ("empty", 12)])
def test_whatever_is_cut_off_is_here_or_there_or_gone_and_never_half(
    ws: Workspace, doing: str, num_steps: int
):
    dataset, run_id = make_dataset(ws, num=1), make_run(ws)
    whole = {run_id: content(ws.run(run_id).path), dataset.id: content(ws.dataset(dataset.id).path)}
    if doing != "delete":
        runs.delete(ws, run_id)
        datasets.delete(ws, dataset.id)
    killed = [Workspace(ws.root.parent / f"{doing}-{step}") for step in range(1, num_steps + 1)]
    for copy in killed:
        shutil.copytree(ws.root, copy.root)

    arguments = [str(ws.root), doing, run_id, dataset.id, str(num_steps)]
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip

    assert said == [str(-signal.SIGKILL)] * num_steps
    for copy in killed:
        here = {name: copy.run(name).path for name in runs.ids(copy)}
        here |= {name: copy.dataset(name).path for name in datasets.ids(copy)}
        there = {thing.id: thing.path for thing in trash.listing(copy)}
        assert not here.keys() & there.keys()
        for name, path in (here | there).items():
            assert content(path) == whole[name]
        assert doing == "empty" or (here | there).keys() == whole.keys()
        trash.empty(copy)
        assert content(copy.trash) == {}
        assert {*os.listdir(copy.runs), *os.listdir(copy.datasets)} == here.keys()


def test_a_run_whose_name_was_taken_away_is_called_by_its_backbone(ws: Workspace):
    run_id = make_run(ws)
    runs.rename(ws, run_id, "second try")
    runs.rename(ws, run_id, "")
    backbone = runs.get(ws, run_id).config.backbone

    runs.delete(ws, run_id)

    assert trash.name_of(trash.find(ws, run_id)) == backbone
