"""The Runs page: a run that was downloaded elsewhere comes in, or is refused in plain words."""

import shutil

import pytest

from core import runs
from core.backbones import bringing as models
from core.backups.single import packing
from core.ingest import requests
from core.web import uploads
from core.workspace import Workspace
from pages._runs.keeping import arriving
from tests.core.backups.single import run_zips


@pytest.fixture
def sent(ws: Workspace, tmp_path, monkeypatch, open_page):
    """Give a function that opens the page on which a file was sent."""
    monkeypatch.setattr(models, "ask_alone", lambda ws, request: None)
    ws.root.mkdir(exist_ok=True)

    def send(path):
        upload = requests.begin(ws)
        incoming = ws.ingest(upload).incoming
        shutil.copy(path, incoming / "000000")
        uploads._note(incoming, [uploads.StoredFile(file="a.zip", stored="000000", num_bytes=1)])
        once = iter(["a.zip"])
        monkeypatch.setattr(arriving, "file_sender", lambda **given: next(once, ""))
        app = open_page("home")
        app.switch_page("runs.py")
        app.session_state["run-upload"] = upload
        app.session_state["bring-run"] = True
        return app.run()

    return send


def test_a_run_from_elsewhere_opens_under_its_link(ws, tmp_path, sent):
    home = Workspace(tmp_path / "home")
    path, _ = packing.pack(home, run_zips.finished(home), tmp_path / "run.zip")

    app = sent(path)

    assert not app.exception
    assert len(runs.ids(ws)) == 1
    assert any("Its data set is not here" in caption.value for caption in app.caption)
    assert not list(ws.staging.glob("2*"))


def test_what_is_no_run_is_told_and_nothing_stays(ws, tmp_path, sent):
    (tmp_path / "no.zip").write_bytes(b"no")

    app = sent(tmp_path / "no.zip")

    assert not app.exception
    assert runs.ids(ws) == []
    assert "no whole backup" in " ".join(str(one.proto) for one in app.error)
