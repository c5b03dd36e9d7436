"""A workspace of a teacher with two pupils, and its backup."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from core.backups import contents, writing
from core.classroom import folder, people
from core.records import State
from core.web import access
from core.workspace import Workspace
from tests.builders import make_dataset, make_run


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ws = Workspace(tmp_path_factory.mktemp("made") / "workspace")
    make_run(ws, state=State.DONE)
    make_dataset(ws, num=4)
    room = folder.folder_in(ws.root)
    ada = people.workspace_of(room, people.join(room, "Ada"))
    people.join(room, "Ben")
    make_dataset(ada, num=4)
    make_run(ada, state=State.DONE)
    access.secret(ws.root)
    ws.cache.mkdir(exist_ok=True)
    (ws.cache / "features").write_text("large")
    writing.back_up(ws.root, ws.root.with_name("all.zip"))
    return ws.root


@pytest.fixture
def full(_made: Path, ws: Workspace) -> Workspace:
    """Give a workspace of a teacher with two pupils, one of whom has done nothing yet."""
    shutil.copytree(_made, ws.root)
    return ws


@pytest.fixture
def packed(_made: Path, tmp_path: Path) -> Path:
    """Give a backup of such a workspace."""
    return Path(shutil.copy(_made.with_name("all.zip"), tmp_path / "all.zip"))


def content(root: Path) -> dict[str, str]:
    """Give the hash of each file that a backup keeps, and the folders of pupils."""
    units = list(contents.units(root))
    found = [p for unit in units for p in ([unit] if unit.is_file() else unit.rglob("*"))]
    kept = [p for p in found if p.is_file() and contents.is_kept(p.name)]
    homes = {str(p.relative_to(root)): "" for p in (root / "classroom/workspaces").glob("*")}
    return homes | {str(p.relative_to(root)): sha256(p.read_bytes()).hexdigest() for p in kept}
