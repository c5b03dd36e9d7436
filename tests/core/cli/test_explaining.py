"""The command explain: what it writes and prints, and what it refuses."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core import cli
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders

FAKE = (sys.executable, str(Path(__file__).parents[2] / "fake_engine.py"))


@pytest.fixture(autouse=True)
def _fake_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a small process that answers like the engine."""
    made = lambda ws: Engine(ws, EngineProcess("serve", ws, FAKE))  # noqa: E731
    monkeypatch.setattr(cli.explaining, "Engine", made)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return builders.write_image(tmp_path / "photo.png")


def explained(
    ws: Workspace, run_id: str, photo: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, dict[str, Any]]:
    """Run the command; give its exit code and its object."""
    words = ["explain", run_id, str(photo), *options, "--json", "--workspace", str(ws.root)]
    code = cli.main([*words, "--out", str(photo.with_name("heat.png"))])
    return code, json.loads(capsys.readouterr().out)


def test_a_picture_is_written_and_told_of(ws: Workspace, photo: Path, capsys):
    code, found = explained(ws, builders.make_run(ws), photo, capsys, "--label", "dog")

    out = photo.with_name("heat.png")
    assert code == 0
    assert found == {
        "path": str(out),
        "label": "dog",
        "probability": 0.75,
        "method": "cam",
        "milliseconds": 7.5,
    }
    with Image.open(out) as picture:
        assert min(picture.size) >= 320


def test_part_after_part_is_covered_or_one_alone(ws: Workspace, photo: Path, capsys):
    run_id = builders.make_run(ws)

    _, parts = explained(ws, run_id, photo, capsys, "--occlude")
    _, one = explained(ws, run_id, photo, capsys, "--occlude", "0", "0", "50", "100")

    assert (parts["method"], "covered" in parts) == ("occlusion", False)
    assert (one["method"], one["covered"]) == ("cam", {"label": "other", "probability": 0.25})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--label", "dgo"], "Did you mean 'dog'?"),
        (["--occlude", "0", "0", "50"], "Give all four"),
        (["--occlude", "50", "0", "20", "100"], "Left is less than right"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    ws: Workspace, photo: Path, capsys, options: list[str], said: str
):
    code, found = explained(ws, builders.make_run(ws), photo, capsys, *options)

    assert code == cli.EXIT_MISUSED
    assert said in found["error"]["mend"]
    assert not photo.with_name("heat.png").exists()


def test_a_class_is_explained_over_its_pictures(ws: Workspace, photo: Path, capsys):
    run_id, out = builders.make_run(ws), photo.with_name("heat.png")
    words = ["explain", run_id, "--class", "green", "--out", str(out), "--workspace", str(ws.root)]

    code = cli.main([*words, "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (found["label"], found["images"], found["is_at_border"]) == ("green", 20, True)
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("words", [[], ["photo.png", "--class", "green"]])
def test_one_thing_is_explained_at_a_time(ws: Workspace, words: list[str], tmp_path: Path, capsys):
    out = ["--out", str(tmp_path / "heat.png"), "--workspace", str(ws.root)]

    code = cli.main(["explain", builders.make_run(ws), *words, *out])

    assert code == cli.EXIT_MISUSED
    assert "Give one of them" in capsys.readouterr().err
