"""One run as a ZIP: it comes back in any workspace, and nothing that a stranger wrote does harm."""

import inspect as signatures
import json
from dataclasses import replace
from pathlib import Path

import pytest

from core import files, runs
from core.backbones import bringing as models
from core.backups import restoring
from core.backups.single import bringing, inspection, kept, packing
from core.classroom import allowances, audit, people
from core.classroom.folder import folder_in
from core.cli import main
from core.errors import UserError
from core.records import Split, State, TrainConfig
from core.records.classroom import ActKind
from core.run_results import folds, pooled, predictions
from core.words import say
from core.workspace import RunFolder, Workspace
from tests.core.backups.single import run_zips
from tests.core.backups.single.run_zips import WRONG


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, Path]:
    ws = Workspace(tmp_path_factory.mktemp("packed") / "workspace")
    run_id = run_zips.finished(ws)
    runs.rename(ws, run_id, "my birds")
    path, _ = packing.pack(ws, run_id, ws.root.with_name("run.zip"))
    return ws, run_id, path


@pytest.fixture
def zipped(packed) -> Path:
    return packed[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many classes a model was opened for, without Keras."""
    asked: list[int] = []
    monkeypatch.setattr(models, "ask_alone", lambda ws, request: asked.append(request.classes))
    return asked


def test_it_is_a_run_of_another_workspace_with_all_that_judges_it(packed, ws, opened):
    home, old, path = packed

    new = bringing.bring(ws, path)

    there, here = runs.get(home, old), runs.get(ws, new)
    assert new != old
    assert here.card == replace(there.card, run_id=new)
    assert (here.name, here.config, here.epochs) == ("my birds", there.config, there.epochs)
    assert (here.state.state, here.score) == (State.DONE, there.score)
    for read in (folds.read, pooled.read):
        assert str(read(ws.run(new))) == str(read(home.run(old)))
    found, was = (predictions.read(f, Split.VALIDATION) for f in (ws.run(new), home.run(old)))
    assert (found.logits == was.logits).all()
    assert not bringing.has_images(ws, new)
    assert bringing.has_images(home, old)
    assert opened == [2]
    assert [run.id for run in runs.all_summaries(ws)] == [new]
    assert not list(ws.staged_runs.iterdir())


def test_it_comes_in_twice_and_beside_the_one_that_it_was(packed, opened):
    home, old, path = packed

    first, second = bringing.bring(home, path), bringing.bring(home, path)

    assert len({old, first, second}) == 3
    assert bringing.has_images(home, first)
    for run_id in (first, second):
        runs.delete(home, run_id)


def test_only_what_the_list_names_of_a_run_is_in_it(ws, tmp_path):
    run_id = run_zips.finished(ws)
    folder = ws.run(run_id)
    files.append_record(folder.log, say("{secret}", secret="x"))
    for other in (
        folder.checkpoints / "1.npz",
        folder.exports / "onnx" / "thaw.onnx",
        folder.output,
    ):
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(b"x")

    path, manifest = packing.pack(ws, run_id, tmp_path / "run.zip")

    names = {file.name for file in manifest.files}
    assert names <= {f"runs/{run_id}/{name}" for name in kept.FILES}
    assert manifest.run == run_id
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_file_of_a_run_is_taken_or_left_out_on_purpose():
    left_out = {
        *(
            "star",
            "stop",
            "lock",
            "reserve",
            "progress.json",
            "log.jsonl",
            "output.txt",
            "node.txt",
        ),
        *("checkpoints", "map.npz", "map.json", "map_stop", "exports", "tensorboard"),
        *("judged.json", "curve.json"),  # of runs of studies, which keep no model
    }
    known = {
        getattr(RunFolder(Path("run")), name).name
        for name, value in signatures.getmembers(RunFolder)
        if isinstance(value, property)
    }

    assert known == left_out | kept.FILES


@pytest.mark.parametrize("name", WRONG)
def test_what_a_stranger_wrote_is_refused_with_its_reason(zipped, tmp_path, name):
    change, reason = WRONG[name]
    parts = run_zips.parts_of(zipped)
    change(parts, tmp_path) if name.startswith("model: ") else change(parts)

    with pytest.raises(UserError) as raised:
        inspection.inspect(run_zips.write(tmp_path / "wrong.zip", parts), tmp_path / "apart")

    assert reason in str(raised.value)


@pytest.mark.parametrize("run", ["", "../x", "a/b", 7, "x" * 100])
def test_what_names_no_run_is_none(zipped, tmp_path, run):
    path = run_zips.write(tmp_path / "wrong.zip", run_zips.parts_of(zipped), run)

    with pytest.raises(UserError):
        inspection.inspect(path, tmp_path / "apart")


def test_a_refusal_leaves_nothing_behind(zipped, ws, tmp_path, opened):
    parts = run_zips.parts_of(zipped)
    WRONG["pickled arrays"][0](parts)

    with pytest.raises(UserError, match=r"numbers in 'features\.npz'"):  # of the process apart
        bringing.bring(ws, run_zips.write(tmp_path / "wrong.zip", parts))

    assert (opened, runs.ids(ws), list(ws.staged_runs.iterdir())) == ([], [], [])


def test_a_model_that_does_not_open_leaves_nothing_behind(zipped, ws, monkeypatch):
    def refuse(ws: Workspace, request: object) -> None:
        raise UserError(say("no"), expected=say("yes"), mend=say("try"))

    monkeypatch.setattr(models, "ask_alone", refuse)
    with pytest.raises(UserError, match="no"):
        bringing.bring(ws, zipped)

    assert (runs.ids(ws), list(ws.staged_runs.iterdir())) == ([], [])


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_what_was_cut_off_or_changed_is_refused(zipped, tmp_path, share):
    data = bytearray(zipped.read_bytes())
    (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * share)])
    data[data.index(b'"num_train"')] ^= 1
    (tmp_path / "changed.zip").write_bytes(data)

    for name in ("cut.zip", "changed.zip"):
        with pytest.raises(UserError, match="no whole backup"):
            inspection.inspect(tmp_path / name, tmp_path / name.removesuffix(".zip"))


def test_sentences_of_a_stranger_are_not_taken_over(zipped, tmp_path):
    parts = run_zips.parts_of(zipped)
    text = {"text": "{x:>99999999999}", "values": [["x", "1"]], "plural": ""}
    problem = dict.fromkeys(("what", "expected", "mend"), text)
    run_zips.changed("state.json", error=problem, surprise="x")(parts)

    inspection.inspect(run_zips.write(tmp_path / "odd.zip", parts), tmp_path / "apart")

    state = json.loads((tmp_path / "apart" / "run" / "state.json").read_text())
    assert state["error"] is None
    assert "surprise" not in state


def test_only_a_run_with_a_model_ispacked(ws, tmp_path):
    waits = runs.create(ws, TrainConfig(dataset_id="d"))
    for run_id in (waits, "none", "../x", f"{waits}__0-0"):
        with pytest.raises(UserError):
            packing.pack(ws, run_id, tmp_path / "run.zip")
    assert not (tmp_path / "run.zip").exists()


def test_the_commands_write_it_and_bring_it_in(packed, ws, tmp_path, capsys, opened):
    home, run_id, path = packed
    out, where = str(tmp_path / "a.zip"), ["--json", "--workspace"]

    assert main(["backup", out, "--run", run_id, *where, str(home.root)]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == run_id
    assert main(["restore", out, *where, str(ws.root)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert runs.ids(ws) == [told["run"]]
    assert not told["images_here"]
    assert main(["backup", out, "--run", run_id, "--dataset", "d", *where, str(home.root)]) == 2
    with pytest.raises(UserError, match="ZIP file of one run"):  # it would be trusted
        restoring.restore(path, tmp_path / "new")
    assert main(["restore", out, "--into", str(tmp_path / "new"), *where, str(ws.root)]) == 2


def test_a_pupil_has_room_for_it_or_is_told(zipped, ws, opened):
    room = folder_in(ws.root)
    ws.root.mkdir()
    ada = people.join(room, "Ada")
    allowances.allow(room, {"free_gigabytes": 0})

    run_id = bringing.bring(room.workspace(ada.id), zipped)
    allowances.allow(room, {"gigabytes": 0})
    with pytest.raises(UserError, match="In this class you have"):
        bringing.bring(room.workspace(ada.id), zipped)

    last = [act for act in audit.read(room) if act.person == ada.id][-1]
    assert (last.verb, last.ids) == (ActKind.IMPORT_RUN, (run_id,))
