"""The command map: the file that it writes, what it prints, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import cli, datasets, runs
from core.cli.writing import mapping
from core.insights.mapping import jobs
from core.records import Split
from core.run_results import pooled
from core.workspace import Workspace
from tests import builders


@pytest.fixture
def run_id(ws: Workspace) -> str:
    """A run with features, and a map of them that need not be made."""
    builders.make_dataset(ws, num=20, side=8)
    made = builders.make_run(ws)
    builders.write_features(ws, made)
    return made


def mapped(ws: Workspace, run_id: str, out: Path, capsys: Any) -> tuple[int, dict[str, Any]]:
    """Run the command; give its exit code and its object."""
    words = ["map", run_id, "--out", str(out), "--workspace", str(ws.root), "--json"]
    return cli.main(words), json.loads(capsys.readouterr().out)


def test_the_file_has_every_image_with_its_place(ws: Workspace, run_id: str, tmp_path, capsys):
    found, out = builders.write_map(ws, run_id), tmp_path / "map.json"

    code, printed = mapped(ws, run_id, out, capsys)

    assert code == 0
    assert printed == {"path": str(out), "points": 34}
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["task"] == "classification"
    assert told["seconds"] == 1.23
    assert told["neighbours"] == {
        "number": 5,
        "same_class_on_map": found.on_map,
        "same_class_in_features": 0.875,
    }
    images = datasets.images(ws, runs.get(ws, run_id).config.dataset_id)
    files = {i.content: (i.file, i.split.value, i.label) for i in images}
    listed = [(row["file"], row["part"], row["true"]) for row in told["points"]]
    assert listed == [files[content] for content in found.contents]
    assert [[row["x"], row["y"]] for row in told["points"]] == found.positions.tolist()
    named = {row["file"]: row["predicted"] for row in told["points"]}
    assert {named[row["file"]] for row in told["points"] if row["part"] == "train"} == {None}
    wrong = [row for row in told["points"] if row["predicted"] not in (None, row["true"])]
    assert len(wrong) == 1  # every eighth of six
    assert named["green/14.png"] == "green"


def test_a_map_that_is_not_there_is_made_and_kept(ws: Workspace, run_id: str, tmp_path, capsys):
    code, printed = mapped(ws, run_id, tmp_path / "map.json", capsys)

    kept = jobs.found(ws, run_id)
    assert code == 0
    assert printed["points"] == 34
    assert kept is not None
    told = json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))
    assert told["points"][0]["x"] == float(kept.positions[0, 0])


def test_why_there_is_no_map_is_told(ws: Workspace, run_id: str, tmp_path, capsys):
    had = pooled.read(ws.run(run_id))
    assert had is not None
    few = had.of(Split.VALIDATION)
    pooled.write(ws.run(run_id), few)

    code, printed = mapped(ws, run_id, tmp_path / "map.json", capsys)

    assert code == 2
    assert printed["error"]["what"] == "6 images of this run can be placed on a map."
    assert not (tmp_path / "map.json").exists()


def test_without_its_data_set_images_are_named_by_their_content(
    ws: Workspace, run_id: str, tmp_path, capsys
):
    found = builders.write_map(ws, run_id)
    datasets.delete(ws, runs.get(ws, run_id).config.dataset_id)

    code, _ = mapped(ws, run_id, tmp_path / "map.json", capsys)

    told = json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))
    assert code == 0
    assert [row["file"] for row in told["points"]] == list(found.contents)


def test_whoever_ends_the_command_wants_the_map_no_more(
    ws: Workspace, run_id: str, tmp_path, capsys, monkeypatch
):
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs.engine_process, "detach", lambda *_, **__: None)
    monkeypatch.setattr(mapping.time, "sleep", interrupt)
    words = ["map", run_id, "--out", str(tmp_path / "map.json"), "--workspace", str(ws.root)]

    assert cli.main(words) == 130

    assert ws.run(run_id).map_stop.exists()
    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.stage is jobs.MapStage.CANCELLED


def test_in_words_it_says_how_to_read_it(ws: Workspace, run_id: str, tmp_path, capsys):
    builders.write_map(ws, run_id)
    words = ["map", run_id, "--out", str(tmp_path / "map.json"), "--workspace", str(ws.root)]

    assert cli.main(words) == 0

    told = capsys.readouterr().out
    assert "with 34 images" in told
    assert "75% are of its class on the map, and 88% in the features" in told
    assert np.char.count(told, "means nothing") == 1


def test_a_run_that_is_not_there_is_refused(ws: Workspace, tmp_path, capsys):
    code, printed = mapped(ws, "nobody", tmp_path / "map.json", capsys)

    assert code == 2
    assert "nobody" in printed["error"]["what"]
