"""Exports that were made are found, listed, sent and deleted; of another model they are none."""

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli, files
from core.errors import UserError
from core.exports import store
from core.exports.browser import placing
from core.exports.proving import proof
from core.records import Export
from core.words import render
from core.workspace import Workspace
from tests import builders
from tests.builders import PARITY, put_export


@pytest.fixture
def run_id(ws: Workspace) -> str:
    builders.make_dataset(ws)
    return builders.make_run(ws)


def test_an_export_is_found_listed_sent_and_deleted(ws: Workspace, run_id: str):
    folder = put_export(ws, run_id)

    found = store.find(ws, run_id, "onnx")
    assert found is not None
    assert found.path == str(folder / "thaw.onnx")
    assert store.listed(ws, run_id) == (found,)
    assert store.file_of(ws, run_id, "onnx") == folder / "thaw.onnx"
    store.delete(ws, run_id, "onnx")

    assert store.listed(ws, run_id) == ()
    assert not folder.exists()


def test_an_export_of_an_earlier_model_of_the_run_is_none(ws: Workspace, run_id: str):
    put_export(ws, run_id)
    later = ws.run(run_id).exports.stat().st_mtime + 100
    os.utime(ws.run(run_id).model, (later, later))

    assert store.find(ws, run_id, "onnx") is None


def test_an_export_that_was_tried_by_an_earlier_rule_is_none(ws: Workspace, run_id: str):
    record = put_export(ws, run_id, "litert-int8") / "export.json"
    made = json.loads(record.read_text())
    del made["rule"]  # as it was written before there was another
    record.write_text(json.dumps(made))

    assert store.listed(ws, run_id) == ()
    with pytest.raises(UserError, match="was not made of this run yet"):
        store.file_of(ws, run_id, "litert-int8")


def test_what_was_left_in_the_folder_goes_with_the_next_export(ws: Workspace, run_id: str):
    kept, exports = put_export(ws, run_id), ws.run(run_id).exports
    (exports / f"thaw-{run_id}.zip").write_bytes(b"of an earlier version")
    abandoned, busy = exports / ".onnx.1.part", exports / ".onnx.2.part"
    for part in (abandoned, busy):
        part.mkdir()
    os.utime(abandoned, (1, 1))

    with store.placed(ws.run(run_id), "keras") as made:
        (made / "export.json").touch()

    assert sorted(path.name for path in exports.iterdir()) == [busy.name, "keras", kept.name]


