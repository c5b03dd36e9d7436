"""A workspace is its owner's alone; what was asked for elsewhere is not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cli, privacy
from core.records import State
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def old(ws: Workspace) -> Workspace:
    """A workspace as earlier versions wrote it: readable by everybody."""
    builders.make_dataset(ws)
    builders.make_run(ws, state=State.DONE)
    (ws.root / "secret.key").write_text("x" * 43)
    return ws


def open_to_others(root: Path) -> list[str]:
    every = (root, *root.rglob("*"))
    return sorted(str(p.relative_to(root)) for p in every if p.lstat().st_mode & 0o077)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_an_existing_workspace_is_closed_when_its_owner_opens_it(old: Workspace):
    assert len(open_to_others(old.root)) > 10

    assert cli.main(["datasets", "--workspace", str(old.root)]) == 0

    assert open_to_others(old.root) == []
    assert mode(old.root) == mode(old.datasets) == 0o700
    assert mode(old.root / "secret.key") == 0o600


def test_one_that_was_cut_short_is_closed_the_next_time(old: Workspace):
    old.root.chmod(0o700)
    old.runs.chmod(0o700)

    privacy.close(old.root)

    assert not [path for path in open_to_others(old.root) if not path.startswith("runs/")]


def test_a_workspace_that_cannot_be_written_to_stays_so(old: Workspace):
    old.root.chmod(0o555)
    (old.root / "secret.key").chmod(0o444)

    privacy.close(old.root)

    assert mode(old.root) == 0o500
    assert mode(old.root / "secret.key") == 0o400


def test_what_else_lies_in_a_folder_is_left_alone(old: Workspace):
    (old.root / "thesis").mkdir()
    (old.root / "thesis" / "a.txt").touch()

    privacy.close(old.root)

    assert open_to_others(old.root) == [".", "thesis", "thesis/a.txt"]


@pytest.mark.parametrize("name", ["runs/detect/weights.pt", "datasets/coco/a.jpg", "a.txt"])
def test_a_folder_that_is_no_workspace_is_left_alone(tmp_path: Path, name: str):
    path = tmp_path / "project" / name
    path.parent.mkdir(parents=True)
    path.touch()
    before = open_to_others(tmp_path / "project")

    privacy.close(tmp_path / "project")

    assert open_to_others(tmp_path / "project") == before
    assert name in before


def test_another_users_workspace_is_left_alone(old: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: old.root.stat().st_uid + 1)

    privacy.close(old.root)

    assert mode(old.root) == 0o755


def test_a_link_in_a_workspace_closes_nothing_elsewhere(old: Workspace, tmp_path: Path):
    (tmp_path / "elsewhere").touch(0o644)
    (old.datasets / "link").symlink_to(tmp_path / "elsewhere")

    privacy.close(old.root)

    assert mode(tmp_path / "elsewhere") == 0o644


def test_an_export_has_the_permissions_that_the_user_gives(ws: Workspace, tmp_path: Path):
    run_id = builders.make_run(ws, state=State.DONE)
    with privacy.private():
        builders.put_export(ws, run_id, "onnx")
    os.umask(0o027)
    out = tmp_path / "model.zip"

    cli.main(["export", run_id, "--format", "onnx", "--out", str(out), "--workspace", str(ws.root)])

    assert mode(out) == 0o640
    assert os.umask(0o027) == 0o027


def test_children_know_the_users_umask(tmp_path: Path):
    with privacy.private():
        (tmp_path / "ours").touch()
        with privacy.private(), privacy.as_user():  # as a process that was started from here
            (tmp_path / "theirs").touch()
        (tmp_path / "shared").touch()
        privacy.share(tmp_path / "shared")

    modes = [mode(tmp_path / name) for name in ("ours", "theirs", "shared")]
    assert modes == [0o600, 0o644, 0o644]
