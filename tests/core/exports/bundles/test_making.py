"""Which models a bundle holds, in which order, and how it is put into a ZIP."""

import stat
import zipfile
from pathlib import Path

import pytest

from core.errors import UserError
from core.exports.bundles import making
from core.exports.formats import EXPORT_FORMATS, format_of
from core.records.choices import ExportFormat
from core.workspace import Workspace
from tests import builders
from tests.new_entries import WORDS


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that is a page which opens by itself."""
    entry = ExportFormat(**{**WORDS, "name": "browser"}, suffix="-page.html", runtime="browser")
    monkeypatch.setitem(EXPORT_FORMATS, "browser", entry)  # type: ignore[arg-type]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("asked", "ordered"),
    [
        (["keras", "litert", "onnx"], ["onnx", "litert", "keras"]),
        (["litert-int8", "keras"], ["keras", "litert-int8"]),  # the exact one is opened
        (["litert-int8", "litert-float16"], ["litert-int8", "litert-float16"]),
        (["browser", "litert-int8", "keras", "keras"], ["keras", "litert-int8", "browser"]),
    ],
)
def test_the_exact_model_of_the_smallest_runtime_comes_first(asked, ordered):
    assert making._in_order(asked) == ordered


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (["bundle"], "A bundle holds no 'bundle'."),
        (["browser"], "A bundle needs a model that its script can open."),
        (["onx"], "There is no export format called 'onx'."),
    ],
)
def test_what_cannot_be_gathered_is_refused(asked, what: str):
    with pytest.raises(UserError) as refused:
        making._in_order(asked)

    assert refused.value.render()["what"] == what


@pytest.mark.usefixtures("page")
def test_a_page_goes_along_where_it_was_made(ws: Workspace, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("THAW_EXPORT_TOOLS", str(tmp_path))
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)

    before = making.usual(ws, run_id)
    builders.put_export(ws, run_id, "browser")

    assert (before, making.usual(ws, run_id)) == (("keras",), ("keras", "browser"))


def test_files_of_a_bundle_can_be_read_by_everybody(tmp_path: Path):
    (tmp_path / "in" / "saved_model").mkdir(parents=True)
    for name in ("model.keras", "saved_model/a.pb"):
        (tmp_path / "in" / name).write_bytes(b"x" * 10)
        (tmp_path / "in" / name).chmod(0o600)  # as in a workspace

    making._zip(tmp_path / "in", tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        modes = {i.filename: stat.S_IMODE(i.external_attr >> 16) for i in archive.infolist()}
        assert archive.testzip() is None
    assert modes == {"model.keras": 0o644, "saved_model/a.pb": 0o644}


@pytest.mark.parametrize("name", ["keras", "litert", "litert-int8", "onnx"])
def test_models_of_one_format_in_several_sizes_have_names_of_their_own(ws, tmp_path, name: str):
    run_id = builders.make_run(ws)
    folder = builders.put_export(ws, run_id, name)
    made = making.store.find(ws, run_id, name)
    assert made is not None

    put = making._put_model(made, tmp_path)

    assert put == f"model{format_of(name).suffix}"
    assert (tmp_path / put).read_bytes() == (folder / "thaw.onnx").read_bytes()


def test_a_bundle_that_holds_just_that_is_not_made_again(ws: Workspace):
    run_id = builders.make_run(ws)
    builders.put_export(ws, run_id, "keras")
    part = making.store.find(ws, run_id, "keras")
    assert part is not None
    builders.put_export(ws, run_id, "bundle", parts=(part,))

    found = making.make(ws, run_id, ["keras"], None, lambda message: None)  # type: ignore[arg-type]

    assert found.format == "bundle"
    assert found == making.store.find(ws, run_id, "bundle")
