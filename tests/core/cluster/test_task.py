"""What a node does before an engine of its own begins: it looks whether it is able."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.cluster import code, task
from core.cluster.nodes import Work
from core.errors import UserError
from core.records.requests import TrainRun, decode_answer
from core.runs.engine_process import EngineProcess
from core.workspace import Workspace


def refused(ws: Workspace, work: Work) -> str:
    engine = EngineProcess("train", ws, ("/nothing/that/starts",))
    outcome = task.do(work, "two", engine)
    assert outcome.row is not None
    with pytest.raises(UserError) as raised:
        decode_answer(TrainRun(run_id="r"), outcome.row)
    return str(raised.value)


def test_a_node_without_the_folder_or_with_another_thaw_is_refused_by_its_name(
    ws: Workspace, tmp_path: Path
):
    work = Work(verb="train", root=str(tmp_path), line="", folder=str(tmp_path))

    unseen = refused(ws, replace(work, folder=str(tmp_path / "attempt-1")))
    unlike = refused(ws, replace(work, code="of another version"))

    assert unseen.startswith(f"The node two does not see the folder {tmp_path}.")
    assert unlike.startswith("The node two has another version of Thaw than this computer.")
    assert not list(tmp_path.iterdir())


def test_any_change_of_the_code_is_another_version(tmp_path: Path):
    folder = tmp_path / "core"
    folder.mkdir()
    (folder / "a.py").write_text("a = 1")
    first = code.digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").touch()
    assert code.digest(folder) == first

    (folder / "a.py").write_text("a = 2")
    second = code.digest(folder)
    (folder / "a.py").rename(folder / "b.py")

    assert len({first, second, code.digest(folder)}) == 3