def test_of_two_processes_that_export_at_once_the_quicker_one_s_stays(ws: Workspace, run_id: str):
    theirs, part = put_export(ws, run_id), ws.run(run_id).exports / ".onnx.part"
    part.mkdir()
    (part / "export.json").write_text("{}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.shutil, "rmtree", lambda *_, **__: None)  # theirs came after that
        store._put(part, theirs)

    assert store.find(ws, run_id, "onnx") is not None
    assert part.exists()  # and is removed by whoever made it


def test_a_model_that_changed_meanwhile_is_not_given_away(ws: Workspace, run_id: str, monkeypatch):
    def write(ws, run, entry, part, engine, tell):
        later = run.model.stat().st_mtime + 100
        os.utime(run.model, (later, later))

    monkeypatch.setattr(store, "_write", write)

    with pytest.raises(UserError, match="changed while it was exported"):
        store.make(ws, run_id, "keras", engine=None, tell=print)  # type: ignore[arg-type]
    assert store.find(ws, run_id, "keras") is None
    assert [path.name for path in ws.run(run_id).exports.iterdir()] == []


def test_what_was_not_tried_is_not_sent(ws: Workspace, run_id: str):
    with pytest.raises(UserError, match="was not made of this run yet"):
        store.file_of(ws, run_id, "keras")


def test_a_page_is_one_file_or_a_folder(ws: Workspace, run_id: str, tmp_path: Path):
    folder = put_export(ws, run_id, "browser")
    with zipfile.ZipFile(folder / "thaw.zip", "w") as archive:
        archive.writestr("index.html", "a page")
    made = store.find(ws, run_id, "browser")
    assert made is not None
    assert store.file_of(ws, run_id, "browser", as_folder=True) == folder / "thaw.zip"
    assert store.file_of(ws, run_id, "browser").name == "thaw.onnx"

    for name in ("page.html", "page.zip", "page"):
        done = placing.copy(made, tmp_path / name)
        assert (done.path, done.parity) == (str(tmp_path / name), PARITY)

    assert (tmp_path / "page.html").read_bytes() == b"a model"
    assert zipfile.is_zipfile(tmp_path / "page.zip")
    assert (tmp_path / "page" / "index.html").read_text() == "a page"
    for name in ("page", "none/page", "none/page.html", "page.html/page"):
        with pytest.raises(UserError):
            placing.copy(made, tmp_path / name)
    assert sorted(path.name for path in tmp_path.glob(".*.part")) == []


def test_a_bundle_is_sent_by_the_name_that_it_had(ws: Workspace, run_id: str):
    folder = put_export(ws, run_id, "bundle")

    assert store.file_of(ws, run_id, "keras-zip") == folder / "thaw.onnx"


@pytest.mark.parametrize("name", ["name", "test", "evaluation", "junk_test", "unknown"])
def test_a_bundle_whose_card_says_less_than_is_known_now_is_none(ws, run_id: str, name: str):
    for format in ("bundle", "onnx"):
        put_export(ws, run_id, format)
    path = getattr(ws.run(run_id), name)
    path.touch()
    later = path.stat().st_mtime + 100
    os.utime(path, (later, later))

    assert store.find(ws, run_id, "bundle") is None
    assert store.find(ws, run_id, "onnx") is not None


def test_the_proof_of_a_bundle_is_that_of_the_model_it_opens_and_of_each(ws: Workspace):
    parts = tuple(
        Export(format=name, path=f"model.{name}", num_bytes=10, sha256="0", parity=PARITY)
        for name in ("onnx", "litert-int8")
    )
    made = replace(parts[0], format="bundle", parts=parts)

    told = [render(one) for one in (*proof.sentences(made), *proof.of_parts(made))]

    assert told[0].startswith("Opened in a program of its own, it gave the same class")
    assert told[2].startswith("ONNX (model.onnx): Opened in a program of its own")
    assert told[3].startswith("LiteRT, 8 bits throughout (model.litert-int8): Compressed")
    assert files.decode(Export, files.encode(made)) == made


def test_the_proof_is_said_in_words(ws: Workspace, run_id: str):
    put_export(ws, run_id)
    put_export(ws, run_id, "litert-int8")
    put_export(ws, run_id, "browser", replace(PARITY, agreement=62 / 63, max_difference=0.0123))

    told = {
        made.format: [render(sentence) for sentence in proof.sentences(made)]
        for made in store.listed(ws, run_id)
    }
    same, lost = told["onnx"], told["litert-int8"]

    assert "the same class as Predict in 63 answers; no probability differs by more than" in same[0]
    assert told["browser"][0] == (
        "Opened in a browser, it gave the same class as Predict in 98% of 63 answers; no "
        "probability differs by more than 0.02."
    )
    assert same[1] == "1.6 MB; 1.2 ms for an image on one processor."
    assert lost[0].startswith("Compressed: it gives the same class as Predict in 100% of 63")
    assert lost[1].endswith("66% are right; the change is 0 points (-5 to +5).")


def test_the_command_lists_formats_and_gives_what_was_made(ws, run_id, capsys, tmp_path: Path):
    put_export(ws, run_id)
    words = ["export", run_id, "--workspace", str(ws.root)]

    assert cli.main([*words, "--list"]) == 0
    listed = capsys.readouterr().out
    assert cli.main([*words, "--format", "onnx", "--out", str(tmp_path / "m.onnx")]) == 0
    assert cli.main([*words, "--format", "onnx"]) == 2

    assert cli.main([*words, "--format", "onnx", "--out", "m", "--models", "keras"]) == 2
    assert "bundle: All in one ZIP" in listed
    assert "onnx: ONNX. One file that many programs read" in listed
    assert "keras: Keras model." in listed
    assert "[ready]" in listed
    told = capsys.readouterr().err
    assert "The place for the file is missing." in told
    assert "The format 'onnx' takes no --models." in told
    assert (tmp_path / "m.onnx").read_bytes() == b"a model"
