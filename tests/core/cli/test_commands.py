"""The command line without training: what it prints, where, and its exit codes."""

import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from core import cli, locks
from core.cli import training
from core.cli.console import Console
from core.cli.parser import build
from core.errors import UserError
from core.records import State, TrainConfig
from core.runs import executors
from core.workspace import Workspace
from tests import builders
from tests.corpus import zips

QUIET = Console(as_json=True, language="en")

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def core(ws: Workspace, *words: str) -> Done:
    """Run a command in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = cli.main([*words, "--workspace", str(ws.root)])
        except SystemExit as ended:  # after --help
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def started(ws: Workspace, *words: str) -> Done:
    """Run a command as a user starts it."""
    command = [sys.executable, "-m", "core", *words, "--workspace", str(ws.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def answer(done: Done) -> dict[str, Any]:
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout + done.stderr
    return json.loads(lines[0])


def test_a_folder_is_ingested_and_reported(ws: Workspace, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "photos")
    (folder / "red" / "note.jpg").write_text("no picture")
    (folder / "red" / "Thumbs.db").write_bytes(b"x")

    done = started(ws, "ingest", str(folder), "--name", "colours", "--json")

    found = answer(done)
    assert done.returncode == 0
    assert found["classes"] == {"green": 8, "red": 8}
    assert (found["accepted"], found["junk"]) == (16, 1)
    assert [r["file"] for r in found["refused"]] == ["red/note.jpg"]
    assert found["refused"][0]["reason"]


def test_files_and_folders_are_ingested_together_into_one_class(ws: Workspace, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "photos", num=3)
    singles = [str(path) for path in sorted((folder / "red").iterdir())]

    found = answer(core(ws, "ingest", *singles, str(folder / "green"), "--label", "all", "--json"))

    assert found["classes"] == {"all": 6}


def test_images_are_added_to_a_data_set(ws: Workspace, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "photos", num=8)
    first = answer(core(ws, "ingest", str(folder), "--group-by", "prefix", "--json"))
    more = builders.write_folder(tmp_path / "more", num=3, classes=("blue",))

    found = answer(core(ws, "ingest", str(more), "--add-to", first["dataset_id"], "--json"))

    assert found["dataset_id"] == first["dataset_id"]
    assert found["classes"] == {"blue": 3, "green": 8, "red": 8}


def test_the_encoding_of_names_can_be_told(ws: Workspace, tmp_path: Path):
    archive = tmp_path / "names.zip"
    archive.write_bytes(zips.in_encoding("cp1251", ("кошки/1.png", "собаки/2.png")))

    found = answer(core(ws, "ingest", str(archive), "--names", "cp1251", "--json"))
    done = core(ws, "ingest", str(archive), "--names", "klingon", "--json")

    assert found["classes"] == {"кошки": 1, "собаки": 1}
    assert done.returncode == 2
    assert "no text encoding called 'klingon'" in answer(done)["error"]["what"]


def test_runs_are_listed_for_programs(ws: Workspace):
    run_id = builders.make_run(ws)

    rows = answer(core(ws, "runs", "--json"))["runs"]

    assert [(r["run_id"], r["state"]) for r in rows] == [(run_id, "done")]
    assert set(rows[0]["validation"]) >= {"accuracy", "low", "high", "images"}


def test_a_run_is_renamed_and_listed_with_what_tells_it_apart(ws: Workspace, capsys):
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)

    assert cli.main(["rename", run_id, "the best\x1b", "--workspace", str(ws.root)]) == 0
    assert cli.main(["runs", "--workspace", str(ws.root)]) == 0

    told, listed = capsys.readouterr().out.splitlines()
    assert told.startswith(f"The run {run_id} is called 'the best")
    assert listed.startswith(run_id)
    assert listed.endswith("the best\\x1b · colours v0 · balanced · MobileNetV2 · all")


def test_a_run_without_a_live_worker_is_not_called_running(ws: Workspace):
    builders.make_run(ws, state=State.RUNNING)

    with locks.hold(ws.worker_lock):  # a worker is there, so that none is started
        rows = answer(core(ws, "runs", "--json"))["runs"]

    assert rows[0]["state"] == "queued"


@pytest.mark.parametrize("command", ["runs", "stop"])
def test_a_run_without_a_live_worker_gets_one(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
):
    asked: list[Workspace] = []
    monkeypatch.setattr(executors.Local, "submit", lambda self, ws: asked.append(ws))
    run_id = builders.make_run(ws, state=State.RUNNING)
    ws.run(run_id).checkpoints.mkdir()
    (ws.run(run_id).checkpoints / "00001.npz").touch()

    cli.main([command, *[run_id] * (command == "stop"), "--workspace", str(ws.root)])

    assert asked == [ws]
    assert "Runs that nobody worked on go on now" in capsys.readouterr().err


def test_deleting_a_data_set_says_which_runs_will_miss_it(ws: Workspace):
    wanted, other = builders.make_dataset(ws), builders.make_dataset(ws)
    for dataset, state in ((wanted, State.QUEUED), (wanted, State.DONE), (other, State.QUEUED)):
        builders.make_run(ws, config=TrainConfig(dataset_id=dataset.id), state=state)

    done = core(ws, "delete-dataset", wanted.id)

    assert "1 run still needs it and will fail." in done.stdout


def test_one_class_is_counted_as_one(ws: Workspace, tmp_path: Path):
    folder = builders.write_folder(tmp_path / "photos", num=1, classes=("red",))

    assert ": 1 image, 1 class." in core(ws, "ingest", str(folder)).stdout


def test_a_stopped_run_that_nobody_trains_has_ended(ws: Workspace):
    run_id = builders.make_run(ws, state=State.QUEUED)

    assert "was stopped before it began: it has no model" in core(ws, "stop", run_id).stdout
    assert "had ended before: it is stopped" in core(ws, "stop", run_id).stdout
    assert answer(core(ws, "stop", run_id, "--json"))["state"] == "stopped"
    assert answer(core(ws, "delete", run_id, "--json")) == {
        "deleted": run_id,
        "in_trash": True,
    }
    assert answer(core(ws, "runs", "--json")) == {"runs": []}


@pytest.mark.parametrize(
    "words",
    [
        ("train", "nothing"),
        ("train", "../nothing"),
        ("predict", "nothing", "x.jpg"),
        ("export", "nothing", "--out", "x.keras"),
        ("ingest", "no/such/folder"),
        ("stop", "nothing"),
        ("fly",),
        ("train",),
        ("train", "d", "--epochs", "many"),
        ("weights", "fetch"),
        ("weights", "fetch", "MobilNetV2"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(ws: Workspace, words: tuple[str, ...]):
    plain, programs = core(ws, *words), core(ws, *words, "--json")

    assert (plain.returncode, programs.returncode) == (2, 2)
    assert plain.stdout == ""
    assert plain.stderr.startswith("error: ")
    assert plain.stderr.count("\n") == 1
    error = answer(programs)["error"]
    assert all(error[part] for part in ("what", "expected", "mend"))


def test_bad_input_ends_the_process_with_one_line_and_code_2(ws: Workspace):
    done = started(ws, "predict", "nothing", "x.jpg")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_bad_values_are_explained_with_the_range(ws: Workspace):
    dataset = builders.make_dataset(ws)

    done = core(ws, "train", dataset.id, "--epochs", "0")

    assert done.returncode == 2
    assert "Epochs for the head was 0. It must lie between 1 and 1000." in done.stderr


def test_one_sigmoid_for_three_classes_is_refused_before_a_run_is_made(ws: Workspace):
    dataset = builders.make_dataset(ws, classes=("red", "green", "blue"))

    done = core(ws, "train", dataset.id, "--output", "sigmoid")

    assert done.returncode == 2
    assert done.stdout == "", "the run will say what it warns of"
    assert "'sigmoid' was chosen for 3 classes" in done.stderr
    assert answer(core(ws, "runs", "--json")) == {"runs": []}


def test_an_unknown_backbone_names_the_nearest(ws: Workspace):
    dataset = builders.make_dataset(ws)

    done = core(ws, "train", dataset.id, "--backbone", "MobileNetV22", "--json")

    assert "MobileNetV2" in answer(done)["error"]["mend"]


def test_weights_that_cannot_be_had_are_named_before_a_run_is_made(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dataset = builders.make_dataset(ws)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody answers there

    done = core(ws, "train", dataset.id, "--backbone", "VGG16", "--json")

    error = answer(done)["error"]
    assert done.returncode == 2
    assert "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5" in error["what"]
    assert "through the proxy 127.0.0.1:9" in error["what"]
    assert str(tmp_path / "empty") in error["mend"]
    assert answer(core(ws, "runs", "--json")) == {"runs": []}


def test_a_class_that_is_too_small_is_named(ws: Workspace):
    dataset = builders.make_dataset(ws, num=3)

    done = core(ws, "train", dataset.id)

    assert done.returncode == 2
    assert "'green'" in done.stderr
    assert "leave" in done.stderr


def test_classes_are_left_out_of_a_training(ws: Workspace):
    dataset = builders.make_dataset(ws)

    done = core(ws, "train", dataset.id, "--leave-out", "red", "--leave-out", "green", "--json")

    assert done.returncode == 2
    assert answer(done)["error"]["what"] == "There are 0 classes."


def test_a_class_to_leave_out_that_is_not_there_is_named(ws: Workspace):
    dataset = builders.make_dataset(ws)

    done = core(ws, "train", dataset.id, "--leave-out", "gren", "--json")

    error = answer(done)["error"]
    assert done.returncode == 2
    assert error["what"] == "There is no class called 'gren'."
    assert "green" in error["mend"]
    assert answer(core(ws, "runs", "--json")) == {"runs": []}


def test_no_run_is_made_of_a_version_that_a_data_set_lacks(ws: Workspace):
    dataset = builders.make_dataset(ws)

    done = core(ws, "train", dataset.id, "--dataset-version", "9", "--json")

    assert done.returncode == 2
    assert "has no version 9" in answer(done)["error"]["what"]
    assert answer(core(ws, "runs", "--json")) == {"runs": []}


def test_images_whose_sides_matter_are_not_mirrored(ws: Workspace):
    dataset = builders.make_dataset(ws)
    parsed = build("en").parse_args(
        ["train", dataset.id, "--no-flips", "--workspace", str(ws.root)]
    )

    assert not training._config(parsed, QUIET).flips
    parsed.no_flips = False
    assert training._config(parsed, QUIET).flips


@pytest.mark.parametrize(
    "words", [("--freeze", "block_11", "--fine-tune-epochs", "0"),
              ("--freeze", "all", "--fine-tune-epochs", "5")]
)  # fmt: skip
def test_a_depth_and_epochs_that_contradict_each_other_are_refused(ws: Workspace, words: list[str]):
    dataset = builders.make_dataset(ws)
    given = ["train", dataset.id, *words, "--workspace", str(ws.root)]

    with pytest.raises(UserError, match="epochs of fine-tuning"):
        training._config(build("en").parse_args(given), QUIET)


def test_copies_without_augmentation_are_refused(ws: Workspace):
    dataset = builders.make_dataset(ws)
    given = ["train", dataset.id, "--preset", "quick", "--num-views", "4"]
    rest = ["--workspace", str(ws.root)]

    with pytest.raises(UserError, match="4 variations were chosen without augmentation"):
        training._config(build("en").parse_args([*given, *rest]), QUIET)
    config = training._config(build("en").parse_args([*given, "--augment", "light", *rest]), QUIET)
    assert (config.augmentation, config.num_views) == ("light", 4)


@pytest.mark.parametrize(("words", "size"), [((), 160), (("--image-size", "224"), 224)])
def test_tiles_choose_the_size_unless_it_is_named(ws: Workspace, words: tuple[str, ...], size: int):
    dataset = builders.make_dataset(ws, side=64)

    config = training._config(
        build("en").parse_args(["train", dataset.id, *words, "--workspace", str(ws.root)]), QUIET
    )

    assert config.image_size == size


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "160 pixels instead of 224"),
        (("--image-size", "160"), ""),
        (("--layer-decay", "0.9"), "nothing is fine-tuned and --layer-decay changes nothing"),
        (("--layer-decay", "0.9", "--fine-tune-epochs", "2"), ""),
        (("--fine-tune-learning-rate", "0.1"), "--fine-tune-learning-rate changes nothing"),
    ],
)
def test_what_becomes_of_a_choice_is_said(ws: Workspace, capsys, words, said: str):
    dataset = builders.make_dataset(ws, side=64)
    options = build("en").parse_args(["train", dataset.id, *words, "--workspace", str(ws.root)])

    config = training._config(options, QUIET)
    training._advise(ws, options, config, Console(as_json=False, language="en"))

    heard = capsys.readouterr().out
    assert said in heard
    assert ("changes nothing" in heard) == ("changes nothing" in said)
    assert ("instead of" in heard) == ("--image-size" not in words)


def test_a_preset_gives_way_to_the_depth_that_was_named(ws: Workspace):
    dataset = builders.make_dataset(ws)
    words = ("--preset", "thorough", "--freeze", "all")

    config = training._config(
        build("en").parse_args(["train", dataset.id, *words, "--workspace", str(ws.root)]), QUIET
    )

    assert (config.freeze, config.fine_tune_epochs) == ("all", 0)


def test_how_long_a_training_takes_is_said_before_it_begins(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
):
    config = TrainConfig(dataset_id=builders.make_dataset(ws).id, backbone="MobileNetV2")

    training._say_how_long(ws, config, Console(as_json=False, language="en"))

    said = capsys.readouterr().out
    assert re.match(r"Training takes (about )?\d+ s.*: a guess from the size of the network", said)


def test_a_backbone_is_listed_with_the_names_for_freeze(ws: Workspace):
    listed = core(ws, "backbones", "MobileNetV2").stdout
    assert [line.split()[0] for line in listed.splitlines()[1:4]] == ["stem", "block_0", "block_1"]
    assert "ResNet50" not in listed

    assert "block_0" not in core(ws, "backbones").stdout
    assert "There is no backbone" in core(ws, "backbones", "MobileNetV22").stderr


def test_backbones_are_listed_with_blocks_in_order(ws: Workspace):
    rows = answer(core(ws, "backbones", "--json"))["backbones"]

    names = {row["name"] for row in rows}
    assert {"MobileNetV2", "MobileNetV2-0.35", "VGG16", "ResNet50"} <= names
    for row in rows:
        assert sum(block["parameters"] for block in row["blocks"]) == row["parameters"]
        assert len({block["name"] for block in row["blocks"]}) == len(row["blocks"])


def test_the_sample_is_unpacked(ws: Workspace, tmp_path: Path):
    found = answer(core(ws, "sample", "--out", str(tmp_path / "s"), "--json"))

    assert len(found["classes"]) == 4
    folders = {p.name: len(list(p.iterdir())) for p in Path(found["path"]).iterdir()}
    assert folders == dict.fromkeys(found["classes"], 75)


@pytest.mark.parametrize("name", ["ingest", "train", "runs", "predict", "export", "weights"])
def test_every_command_explains_itself(ws: Workspace, name: str):
    done = core(ws, name, "--help")

    assert done.returncode == 0
    assert "--workspace" in done.stdout
    assert "--json" in done.stdout


def test_every_option_of_an_ingest_is_explained_in_the_readers_language(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("THAW_LANGUAGE", "zh")
    said = core(ws, "ingest", "--help").stdout

    explained = said.partition("PATH  ")[2]
    for option in (
        "--name",
        "--label",
        "--names",
        "--add-to",
        "--group-by",
        "--bands",
        "--seed",
        "--json",
    ):
        text = explained.partition(f"  {option} ")[2].partition("  --")[0]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text), option


def test_the_command_line_loads_neither_streamlit_nor_tensorflow(ws: Workspace):
    code = (
        "import sys; from core.cli import main; "
        "main(['runs', '--json', '--workspace', sys.argv[1]])"
        "; print([m for m in ('streamlit', 'tensorflow', 'keras') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(ws.root)], cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
